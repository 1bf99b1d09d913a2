/** How a field's text became another: how many characters were taken off its end, and what was put there. */
export function difference(before, after) {
    const old = [...before];
    const now = [...after];
    let same = 0;
    while (same < old.length && same < now.length && old[same] === now[same]) same += 1;
    return { removed: old.length - same, added: now.slice(same) };
}

/** Control, Alt and Shift down, and the key that was pressed is one of them. */
export const isLeaveChord = ({ key, ctrlKey, altKey, shiftKey }) =>
    ctrlKey && altKey && shiftKey && LEAVE.has(key);

// With Shift held, X calls the Alt key Meta.
const LEAVE = new Set(['Control', 'Alt', 'Shift', 'Meta', 'AltGraph']);
