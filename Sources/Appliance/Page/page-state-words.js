// What whoever looks after somebody is told of their page. Pure: facts in, words out.

import { say } from './catalogue.js';

/** @param {object | null} page as in `standing.js` @returns {string[]} the most important first; empty: all is well */
export function pageStateWords(page) {
    if (!page) return [];
    const words = [];
    if (page.hidden) words.push(say('page.hidden'));
    if (page.paused) words.push(say('page.paused'));
    if (page.frozen > 0) words.push(say('page.frozen', { count: page.frozen }));
    if (page.soundBlocked) words.push(say('page.soundBlocked'));
    return words;
}
