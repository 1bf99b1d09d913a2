import { say } from './catalogue.js';
import { briefly } from './client/foreign.js';

/**
 * The control button and what is announced about it.
 * @param {{mine: boolean, holder: {name: string} | null, isAsking: boolean, isWaiting: boolean, turn: string,
 *     isYourTurn: boolean, passesOn: boolean, mayResume: boolean}} facts
 *     `turn`: whose turn it is, in words, while people take turns; `passesOn`: whether whoever gives it back passes it on;
 *     `mayResume`: whether they are paused, and this person has them go on
 */
export function controlWords({ mine, holder, isAsking, isWaiting, turn, isYourTurn, passesOn, mayResume }) {
    if (mine && mayResume) return { label: turn, hint: say('turns.resume'), state: 'mine' };
    if (mine && isYourTurn) return { label: say('turns.yours'), hint: say(passesOn ? 'turns.pass' : 'control.release'), state: 'mine' };
    if (mine) return { label: say('control.mine'), hint: say('control.release'), state: 'mine' };
    if (isAsking) return { label: say('control.asking'), hint: '', state: 'asking' };
    if (turn) return { label: turn, hint: '', state: holder ? 'other' : 'free' };
    const name = holder && briefly(holder.name);
    if (isWaiting) {
        const label = name ? say('control.waitingFor', { name }) : say('control.waiting');
        return { label, hint: say('control.cancel'), state: 'waiting' };
    }
    if (name) return { label: say('control.other', { name }), hint: say('control.ask'), state: 'other' };
    return { label: say('control.free'), hint: '', state: 'free' };
}

/** What a screen reader says when control changes hands; empty when nothing has. */
export function controlAnnouncement(before, after) {
    if (after.mine && !before.mine) return (after.isYourTurn ? `${say('turns.said.yours')} ` : '') + say('control.said.mine');
    const name = after.holder && briefly(after.holder.name);
    if (before.mine && !after.mine) return name ? say('control.said.passed', { name }) : say('control.said.ended');
    if (after.mine || before.holder?.id === after.holder?.id) return '';
    return name ? say('control.said.other', { name }) : say('control.said.nobody');
}

/** What whoever is in control is told about those who ask; `line` for the eyes, `spoken` for the ears. */
export function requestWords([first, ...others], passesOn) {
    const name = briefly(first.name);
    const count = others.length;
    return {
        line: count === 0 ? say('request.line', { name }) : say('request.lineMore', { name, count }),
        note: passesOn ? say('request.note') : '',
        spoken: say('request.spoken', { name }),
        spokenHere: say('request.spokenHere', { name }),
    };
}
