// What other people have written, made fit to stand beside the page's own words. Pure: text in, text out.
//
// A name or a line must not turn its neighbours around (U+202E), draw over them (stacked marks), break the line,
// or be invisible. What could do that is shown as “�”: nobody is taken in by what cannot be seen (Unicode TR #36).

import { say } from './catalogue.js';

/**
 * A name as the page shows it: one line, nothing without a shape, no more marks on a letter than languages need.
 * @param {unknown} name @param {number | string} [id] tells those apart whose name nobody would see
 */
export function shownName(name, id = '') {
    const cleaned = String(name ?? '').replace(IN_NAMES, (_, kept) => kept ?? HIDDEN)
        .replace(/\s+/gu, ' ').replace(/(?:\ufffd ?){2,}/gu, HIDDEN).trim();
    const shown = bounded(cleaned);
    return VISIBLE.test(shown) ? shown : say('name.none', { id: String(id) }).trim();
}

/** What somebody has written: it may have lines and may say which way it runs, but not turn letters around. */
export function shownText(text) {
    const lines = String(text ?? '').replace(/\r\n?|[\u2028\u2029]/gu, '\n');
    return bounded(lines.replace(IN_TEXTS, (_, kept) => kept ?? HIDDEN));
}

/** What people take for one letter each, whatever it is made of. */
export const letters = (text) => (SEGMENTER ? Array.from(SEGMENTER.segment(text), ({ segment }) => segment) : [...text]);

/** A name within a sentence that has to be short. */
export function briefly(name) {
    const all = letters(name);
    return all.length > BRIEF ? `${all.slice(0, BRIEF - 1).join('').trim()}…` : name;
}

/** An element for a name or a text: it takes its direction from what is in it, and lets nothing out. */
export function isolated(words) {
    const element = document.createElement('bdi');
    element.textContent = words;
    return element;
}

/** Marks above, below and around letters are counted for each letter, also across what joins them unseen. */
function bounded(text) {
    const marked = text.replace(/[\p{M}\p{Cf}]{2,}/gu, (run) => {
        let count = 0;
        const kept = [...run].filter((one) => !/[\p{Mn}\p{Me}]/u.test(one) || (count += 1) <= MARKS).join('');
        return count > MARKS ? kept + HIDDEN : kept;
    });
    // Without a letter of its own, a mark would go on whatever stands before the text.
    return marked.replace(/^\p{M}/u, '\u25cc$&');
}

const SEGMENTER = globalThis.Intl?.Segmenter && new Intl.Segmenter();
/** Letters. */
const BRIEF = 28;
const HIDDEN = '\ufffd';
/** Burmese has five on one letter; nothing that is written today has more. */
const MARKS = 6;

// Kept where they make another shape of their neighbours: joiners (emoji, Persian, Indic), variation selectors, and
// the tags of the flags of regions.
const EUROPEAN = '\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}';
const KEPT = `(?<=(?![${EUROPEAN}])[\\p{L}\\p{M}\\p{Extended_Pictographic}\\u{1f3fb}-\\u{1f3ff}])[\\u200c\\u200d]`
    + `(?=(?![${EUROPEAN}])[\\p{L}\\p{Extended_Pictographic}])`
    + '|(?<=[\\p{Emoji}\\p{S}\\p{Script=Han}\\p{Script=Mongolian}])[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]'
    + '|(?<=\\u{1f3f4}[\\u{e0020}-\\u{e007e}]*)[\\u{e0020}-\\u{e007f}]';
/** Tab and line feed are spaces; Braille's blank is none, but looks like one. */
const IN_NAMES = new RegExp(`(${KEPT})|(?![\\t\\n\\r])[\\p{Cc}\\p{Cs}\\p{DI}\\ufff9-\\ufffb\\u2800]`, 'gu');
/** Embeddings and overrides, which isolates have replaced, and tags outside flags. */
const IN_TEXTS = new RegExp(
    `(${KEPT})|(?![\\t\\n])[\\p{Cc}\\p{Cs}\\u202a-\\u202e\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}]`, 'gu',
);
const VISIBLE = /[\p{L}\p{N}\p{P}]|(?!\ufffd|\u25cc)\p{S}/u;
