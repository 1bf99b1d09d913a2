// What can go wrong with a microphone or a camera, in words. Pure. `kind` is `audio` or `video`.

import { say } from './catalogue.js';

/**
 * Why a device could not be opened.
 * @param {{name: string}} error of `getUserMedia`
 */
export function captureProblem(kind, error, isSecure = globalThis.isSecureContext) {
    if (!isSecure) return say(`capture.${kind}.insecure`);
    switch (error.name) {
        case 'NotAllowedError':
        case 'SecurityError':
            return say(`capture.${kind}.notAllowed`);
        case 'NotFoundError':
        case 'OverconstrainedError':
            return say(`capture.${kind}.notFound`);
        case 'NotReadableError':
        case 'AbortError':
            return say(`capture.${kind}.inUse`);
        default:
            return say(`capture.${kind}.failed`, { message: error.message || error.name });
    }
}

/** A device went away while it was in use; `next` is the label of what took its place, if anything did. */
export function deviceGone(kind, label, next) {
    if (next === null) return label ? say(`device.${kind}.offNamed`, { label }) : say(`device.${kind}.off`);
    const values = { next: replacement(kind, next) };
    return label ? say(`device.${kind}.goneNamed`, { ...values, label }) : say(`device.${kind}.gone`, values);
}

/** What was chosen once is not there; `label` is its name, `next` that of what is used instead. */
export function deviceMissing(kind, label, next) {
    const values = { next: replacement(kind, next) };
    return label ? say(`device.${kind}.missingNamed`, { ...values, label }) : say(`device.${kind}.missing`, values);
}

const replacement = (kind, label) => (label ? say('device.named', { label }) : say(`device.${kind}.another`));

/** The speaker or headset of one's choice went away. */
export const speakerGone = (label) =>
    (label ? say('device.speaker.goneNamed', { label }) : say('device.speaker.gone'));

/** A device that was just plugged in. @param {{label: string, parts: object}} device as in `devices.js` */
export function offerWords({ label, parts }) {
    const uses = ['camera', 'microphone', 'speaker'].filter((name) => name in parts);
    return say('device.offer', { label, uses: uses.map((name) => say(`device.use.${name}`)) });
}

/** What was on before the page was loaded again, and now waits for a click. */
export const restoreWords = (kinds) => say(`capture.${kinds.length === 1 ? kinds[0] : 'both'}.restore`);

/** The system keeps back what the device gives: a call, another program, a switch on the device. */
export const heldWords = (kind) => say(`capture.${kind}.held`);

/**
 * What a button of the bar says about itself.
 * @param {'none' | 'on' | 'muted' | 'off'} state
 */
export function captureState(kind, state, isBusy) {
    if (isBusy) return say(`capture.${kind}.busy`);
    if (state === 'muted') return say('capture.audio.muted');
    return state === 'on' ? say(`capture.${kind}.on`) : say(`capture.${kind}.off`);
}
