import { currentLocale, quantity, say } from './catalogue.js';
import { shownName } from './client/foreign.js';

/** A size, in whatever unit it is short in. */
export function sizeWords(bytes) {
    const index = Math.min(UNITS.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
    return quantity(bytes / 1000 ** index, {
        style: 'unit', unit: UNITS[index], unitDisplay: index === 0 ? 'long' : 'short',
        maximumFractionDigits: index === 0 ? 0 : 1,
    });
}

export const changedWords = (milliseconds) =>
    new Intl.DateTimeFormat(currentLocale(), { dateStyle: 'medium', timeStyle: 'short' }).format(milliseconds);

/** What a transfer is about to do, does or has done. @param {{file: object, state: string, outcome: string, name: string}} one */
export function transferWords({ file, state, outcome, name }, limit) {
    const isIn = file.direction === 'in';
    if (state === 'queued') return say('files.queued');
    if (state === 'cut') return say('files.cut');
    if (state === 'running') return say('files.progress', { done: sizeWords(file.done), size: sizeWords(file.size) });
    if (outcome !== 'done') return failureWords(outcome, limit);
    if (!isIn) return say('files.saved');
    return name === file.name ? say('files.isThere') : say('files.isThereAs', { name: shownName(name) });
}

export function failureWords(outcome, limit) {
    if (outcome === 'tooLarge') return say('files.not.tooLarge', { size: sizeWords(limit) });
    return say(`files.not.${outcome}`);
}

/** A name that a browser may save a file under: nothing that hides what it is, or where it would go. */
export function savedName(name) {
    const cleaned = name.replace(UNSEEN, '').replace(/[/\\:*?"<>|]/gu, '_').replace(/^[.\s]+|[.\s]+$/gu, '');
    return cleaned || 'file';
}

/** Controls and what turns text around or is not seen, but for joiners. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
