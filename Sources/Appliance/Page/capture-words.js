// What can go wrong with a microphone or a camera, in words. Pure.

import { within } from './foreign.js';

const NAMES = { audio: 'microphone', video: 'camera' };

/**
 * Why a device could not be opened.
 * @param {{name: string}} error of `getUserMedia`
 */
export function captureProblem(kind, error, isSecure = globalThis.isSecureContext) {
    const name = NAMES[kind];
    if (!isSecure) {
        return `The browser gives the ${name} only to pages with HTTPS. Ask whoever runs the room for such `
            + 'an address.';
    }
    switch (error.name) {
        case 'NotAllowedError':
        case 'SecurityError':
            return `The browser does not let this page use the ${name}. Allow it beside the address, then `
                + 'try again.';
        case 'NotFoundError':
        case 'OverconstrainedError':
            return `No ${name} was found. Plug one in, then try again.`;
        case 'NotReadableError':
        case 'AbortError':
            return `The ${name} does not start. Another program may be using it.`;
        default:
            return `The ${name} does not start: ${error.message || error.name}`;
    }
}

/** A device went away while it was in use; `next` is the label of what took its place, if anything did. */
export function deviceGone(kind, label, next) {
    const gone = label ? `“${within(label)}” is gone` : `The ${NAMES[kind]} is gone`;
    return next === null ? `${gone}. The ${NAMES[kind]} is off now.`
        : `${gone}. Using ${next ? `“${within(next)}”` : `another ${NAMES[kind]}`} now.`;
}

/** What was chosen once is not there; `label` is its name, `next` that of what is used instead. */
export function deviceMissing(kind, label, next) {
    const missing = label ? `“${within(label)}” is not there` : `The ${NAMES[kind]} of your choice is not there`;
    return `${missing}. Using ${next ? `“${within(next)}”` : `another ${NAMES[kind]}`} now.`;
}

/** The speaker or headset of one's choice went away. */
export const speakerGone = (label) =>
    `${label ? `“${within(label)}”` : 'The speaker'} is gone. The sound is played where the browser chooses.`;

/** A device that was just plugged in. @param {{label: string, parts: object}} device as in `devices.js` */
export function offerWords({ label, parts }) {
    const names = ['camera', 'microphone', 'speaker'].filter((name) => name in parts);
    return `“${within(label)}” is plugged in. Use it as your ${names.join(' and ')}?`;
}

/** What was on before the page was loaded again, and now waits for a click. */
export function restoreWords(kinds) {
    const names = kinds.map((kind) => NAMES[kind]).join(' and ');
    return kinds.length === 1
        ? `Your ${names} was on before this page was loaded again. Press its button to turn it on.`
        : `Your ${names} were on before this page was loaded again. Press their buttons to turn them on.`;
}

/** The system keeps back what the device gives: a call, another program, a switch on the device. */
export const heldWords = (kind) => `This device keeps your ${NAMES[kind]} back at the moment.`;

/**
 * What a button of the bar says about itself.
 * @param {'none' | 'on' | 'muted' | 'off'} state
 */
export function captureState(kind, state, isBusy) {
    if (isBusy) return `${capital(NAMES[kind])}: waiting for the browser…`;
    return { none: `${capital(NAMES[kind])} is off`, off: `${capital(NAMES[kind])} is off`,
        muted: 'Microphone is muted', on: `${capital(NAMES[kind])} is on` }[state];
}

const capital = (word) => word[0].toUpperCase() + word.slice(1);
