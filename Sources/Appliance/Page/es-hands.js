/** Spanish: keys that a device lacks, whose shortcuts are, and how large the desk is shown. */
export const esHands = {
    'bar.keys': 'Teclas',
    'bar.zoom': 'Tamaño del escritorio',

    'keys.label': 'Teclas para el escritorio',
    'keys.modifiers': 'Se mantienen para la tecla siguiente',
    'keys.named': 'Teclas sueltas',
    'keys.combinations': 'Combinaciones',
    'keys.functions': 'Teclas de función',
    'key.super': 'Súper',
    'key.escape': 'Esc',
    'key.left': 'Flecha izquierda',
    'key.up': 'Flecha arriba',
    'key.down': 'Flecha abajo',
    'key.right': 'Flecha derecha',
    'key.home': 'Inicio',
    'key.end': 'Fin',
    'key.pageUp': 'Re Pág',
    'key.pageDown': 'Av Pág',
    'key.insert': 'Insert',
    'key.delete': 'Supr',
    'key.print': 'Impr Pant',
    'key.menu': 'Menú',

    'shortcuts.choice': 'Los atajos del navegador van al escritorio',
    'shortcuts.browsers': 'El navegador conserva los suyos: para pestañas y ventanas, recargar, volver atrás y su zoom.',
    'shortcuts.all': 'Todos, mientras la página ocupe la pantalla. Mantener pulsada Esc sale de la pantalla completa.',
    'shortcuts.fullScreen': 'Todos solo en pantalla completa. Ahora el navegador o el sistema pueden quedarse con algunos, '
        + 'como {ctrl}+W y {alt}+{tab}; estos botones funcionan.',
    'shortcuts.most': 'Este navegador o el sistema pueden quedarse con algunos, como {ctrl}+W y {alt}+{tab}; estos botones '
        + 'funcionan.',

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
