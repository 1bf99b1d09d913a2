/** Spanish: the size of the desk's screen, and the parts of a wide one. */
export const esSize = {
    'size.now': 'El escritorio mide {size} píxeles',
    'size.fit': 'Ajustar a mi ventana',
    'size.fitNote': 'La imagen de todos cambia al momento. «Ajustar a mi ventana» sigue hasta que alguien elija otro tamaño.',
    'size.fitWaits': 'Mientras haya partes del escritorio ocultas, no sigue a su ventana.',
    'size.masked': 'Hay partes del escritorio ocultas. Si cambia ahora el tamaño, todo queda oculto para los demás hasta que '
        + 'usted lo haya mirado y abra la cortina.',
    'size.sizes': 'Tamaños',
    'size.one': '{size}',
    'size.tall': '{size}, alto como un teléfono',
    'size.wide': '{size}, ancho como dos pantallas',
    'privacy.resized': 'El escritorio tiene otro tamaño y lo oculto puede estar en otro lugar: solo los profesionales lo ven',
    'regions': 'Partes de este escritorio ancho',
    'region.left': 'Mitad izquierda',
    'region.right': 'Mitad derecha',
    'region.part': 'Parte {number}',
};
