/**
 * Why something was not done: `code` is the room's own (docs/signalling.md), or one of the library's; `values` stand in its
 * sentence; `message` is the sentence, in the language that the library speaks.
 *
 * The library's own codes: `left` (this person has), `replaced` (by the next call), `originNotAllowed`, `unreached` (the room), `noAnswer`
 * (to a request for control), `empty`, `tooLong` and `undelivered` (a line of the chat), and what becomes of files (docs/files.md).
 */
export class RoomError extends Error {
    name = 'RoomError';

    /** @param {{code?: string, values?: object, step?: string, words: string}} told `step`: what was asked for */
    constructor({ code = 'refused', values = {}, step = '', words }) {
        super(words);
        this.code = code;
        this.values = values;
        this.step = step;
    }
}
