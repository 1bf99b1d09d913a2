/** Spanish: see `en-why.js`. */
export const esWhy = {
    'why.server.title': 'Este dispositivo no llega a la sala',
    'why.server.text': 'La sala no está en marcha, o su nombre no se encuentra en esta red (DNS), o el navegador ya no '
        + 'confía en su certificado (TLS). Cargue la página de nuevo: el navegador le dirá de cuál de estas cosas se trata. '
        + 'Otra red puede ayudar; si no, avise a quien le invitó.',
    'why.foreign.title': 'Otra cosa responde en lugar de la sala',
    'why.foreign.text': 'En la dirección de la sala responde una página de acceso de esta red, o un proxy (HTTP). Abra '
        + 'cualquier otra página en este navegador, inicie sesión en la red si se lo pide, y vuelva.',
    'why.webSocket.title': 'La conexión permanente con la sala está bloqueada',
    'why.webSocket.text': 'Las páginas de la sala llegan, pero la conexión que queda abierta (WebSocket) no se establece. '
        + 'Suele deberse a un proxy, un cortafuegos o un programa de seguridad. Use otra red, como la de un teléfono, o pida '
        + 'a su servicio informático que deje pasar WebSocket hacia esta dirección.',
    'why.silent.title': 'La conexión con la sala no transporta nada',
    'why.silent.text': 'Se abre (WebSocket), pero no llega nada de lo que dice la sala. Suele deberse a un proxy o un programa '
        + 'de seguridad que lo retiene. Use otra red, como la de un teléfono, o pida a su servicio informático que deje pasar '
        + 'WebSocket hacia esta dirección.',
    'why.browser.text': 'El navegador no encontró ninguna dirección de este dispositivo desde la que enviar. Suele deberse a '
        + 'una extensión contra WebRTC, una VPN o una regla de su organización. Desactívela para esta página, o use otro '
        + 'navegador.',
    'why.turnRefused.text': 'El servidor intermedio que debería transportarlo (TURN) no acepta la contraseña de esta página, que '
        + 'puede haber caducado. Cargue la página de nuevo; si no ayuda, avise a quien administra la sala.',
    'why.turnUnreached.text': 'El camino directo está bloqueado, y no se llega al servidor intermedio que debería '
        + 'transportarlo (TURN). Use otra red, como la de un teléfono, o pida a su servicio informático que lo deje pasar.',
    'why.udp.text': 'La sala responde, pero el tráfico UDP no pasa entre ella y este dispositivo. Suele deberse a un '
        + 'cortafuegos, una VPN o una red de invitados. La página sigue intentándolo; otra red, como la de un teléfono, puede '
        + 'resolverlo de inmediato.',
    'why.udpBack.text': 'La sala oye a este dispositivo, pero sus respuestas no llegan aquí. Suele deberse a un cortafuegos o '
        + 'una VPN que deja salir UDP y no lo deja volver. La página sigue intentándolo; otra red, como la de un teléfono, '
        + 'puede resolverlo de inmediato.',
    'why.udpTcp.text': 'La sala responde, pero ni UDP ni TCP llegan hasta donde envía imagen y sonido. Suele deberse a un '
        + 'cortafuegos, una VPN o una red de invitados. La página sigue intentándolo; otra red, como la de un teléfono, puede '
        + 'resolverlo de inmediato.',
    'why.tcp.text': 'La sala responde, pero el tráfico TCP no llega hasta donde envía imagen y sonido. Suele deberse a un '
        + 'cortafuegos, una VPN o una red de invitados. La página sigue intentándolo; otra red, como la de un teléfono, puede '
        + 'resolverlo de inmediato.',
    'why.dtls.text': 'Hay un camino hacia la sala, pero no se pudo establecer el cifrado (DTLS). Suele deberse a un '
        + 'cortafuegos o un programa de seguridad que deja pasar solo una parte de los datos. Inténtelo de nuevo; otra red, '
        + 'como la de un teléfono, puede ayudar.',
    'why.noMedia.text': 'La conexión con la sala funciona, pero no ha llegado ningún dato de la imagen. Inténtelo de nuevo; si '
        + 'no ayuda, avise a quien administra la sala.',
    'why.codec.text': 'La imagen llega, pero este navegador no puede mostrar su video. Actualice el navegador, o use una versión '
        + 'actual de Chrome, Edge, Firefox o Safari.',
    'why.details': 'Detalles para el soporte técnico',
    'why.details.note': 'Solo códigos y números: ningún nombre, ninguna dirección.',
    'why.copy': 'Copiar',
    'why.copied': 'Copiado.',
    'why.notCopied': 'No se pudo copiar. Seleccione el texto y cópielo.',
    'why.check': 'Probar mi conexión',
};
