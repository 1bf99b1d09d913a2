/** English: the desk's clipboard. */
export const enClipboard = {
    'bar.clipboard': 'Clipboard',
    'clipboard.copy': 'Copy from the desk',
    'clipboard.paste': 'Paste to the desk',
    'clipboard.keys': 'While you are in control, copying and pasting by the keyboard does the same.',
    'clipboard.put': 'It is on the desk’s clipboard: paste it there.',
    'clipboard.noText': 'What was copied on the desk is no text, and this browser takes nothing else.',
    'clipboard.copyNote': 'Copy this text: your browser does not let the page do it.',
    'clipboard.pasteNote': 'Paste here what is to be on the desk’s clipboard.',
    'clipboard.field': 'Text',
    'clipboard.submit': 'Put it on the desk',
    'clipboard.close': 'Close',
};
