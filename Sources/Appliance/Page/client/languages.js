import { current, setCatalogue } from './catalogue.js';
import { enLibrary } from './en-library.js';
import { esLibrary } from './es-library.js';

/**
 * The library speaks one of its own languages, or, with a catalogue, any other.
 * @param {string | {tag: string, direction: 'ltr' | 'rtl', messages: object}} wanted a tag, of which a region is passed over, or messages
 *     by id as in `en-library.js`; one that is not there is said in English
 */
export function speak(wanted) {
    if (typeof wanted !== 'string') {
        return setCatalogue({ ...wanted, messages: { ...enLibrary.messages, ...wanted.messages } }, wanted.tag);
    }
    const primary = wanted.split('-')[0].toLowerCase();
    setCatalogue([enLibrary, esLibrary].find(({ tag }) => tag === primary) ?? enLibrary, wanted);
}

/** The tag of the language that is spoken. */
export const spoken = () => current().tag;
