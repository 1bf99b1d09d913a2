import { say } from './catalogue.js';
import { briefly } from './client/foreign.js';

/**
 * The control button and what is announced about it.
 * @param {{mine: boolean, holder: {name: string} | null, drivers: {id: number, name: string}[], you: number, isAsking: boolean, isWaiting: boolean, turn: string,
 *     isYourTurn: boolean, passesOn: boolean, mayResume: boolean}} facts
 *     `drivers`: everybody who drives; `turn`: whose turn it is, in words, while people take turns; `passesOn`: whether whoever gives it back passes it on;
 *     `mayResume`: whether they are paused, and this person has them go on
 */
export function controlWords({ mine, holder, drivers, you, isAsking, isWaiting, turn, isYourTurn, passesOn, mayResume }) {
    if (mine && mayResume) return { label: turn, hint: say('turns.resume'), state: 'mine' };
    if (mine && isYourTurn) return { label: say('turns.yours'), hint: say(passesOn ? 'turns.pass' : 'control.release'), state: 'mine' };
    const others = drivers.filter(({ id }) => id !== you).map(({ name }) => briefly(name));
    if (mine && others.length > 0) {
        return { label: say('drivers.mine', { names: others }), hint: say('control.release'), state: 'mine' };
    }
    if (mine) return { label: say('control.mine'), hint: say('control.release'), state: 'mine' };
    if (isAsking) return { label: say('control.asking'), hint: '', state: 'asking' };
    if (turn) return { label: turn, hint: '', state: holder ? 'other' : 'free' };
    const name = holder && briefly(holder.name);
    if (isWaiting) {
        const label = name ? say('control.waitingFor', { name }) : say('control.waiting');
        return { label, hint: say('control.cancel'), state: 'waiting' };
    }
    if (others.length > 1) return { label: say('drivers.others', { names: others }), hint: say('control.ask'), state: 'other' };
    if (others.length === 1) return { label: say('control.other', { name: others[0] }), hint: say('control.ask'), state: 'other' };
    if (name) return { label: say('control.other', { name }), hint: say('control.ask'), state: 'other' };
    return { label: say('control.free'), hint: '', state: 'free' };
}

/** What a screen reader says when control changes hands; empty when nothing has. */
export function controlAnnouncement(before, after) {
    if (after.mine && !before.mine) return (after.isYourTurn ? `${say('turns.said.yours')} ` : '') + say('control.said.mine');
    const name = after.holder && briefly(after.holder.name);
    if (before.mine && !after.mine) return name ? say('control.said.passed', { name }) : say('control.said.ended');
    const beside = driversAnnouncement(before, after);
    if (beside) return beside;
    if (after.mine || before.holder?.id === after.holder?.id) return '';
    return name ? say('control.said.other', { name }) : say('control.said.nobody');
}

/** Who has begun to drive beside others, or does not any more; of whoever is in control the rest is said. */
function driversAnnouncement(before, after) {
    const known = (state) => new Set([state.holder?.id, state.you, ...state.drivers.map(({ id }) => id)]);
    const names = (state, other) => state.drivers.filter(({ id }) => !known(other).has(id) && id !== state.holder?.id)
        .map(({ name }) => briefly(name));
    const [came, went] = [names(after, before), names(before, after)];
    if (came.length > 0) return say('drivers.said.began', { names: came, count: came.length });
    return went.length > 0 ? say('drivers.said.ended', { names: went, count: went.length }) : '';
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
