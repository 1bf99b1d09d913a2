/** Spanish: how large the desk is shown. */
export const esHands = {
    'bar.zoom': 'Tamaño del escritorio',

    'zoom.isWhole': 'Escritorio entero',
    'zoom.share': 'Escritorio al {share}',
    'zoom.title': 'Tamaño del escritorio: {share}',
    'zoom.larger': 'Más grande',
    'zoom.smaller': 'Más pequeño',
    'zoom.whole': 'Escritorio entero',
    'zoom.ways': 'Ver más del escritorio',
    'zoom.left': 'Ver lo que hay a la izquierda',
    'zoom.right': 'Ver lo que hay a la derecha',
    'zoom.up': 'Ver lo que hay arriba',
    'zoom.down': 'Ver lo que hay abajo',

    'help.wheel': 'rueda',
    'help.zoom': 'El escritorio más grande o más pequeño. Cerca del borde, el puntero lo mueve',
    'help.pinch': 'Dos dedos que se separan agrandan el escritorio y lo mueven. Quien solo mira lo mueve con uno.',
};
