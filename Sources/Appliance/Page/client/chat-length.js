// How long a line of the chat may be. Pure.

import { say } from './catalogue.js';

/** Bytes of UTF-8 that the room takes for one line. */
export const LONGEST = 4096;

/** Bytes of UTF-8 that are left; below zero it is too long. */
export const bytesLeft = (text) => LONGEST - new TextEncoder().encode(text.trim()).length;

/** What is said beside the field once the end of what fits comes near; empty before that. */
export function lengthWords(text) {
    const left = bytesLeft(text);
    if (left > NEAR) return '';
    const letters = [...text.trim()].length;
    // A letter takes one to four bytes: those that are still to come will be like those that are there.
    const inLetters = Math.floor(left * (letters / (LONGEST - left)));
    return left >= 0 ? say('chat.left', { count: inLetters }) : say('chat.over', { count: -inLetters });
}

/** Bytes. */
const NEAR = 400;
