import { say } from './catalogue.js';
import { briefly } from './client/foreign.js';

/**
 * Whose turn it is, and whose is next; empty while nobody takes turns.
 * @param {TurnTaking} turns @param {{id: number, name: string}[]} people @param {number | undefined} you
 */
export function turnWords({ isOn, isPaused, current, next }, people, you) {
    if (!isOn) return '';
    if (isPaused) return say('turns.paused');
    const name = (id) => briefly(people.find((one) => one.id === id)?.name ?? say('turns.somebody'));
    if (current === null) return say('turns.nobody');
    const isLast = next === null;
    if (current === you) return isLast ? say('turns.yours') : say('turns.yoursThen', { next: name(next) });
    if (isLast) return say('turns.theirs', { name: name(current) });
    if (next === you) return say('turns.thenYou', { name: name(current) });
    return say('turns.then', { name: name(current), next: name(next) });
}

/** What there is to say about one person as far as turns go. */
export function personTurnWords({ isOn, current, next }, id) {
    if (!isOn) return '';
    if (id === current) return say('turns.has');
    return id === next ? say('turns.isNext') : '';
}
