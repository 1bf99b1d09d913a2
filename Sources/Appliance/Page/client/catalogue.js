// What is said, by id, in the language that was set last: the library's own words, until a page sets a catalogue that has more.

import { enLibrary } from './en-library.js';
import { within } from './isolation.js';

let language = enLibrary;
/** For numbers, lists and times: of the same language, perhaps of a region that it has no words of its own for. */
let locale = 'en';

/** @param {{tag: string, direction: 'ltr' | 'rtl', messages: object}} words as in `en-library.js` @param {string} forFormats */
export function setCatalogue(words, forFormats) {
    language = words;
    locale = forFormats;
}

/** `{tag, name, direction}` of the language at hand. */
export const current = () => language;

/** The locale to write times in. */
export const currentLocale = () => locale;

/**
 * A message in words. A text that is put in stands for itself in whichever direction it runs, a list of texts becomes
 * “Ada, Ben and Cy”, and `count` chooses among the forms of a message.
 * @param {string} id
 * @param {Record<string, string | number | string[]>} values by the names in braces
 */
export const say = (id, values = {}) => parts(id, values).join('');

/** The same as what can be appended to an element: elements among the values stay what they are. */
export function parts(id, values = {}) {
    const message = language.messages[id];
    const form = typeof message === 'object' ? message[plural(values.count)] ?? message.other : message ?? id;
    return form.split(/\{(\w+)\}/).map((part, index) => (index % 2 ? written(values[part]) : part));
}

/** Whether there is a message of this id, which may come from the room. */
export const has = (id) => Object.hasOwn(language.messages, id);

/** A number with its unit or as a share, as `Intl.NumberFormat` wants to be told. */
export const quantity = (value, options) => new Intl.NumberFormat(locale, options).format(value);

const plural = (count) => new Intl.PluralRules(locale).select(count);

function written(value) {
    if (typeof value === 'number') return quantity(value);
    if (typeof value === 'string') return within(value, language.direction);
    return Array.isArray(value) ? listed(value) : value;
}

const listed = (texts) =>
    new Intl.ListFormat(locale).format(texts.map((text) => within(text, language.direction)));
