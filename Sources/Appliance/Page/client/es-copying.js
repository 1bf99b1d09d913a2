/** Spanish: copying and pasting between this device and the desk. */
export const esCopying = {
    'clipboard.copied': 'Lo copiado en el escritorio está en su portapapeles.',
    'clipboard.has.picture': 'Se ha copiado una imagen en el escritorio.',
    'clipboard.has.text': 'Se ha copiado un texto en el escritorio.',
    'clipboard.none': 'No se ha copiado nada en el escritorio.',
    'clipboard.not.broken': 'La conexión no lo ha llevado. Inténtelo de nuevo.',
    'clipboard.not.busy': 'El portapapeles está ocupado. Inténtelo de nuevo en breve.',
    'clipboard.not.cancelled': 'No se ha pegado.',
    'clipboard.not.deskAway': 'El portapapeles del escritorio no está disponible en este momento.',
    'clipboard.not.empty': 'En el escritorio no se ha copiado nada que se pueda llevar.',
    'clipboard.not.notAllowed': 'Para pegar algo en el escritorio hay que tener el control de su teclado y el permiso.',
    'clipboard.not.nothing': 'En su portapapeles no hay nada que se pueda poner en el escritorio.',
    'clipboard.not.unanswered': 'El programa del escritorio no ha respondido.',
    'clipboard.not.unchanged': 'No se ha copiado nada en el escritorio.',
    'clipboard.putting': 'Su portapapeles va de camino al escritorio, y lo que pulse le espera. Escape lo abandona.',
    'clipboard.ready': 'Se ha copiado algo en el escritorio. Su navegador quiere que pulse «Copiar del escritorio».',
    'clipboard.tooLarge': 'Es demasiado grande para el portapapeles: se llevan {size} MB como máximo.',
};
