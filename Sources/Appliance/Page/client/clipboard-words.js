import { quantity, say } from './catalogue.js';
/** @import { Clipboard } from './clipboard.js' */

/** Why something was not carried. @param {string} outcome @param {number} limit bytes */
export function clipboardWords(outcome, limit) {
    if (outcome === 'tooLarge') return say('clipboard.tooLarge', { size: quantity(Math.floor(limit / 1e5) / 10) });
    return say(`clipboard.not.${outcome}`);
}

/** What the desk's clipboard has. @param {Clipboard} clipboard */
export function clipboardContent({ kinds, tooLarge, limit }) {
    if (kinds.length === 0) return tooLarge ? clipboardWords('tooLarge', limit) : say('clipboard.none');
    const isPicture = kinds.includes('png');
    return say(isPicture ? 'clipboard.has.picture' : 'clipboard.has.text');
}
