import { has, say } from './catalogue.js';
import { shownText } from './foreign.js';
import { isOfRoom, roomWords } from './reasons.js';

/**
 * What the room has not taken, in words for the person. Pure.
 * @param {{step: string, code?: string, values?: object, message: string}} refusal as the room tells it: `step` is the
 *     type of what it has not taken
 */
export function refusalWords({ step, message, ...reason }) {
    const general = say(has(`refused.${step}`) ? `refused.${step}` : 'refused.any');
    const words = shownText(message).trim();
    if (reason.code || !words.startsWith(MISUNDERSTOOD)) return roomWords({ ...reason, message }, general);
    const detail = words.slice(MISUNDERSTOOD.length);
    // Of all that a page says in joining, people choose the name.
    if (step === 'join' && /\bname\b/.test(detail)) {
        return roomWords({ message: detail[0].toUpperCase() + detail.slice(1) }, say('refused.name'));
    }
    return isOfRoom() ? say('refused.misunderstood', { reason: detail.replace(/\.$/, '') }) : general;
}

const MISUNDERSTOOD = 'The room does not understand this page: ';
