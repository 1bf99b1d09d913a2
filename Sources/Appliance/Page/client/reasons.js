import { current, has, say } from './catalogue.js';
import { waiting } from './durations.js';
import { shownText } from './foreign.js';

/**
 * What the room says, in the language of the page: by its code, where it gives one that this page knows. The room's
 * own sentence is English; whoever reads another language is told `otherwise` instead, which says less.
 * @param {{code?: string, values?: {seconds?: number}, message?: string}} told `seconds`: how long to wait
 * @param {string} otherwise where there is nothing better
 */
export function roomWords({ code, values, message }, otherwise) {
    if (typeof code === 'string' && has(`reason.${code}`)) {
        return say(`reason.${code}`, { ...values, ...(values?.seconds >= 0 && waiting(values.seconds)) });
    }
    return (isOfRoom() && shownText(message).trim()) || otherwise;
}

/** Whether the page speaks the room's own language. */
export const isOfRoom = () => current().tag === 'en';
