import { briefly } from './foreign.js';

/**
 * The control button and what is announced about it.
 * @param {{mine: boolean, holder: {name: string} | null, isAsking: boolean, isWaiting: boolean}} facts
 */
export function controlWords({ mine, holder, isAsking, isWaiting }) {
    if (mine) return { label: 'You are in control', hint: 'Release', state: 'mine' };
    if (isAsking) return { label: 'Asking for control…', hint: '', state: 'asking' };
    if (isWaiting) {
        return { label: holder ? `Waiting for ${briefly(holder.name)}` : 'Waiting for control', hint: 'Cancel',
            state: 'waiting' };
    }
    if (holder) return { label: `${briefly(holder.name)} is in control`, hint: 'Ask', state: 'other' };
    return { label: 'Ask for control', hint: '', state: 'free' };
}

/** What a screen reader says when control changes hands; empty when nothing has. */
export function controlAnnouncement(before, after) {
    if (after.mine && !before.mine) {
        return 'You are in control. Keys go to the desk. '
            + 'Press Control, Alt and Shift together to come back to the buttons.';
    }
    if (before.mine && !after.mine) {
        return after.holder ? `${briefly(after.holder.name)} is in control now.` : 'You are no longer in control.';
    }
    if (after.mine || before.holder?.id === after.holder?.id) return '';
    return after.holder ? `${briefly(after.holder.name)} is in control.` : 'Nobody is in control.';
}

/**
 * What came of a request for control, or why control has ended; empty when there is nothing to say.
 * @param {{wasWaiting: boolean, isWaiting: boolean, mine: boolean, holder: {name: string} | null, denied: string,
 *     ended: string}} facts `denied`, `ended`: the room's own words, if any
 */
export function outcomeWords({ wasWaiting, isWaiting, mine, holder, denied, ended }) {
    if (ended) return ended;
    if (mine) return wasWaiting ? 'You are in control now.' : '';
    const name = holder && briefly(holder.name);
    if (isWaiting) return denied && name ? `${name} has been told that you ask for control.` : denied;
    if (wasWaiting && denied && name) return `${name} would like to keep control for now.`;
    if (wasWaiting) return denied || 'There was no answer: you do not wait for control any more.';
    return denied;
}

/** What whoever is in control is told about those who ask; `line` for the eyes, `spoken` for the ears. */
export function requestWords([first, ...others], passesOn) {
    const name = briefly(first.name);
    const more = others.length === 0 ? '' : others.length === 1 ? ', and one more waits' : `, and ${others.length} more wait`;
    const note = passesOn ? 'If you do nothing for a while, it passes on by itself.' : '';
    const spoken = `${name} asks for control${more}. Press Control, Alt and Shift together to answer.`;
    return { line: `${name} asks for control${more}`, note, spoken };
}
