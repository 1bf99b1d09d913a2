/** Spanish: whom the desk's programs hear. */
export const esEars = {
    'ears.note': 'Los programas del escritorio pueden grabar a quien se elija aquí, hasta que se apague su micrófono.',
    'ears.all': 'Todas las personas con el micrófono encendido',
    'ears.none': 'Nadie',
    'ears.closed': '(micrófono apagado)',
    'ears.heard': 'el escritorio le oye',
    'ears.you': 'Los programas del escritorio le oyen. Silencie su micrófono para que dejen de oírle.',
    'ears.state.starting': 'El escritorio se prepara para escuchar…',
    'ears.state.noServer': 'El sonido del escritorio no está disponible en este momento. Se vuelve a intentar solo.',
    'ears.state.noSink': 'El servidor de sonido del escritorio no tiene una salida para las voces de las personas. '
        + 'Quien administra la sala puede crearla.',
};
