/** Español: el portapapeles del escritorio. */
export const esClipboard = {
    'bar.clipboard': 'Portapapeles',
    'clipboard.copy': 'Copiar del escritorio',
    'clipboard.paste': 'Pegar en el escritorio',
    'clipboard.keys': 'Mientras tiene el control, copiar y pegar con el teclado hace lo mismo.',
    'clipboard.put': 'Está en el portapapeles del escritorio: péguelo allí.',
    'clipboard.noText': 'Lo copiado en el escritorio no es texto, y este navegador no admite otra cosa.',
    'clipboard.copyNote': 'Copie este texto: su navegador no deja que lo haga la página.',
    'clipboard.pasteNote': 'Pegue aquí lo que debe estar en el portapapeles del escritorio.',
    'clipboard.field': 'Texto',
    'clipboard.submit': 'Ponerlo en el escritorio',
    'clipboard.close': 'Cerrar',
};
