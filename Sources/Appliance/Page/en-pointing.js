/** English: pointing at the desk (pointers-view.js). */
export const enPointing = {
    'bar.point': 'Point at the desk',
    'pointing.pad': 'Pointing at the desk',
    'pointing.how': 'Arrow keys move your pointer, with Shift further. Enter marks the place. Escape ends it.',
    'pointing.you': 'You',
    'pointing.appeared': '{name} points at the desk.',
    'pointing.off': 'You point no more.',
    'help.point': 'Point at the desk, or stop pointing',
};
