/** Spanish: microphones, cameras and speakers. `audio` is a microphone, `video` a camera. */
export const esDevices = {
    'capture.audio.insecure': 'El navegador solo permite usar el micrófono en páginas con HTTPS. Pida una dirección '
        + 'así a la persona responsable de la sala.',
    'capture.video.insecure': 'El navegador solo permite usar la cámara en páginas con HTTPS. Pida una dirección así '
        + 'a la persona responsable de la sala.',
    'capture.audio.notAllowed': 'El navegador no permite que esta página use el micrófono. Permítalo junto a la '
        + 'dirección e intente de nuevo.',
    'capture.video.notAllowed': 'El navegador no permite que esta página use la cámara. Permítalo junto a la '
        + 'dirección e intente de nuevo.',
    'capture.audio.notFound': 'No se encontró ningún micrófono. Conecte uno e intente de nuevo.',
    'capture.video.notFound': 'No se encontró ninguna cámara. Conecte una e intente de nuevo.',
    'capture.audio.inUse': 'El micrófono no se inicia. Es posible que otro programa lo esté usando.',
    'capture.video.inUse': 'La cámara no se inicia. Es posible que otro programa la esté usando.',
    'capture.audio.failed': 'El micrófono no se inicia: {message}',
    'capture.video.failed': 'La cámara no se inicia: {message}',
    'capture.audio.held': 'En este momento este dispositivo retiene su micrófono.',
    'capture.video.held': 'En este momento este dispositivo retiene su cámara.',
    'capture.audio.restore': 'Su micrófono estaba encendido antes de que la página se cargara de nuevo. Presione su '
        + 'botón para encenderlo.',
    'capture.video.restore': 'Su cámara estaba encendida antes de que la página se cargara de nuevo. Presione su '
        + 'botón para encenderla.',
    'capture.both.restore': 'Su micrófono y su cámara estaban encendidos antes de que la página se cargara de nuevo. '
        + 'Presione sus botones para encenderlos.',
    'capture.audio.busy': 'Micrófono: esperando al navegador…',
    'capture.video.busy': 'Cámara: esperando al navegador…',
    'capture.audio.off': 'El micrófono está apagado',
    'capture.video.off': 'La cámara está apagada',
    'capture.audio.on': 'El micrófono está encendido',
    'capture.video.on': 'La cámara está encendida',
    'capture.audio.muted': 'El micrófono está en silencio',

    // What was in use, or was chosen once, and what takes its place. `{label}`, `{next}`: the devices' own names.
    'device.audio.off': 'El micrófono se desconectó. Ahora está apagado.',
    'device.video.off': 'La cámara se desconectó. Ahora está apagada.',
    'device.audio.offNamed': '“{label}” se desconectó. Ahora el micrófono está apagado.',
    'device.video.offNamed': '“{label}” se desconectó. Ahora la cámara está apagada.',
    'device.audio.gone': 'El micrófono se desconectó. Ahora se usa {next}.',
    'device.video.gone': 'La cámara se desconectó. Ahora se usa {next}.',
    'device.audio.goneNamed': '“{label}” se desconectó. Ahora se usa {next}.',
    'device.video.goneNamed': '“{label}” se desconectó. Ahora se usa {next}.',
    'device.audio.missing': 'El micrófono que usted eligió no está. Ahora se usa {next}.',
    'device.video.missing': 'La cámara que usted eligió no está. Ahora se usa {next}.',
    'device.audio.missingNamed': '“{label}” no está. Ahora se usa {next}.',
    'device.video.missingNamed': '“{label}” no está. Ahora se usa {next}.',
    'device.audio.another': 'otro micrófono',
    'device.video.another': 'otra cámara',
    'device.named': '“{label}”',
    'device.speaker.gone': 'El altavoz se desconectó. El sonido sale por donde el navegador elija.',
    'device.speaker.goneNamed': '“{label}” se desconectó. El sonido sale por donde el navegador elija.',
    'device.offer': 'Se conectó “{label}”. ¿Desea usarlo como {uses}?',
    'device.use.microphone': 'micrófono',
    'device.use.camera': 'cámara',
    'device.use.speaker': 'altavoz',
    'device.number.microphone': 'Micrófono {number}',
    'device.number.camera': 'Cámara {number}',
    'device.number.speaker': 'Altavoz {number}',
    'device.default': 'El que elija el navegador',
};
