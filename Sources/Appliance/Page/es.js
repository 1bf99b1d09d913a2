import { esActivities } from './es-activities.js';
import { esClipboard } from './es-clipboard.js';
import { esDesk } from './es-desk.js';
import { esEars } from './es-ears.js';
import { esFiles } from './es-files.js';
import { esFloor } from './es-floor.js';
import { esHands } from './es-hands.js';
import { esModeration } from './es-moderation.js';
import { esOutside } from './es-outside.js';
import { esPage } from './es-page.js';
import { esPointing } from './es-pointing.js';
import { esPrivacy } from './es-privacy.js';
import { esLibrary } from './client/es-library.js';
import { esSize } from './es-size.js';
import { esTest } from './es-test.js';
import { esDrivers } from './es-drivers.js';
import { esTurns } from './es-turns.js';
import { esTyping } from './es-typing.js';
import { esWhy } from './es-why.js';

/**
 * Spanish for all of Latin America and for Spain, with “usted”. The same ids as in `en.js`, which says how they are
 * written.
 */
export const es = {
    tag: 'es',
    name: 'Español',
    direction: 'ltr',
    messages: {
        ...esLibrary.messages,
        ...esOutside,
        ...esPage,
        ...esPrivacy,
        ...esPointing,
        ...esActivities,
        ...esClipboard,
        ...esDesk,
        ...esEars,
        ...esFiles,
        ...esFloor,
        ...esHands,
        ...esModeration,
        ...esSize,
        ...esTest,
        ...esDrivers,
        ...esTurns,
        ...esTyping,
        ...esWhy,

        // The one line about how things are, and the banner over the desk (states.js).
        'state.connected': 'Conexión establecida',
        'state.unsupported.line': 'Navegador no compatible',
        'state.unsupported.title': 'Este navegador no puede mostrar el escritorio',
        'state.unsupported.text': 'No tiene WebRTC o está desactivado. Funciona con una versión actual de Firefox, '
            + 'Chrome, Edge o Safari.',
        'state.replaced.line': 'En otra ventana',
        'state.replaced.title': 'Usted entró de nuevo desde otra ventana',
        'state.replaced.text': 'Esta ventana ya no forma parte de la sala.',
        'state.displaced.line': 'Fuera de la sala',
        'state.displaced.title': 'Otra persona ocupó su lugar en la sala',
        'state.displaced.text': 'La sala dejó de tener noticias de esta página por un tiempo.',
        'state.offline.line': 'Dispositivo sin red',
        'state.offline.title': 'Este dispositivo no tiene red',
        'state.offline.text': 'No se ha perdido nada: en cuanto haya red, la página continúa donde estaba.',
        'state.reconnecting.line': 'Reconectando…',
        'state.reconnecting.title': 'Se perdió la conexión con la sala',
        'state.reconnecting.live': 'Mientras tanto, la imagen continúa.',
        'state.reconnecting.text': 'La página sigue intentándolo y continuará donde estaba.',
        'state.reconnecting.long': 'La página sigue intentándolo. Si continúa así, cárguela de nuevo: es posible que el '
            + 'navegador tenga que preguntarle otra vez por el certificado de la sala, y desde aquí no puede.',
        'state.joining.line': 'Conectando con la sala…',
        'state.unreachable.line': 'Sin acceso a la sala',
        'state.unreachable.title': 'No se puede llegar a la sala',
        'state.unreachable.text': 'La sala no está en marcha, o algo en el camino no deja pasar las conexiones '
            + 'WebSocket. La página sigue intentándolo.',
        'state.noPath.line': 'Sin imagen ni sonido',
        'state.noPath.text': 'La sala responde, pero el tráfico UDP no pasa entre ella y este dispositivo. Suele '
            + 'deberse a un cortafuegos, una VPN o una red de invitados. La página sigue intentándolo; otra red puede '
            + 'resolverlo de inmediato.',
        'state.insecure.line': 'Conexión no segura',
        'state.insecure.text': 'Hay un camino hacia la sala, pero no se pudo establecer el cifrado (DTLS). Es '
            + 'posible que algo en el camino deje pasar solo una parte de los datos.',
        'state.lost.line': 'Reconectando…',
        'state.lost.text': 'La red interrumpió el camino hacia la sala. La página está buscando otro.',
        'state.failed.line': 'Sin conexión',
        'state.connecting.text': 'Está tardando más de lo habitual. La página sigue intentándolo.',
        'state.pictureBlocked.line': 'Imagen en pausa',
        'state.pictureBlocked.title': 'El navegador puso la imagen en pausa',
        'state.pictureBlocked.text': 'Continúa cuando usted haga clic.',
        'state.firstFrame.line': 'Esperando la imagen…',
        'state.noFrame.line': 'Sin imagen',
        'state.noFrame.title': 'Hay conexión, pero no llega ninguna imagen',
        'state.noFrame.text': 'La conexión con la sala funciona, pero todavía no se ha mostrado ninguna imagen. El '
            + 'escritorio no la envía, o este navegador no puede mostrar su video.',
        'state.noChannel.line': 'Sin control',
        'state.noChannel.title': 'Usted puede mirar, pero no tomar el control',
        'state.noChannel.text': 'No se abrieron los canales de control con la sala.',
        'state.soundBlocked.line': 'Sonido desactivado',
        'state.soundBlocked.title': 'El sonido está desactivado',
        'state.soundBlocked.text': 'El navegador pide un clic antes de reproducir sonido.',
        'state.weakNetworkDesk.line': 'Conexión débil: escritorio en pausa',
        'state.weakNetworkDesk.title': 'La imagen del escritorio está en pausa',
        'state.weakNetworkDesk.text': 'En este momento su red es demasiado débil para mostrarla. Volverá por sí sola; '
            + 'el sonido tiene prioridad.',
        'action.again': 'Intentar de nuevo',
        'action.here': 'Entrar aquí',
        'action.sound': 'Activar el sonido',

        // The two connections.
        'connection.subscribe.line': 'Conectando imagen y sonido…',
        'connection.subscribe.slow': 'La imagen y el sonido aún se están conectando',
        'connection.subscribe.noPath': 'La imagen y el sonido no pueden llegar',
        'connection.subscribe.insecure': 'No se pudo proteger la conexión de imagen y sonido',
        'connection.subscribe.lost': 'La imagen y el sonido se interrumpieron',
        'connection.publish.line': 'Conectando el control…',
        'connection.publish.slow': 'El control aún se está conectando',
        'connection.publish.noPath': 'El control no puede llegar a la sala',
        'connection.publish.insecure': 'No se pudo proteger la conexión del control',
        'connection.publish.lost': 'El control se interrumpió',

        // The desk, by its state.
        'desk.starting.line': 'Iniciando el escritorio…',
        'desk.starting.title': 'El escritorio se está iniciando',
        'desk.starting.text': 'La imagen aparecerá por sí sola.',
        'desk.restarting.line': 'Reiniciando el escritorio…',
        'desk.restarting.title': 'El escritorio se está reiniciando',
        'desk.restarting.text': 'La imagen volverá por sí sola. Nadie ha salido de la sala.',
        'desk.waitingForScreen.line': 'Esperando la pantalla…',
        'desk.waitingForScreen.title': 'En este momento el escritorio no tiene pantalla',
        'desk.waitingForScreen.text': 'La imagen volverá en cuanto la tenga.',
        'desk.waitingForSound.line': 'Conexión sin sonido',
        'desk.waitingForSound.title': 'En este momento el escritorio no tiene sonido',
        'desk.waitingForSound.text': 'La imagen y el control funcionan. El sonido volverá por sí solo.',
        'desk.failed.line': 'El escritorio falló',
        'desk.failed.title': 'El escritorio no funciona',
        'desk.failed.text': 'Debe revisarlo la persona responsable de la sala.',

        // One's own network, and how good the picture is.
        'network.smallDesk': 'Conexión débil: escritorio más pequeño',
        'network.cameras': {
            one: 'Conexión débil: una cámara en pausa',
            other: 'Conexión débil: {count} cámaras en pausa',
        },
        'network.loss': 'Conexión inestable: se pierde una parte',
        'network.delay': 'Conexión lenta: {delay}',
        'network.uplink': 'Conexión débil: su cámara se envía más pequeña',
        'network.processor': 'Dispositivo ocupado: cámara más pequeña',
        'network.deskPaused': 'Conexión débil: la imagen del escritorio está en pausa',
        'network.good': 'Su conexión es buena',
        'sentence': '{words}.',
        'network.delayed': '{words} ({delay} de ida y vuelta a la sala).',
        'network.lossy': '{words} ({share} se pierde en el camino).',
        'network.measured': '{words} ({delay} de ida y vuelta a la sala, {share} se pierde en el camino).',
        'quality.delay': 'De su mano a la imagen: {delay}.',
        'quality.none': 'Aún no se recibe nada.',
        'quality.whole': 'Imagen del escritorio: {width} × {height}. {network}',
        'quality.reduced': 'Imagen del escritorio: {width} × {height}, de {fullWidth} × {fullHeight}. {network}',

        // Control of the desk.
        'control.free': 'Pedir el control',
        'control.mine': 'Usted tiene el control',
        'control.asking': 'Pidiendo el control…',
        'control.waiting': 'Esperando el control',
        'control.waitingFor': 'Esperando a {name}',
        'control.other': '{name} tiene el control',
        'control.release': 'Dejar',
        'control.cancel': 'Cancelar',
        'control.ask': 'Pedir',
        'control.said.mine': 'Usted tiene el control. Las teclas van al escritorio. Para volver a los botones, '
            + 'presione Control, Alt y Mayús a la vez.',
        'control.said.passed': 'Ahora {name} tiene el control.',
        'control.said.ended': 'Usted ya no tiene el control.',
        'control.said.other': '{name} tiene el control.',
        'control.said.nobody': 'Nadie tiene el control.',
        'control.press': 'Para usar el escritorio, pida el control.',
        'control.pressWaiting': 'Usted está esperando el control.',
        'request.line': '{name} pide el control',
        'request.lineMore': {
            one: '{name} pide el control, y una persona más espera',
            other: '{name} pide el control, y {count} personas más esperan',
        },
        'request.spoken': '{name} pide el control. Para responder, presione Control, Alt y Mayús a la vez.',
        'request.note': 'Sin respuesta es un No. Solo si usted lleva un rato sin hacer nada, el control pasa por sí solo.',

        // People.
        'name.guest': 'Visitante',
        'person.you': '(usted)',
        'person.holder': 'tiene el control',
        'person.noMicrophone': 'sin micrófono',
        'person.microphoneOn': 'micrófono activado',
        'person.muted': 'en silencio',
        'person.speaking': 'hablando',
        'person.reconnecting': 'reconectando',
        'person.pinned': 'imagen fijada',
        'person.cameraOn': 'cámara encendida',
        'person.cameraOff': 'cámara apagada',
        'person.cameraHeld': 'cámara retenida por este dispositivo',
        'person.cameraForeign': 'cámara encendida, pero este navegador no puede mostrarla',
        'person.cameraPaused': 'cámara en pausa para que el escritorio se vea bien',
        'person.cameraStuck': 'cámara encendida, pero no llega imagen',
        'person.picture.sharp': 'imagen nítida',
        'person.picture.medium': 'imagen mediana',
        'person.picture.small': 'imagen pequeña',
        'tile.held': 'Retenida por este dispositivo',
        'tile.reconnecting': 'Reconectando…',
        'tile.foreign': 'Este navegador no puede mostrar esta cámara',
        'tile.paused': 'En pausa por la red',
        'tile.stuck': 'No llega imagen',
        'tile.pin': 'Fijar',
        'tile.pinName': 'Fijar a {name}',
        'tile.enlarge': 'Pantalla completa',
        'tile.enlargeName': '{name} en pantalla completa',
        'news.joined': { one: '{names} entró.', other: '{names} entraron.' },
        'news.left': { one: '{names} salió.', other: '{names} salieron.' },
        'news.muted': { one: '{names} silenció su micrófono.', other: '{names} silenciaron su micrófono.' },
        'news.unmuted': { one: '{names} activó su micrófono.', other: '{names} activaron su micrófono.' },
        'news.others': '{count} personas más',
        'news.wrote': '{name} escribió en el chat.',

        // Chat.
        'chat.unread': { one: 'Chat, {count} mensaje sin leer', other: 'Chat, {count} mensajes sin leer' },
        'chat.you': 'Usted',
        'chat.sending': 'enviando…',
        'chat.undelivered': 'No se entregó.',
        'chat.again': 'Enviar de nuevo',
        'chat.lost': 'Un mensaje suyo en el chat no se entregó. Abra el chat para enviarlo de nuevo.',

        // Other news for whoever sits before the page.
        'drop.file': 'Ahí no se pueden poner archivos en el escritorio. No se ha abierto ni enviado nada.',
        'drop.other': 'Aquí no se puede soltar nada.',
    },
};
