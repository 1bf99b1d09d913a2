/**
 * The control button and what is announced about it.
 * @param {{mine: boolean, holder: {name: string} | null, isAsking: boolean}} facts
 */
export function controlWords({ mine, holder, isAsking }) {
    if (mine) return { label: 'You are in control', hint: 'Release', state: 'mine' };
    if (isAsking) return { label: 'Asking for control…', hint: '', state: 'asking' };
    if (holder) return { label: `${holder.name} is in control`, hint: 'Ask', state: 'other' };
    return { label: 'Ask for control', hint: '', state: 'free' };
}

/** What a screen reader says when control changes hands; empty when nothing has. */
export function controlAnnouncement(before, after) {
    if (after.mine && !before.mine) {
        return 'You are in control. Keys go to the desk. '
            + 'Press Control, Alt and Shift together to come back to the buttons.';
    }
    if (before.mine && !after.mine) {
        return after.holder ? `${after.holder.name} is in control now.` : 'You are no longer in control.';
    }
    if (after.mine || before.holder?.id === after.holder?.id) return '';
    return after.holder ? `${after.holder.name} is in control.` : 'Nobody is in control.';
}
