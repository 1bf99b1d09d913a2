/** Spanish: who is here by another program than the room's page. */
export const esOutside = {
    'outside.watching': {
        one: '{count} espectador externo ve el escritorio.',
        many: '{count} espectadores externos ven el escritorio.',
        other: '{count} espectadores externos ven el escritorio.',
    },
    'outside.viewer': 've desde fuera',
    'outside.publisher': 'envía desde fuera',
    'outside.end': 'Terminar',
    'outside.endViewer': 'Terminar lo que ve {name}',
    'outside.endPublisher': 'Terminar lo que envía {name}',
    'right.watchOutside': 'Ver el escritorio con otro programa',
    'right.publishOutside': 'Enviar con otro programa',
};
