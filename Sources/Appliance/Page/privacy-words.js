import { say } from './catalogue.js';

/**
 * The line over the desk that says what is hidden; empty when there is nothing to say, or when the curtain itself says it.
 * @param {{curtain: boolean, masked: boolean, clear: boolean, details: object | null}} privacy
 */
export function privacyLine({ curtain, masked, clear, details }) {
    if (curtain && !clear) return '';
    if (curtain && details?.fallen) return say(details.resized ? 'privacy.resized' : 'privacy.fallen');
    if (curtain) return say('privacy.curtainClear');
    if (!masked) return '';
    if (details?.lost.length > 0) return say('privacy.lost');
    return say(clear ? 'privacy.maskedClear' : 'privacy.masked');
}

/** What a screen reader says when something is hidden or shown; empty when nothing has changed for this person. */
export function privacyAnnouncement(before, after) {
    if (after.curtain !== before.curtain) {
        if (!after.curtain) return say('privacy.said.up');
        return say(after.clear ? 'privacy.said.downClear' : 'privacy.said.down');
    }
    if (after.curtain || after.masked === before.masked) return '';
    return say(after.masked ? 'privacy.said.masked' : 'privacy.said.unmasked');
}
