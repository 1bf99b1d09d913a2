import { shownText } from './foreign.js';

/**
 * What the room has not taken, in words for the person. Pure.
 * @param {{step: string, message: string}} refusal as the room tells it: `step` is the type of what it has not taken
 */
export function refusalWords({ step, message }) {
    const words = shownText(message).trim();
    if (!words) return WORDS[step] ?? 'The room has not taken what this page has asked for. Reload it if that goes on.';
    const reason = words.startsWith(MISUNDERSTOOD) ? words.slice(MISUNDERSTOOD.length) : null;
    if (reason === null) return words;
    // Of all that a page says in joining, people choose the name.
    if (step === 'join' && /\bname\b/.test(reason)) return reason[0].toUpperCase() + reason.slice(1);
    return `The room does not understand this page. Reload it if that goes on. (${reason.replace(/\.$/, '')})`;
}

/** Where the room has none. */
const WORDS = {
    chat: 'Your line in the chat was not taken.',
    join: 'The room does not let you in at the moment.',
    publish: 'Your camera or microphone is not sent to the others.',
    publishOffer: 'Your control, camera and microphone could not be connected.',
    requestControl: 'The room has not taken your request for control.',
    subscribeAnswer: 'The desk and the others could not be connected.',
    restartSubscribe: 'The desk and the others could not be connected again.',
};
const MISUNDERSTOOD = 'The room does not understand this page: ';
