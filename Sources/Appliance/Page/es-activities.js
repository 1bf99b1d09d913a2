/** Español: lo que se puede abrir en el escritorio, y cómo se restablece. */
export const esActivities = {
    'activity.none': 'Aquí no hay nada que abrir. Quien administra la sala puede ofrecer programas (desk.shelf).',
    'activity.always': 'Siempre en el escritorio',
    'activity.starting': 'Abriéndose…',
    'activity.running': 'En marcha',
    'activity.stopping': 'Cerrándose…',
    'activity.stopped': 'Cerrada',
    'activity.failed': 'No se pudo abrir',
    'activity.failed.status': 'Terminó con un error (estado {status})',
    'activity.failed.signal': 'Se interrumpió (señal {signal})',
    'activity.start': 'Abrir',
    'activity.startName': 'Abrir {name}',
    'activity.stop': 'Cerrar',
    'activity.stopName': 'Cerrar {name}',
    'activity.news.running': '{name} está en marcha.',
    'activity.news.ended': '{name} se ha cerrado.',
    'activity.news.failed': '{name} ha terminado con un error. Quien administra la sala encontrará más en el registro.',
    'activity.news.notStarted': 'No se ha podido abrir {name}. Quien administra la sala encontrará más en el registro.',

    'reset.button': 'Restablecer el escritorio…',
    'reset.title': '¿Restablecer el escritorio?',
    'reset.text': 'Se cierran todos los programas del escritorio y se pierde lo que no se haya guardado. Se vacía el '
        + 'portapapeles del escritorio, y quien tenga el control debe pedirlo de nuevo. Después, el escritorio empieza de nuevo.',
    'reset.filesGo': 'Todos los archivos del escritorio se borran para siempre.',
    'reset.filesStay': 'Los archivos del escritorio se conservan.',
    'reset.yes': 'Restablecer ahora',
    'reset.no': 'Cancelar',
    'reset.now': 'El escritorio se está restableciendo…',
    'reset.done.new': 'El escritorio es nuevo: no queda nada de lo anterior.',
    'reset.done.kept': 'El escritorio empieza de nuevo. Sus archivos se han conservado.',
    'reset.done.failed': 'El escritorio empieza de nuevo, pero no se han podido borrar todos sus archivos. Avise a quien '
        + 'administra la sala.',
    'reset.left': {
        one: 'No se ha podido cerrar un programa.',
        other: 'No se han podido cerrar {count} programas.',
    },
    'refused.activities': 'La sala no ha hecho esto con las actividades del escritorio.',
};
