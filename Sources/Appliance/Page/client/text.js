/** How a field's text became another: how many characters were taken off its end, and what was put there. */
export function difference(before, after) {
    const old = [...before];
    const now = [...after];
    let same = 0;
    while (same < old.length && same < now.length && old[same] === now[same]) same += 1;
    return { removed: old.length - same, added: now.slice(same) };
}

/**
 * Whether a key belongs to an input method. Safari tells of the Enter that ends a composition after the
 * composition has ended; its code is then still that of a key that somebody else has dealt with.
 */
export const isOfComposition = ({ isComposing, keyCode }) => isComposing || keyCode === 229;

/** Control, Alt and Shift down, and the key that was pressed is one of them. */
export const isLeaveChord = ({ key, ctrlKey, altKey, shiftKey }) =>
    ctrlKey && altKey && shiftKey && LEAVE.has(key);

// With Shift held, X calls the Alt key Meta.
const LEAVE = new Set(['Control', 'Alt', 'Shift', 'Meta', 'AltGraph']);
