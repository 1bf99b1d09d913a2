import { say } from './catalogue.js';

/**
 * What is dragged into the window: a browser would open it, in front of the session. It is refused in words; only
 * text may be dropped, where there is a field for it.
 */
export class Drops {
    #notice;
    #isTold = false;

    /** @param {(words: string) => void} notice */
    constructor(notice) {
        this.#notice = notice;
        // A quick hand drops on what has only been entered.
        addEventListener('dragenter', (event) => this.#refuse(event));
        addEventListener('dragover', (event) => this.#refuse(event));
        addEventListener('drop', (event) => this.#refuse(event, true));
        // Once for each time that something is dragged in.
        addEventListener('dragleave', ({ relatedTarget }) => {
            if (!relatedTarget) this.#isTold = false;
        });
        addEventListener('dragend', () => (this.#isTold = false));
    }

    #refuse(event, isDropped = false) {
        const { dataTransfer, target } = event;
        const kinds = [...dataTransfer?.types ?? []];
        const isFile = kinds.includes('Files');
        if (!isFile && kinds.includes('text/plain') && target.closest?.(FIELDS)) return;
        event.preventDefault();
        if (dataTransfer) dataTransfer.dropEffect = 'none';
        if (!this.#isTold) this.#notice(say(isFile ? 'drop.file' : 'drop.other'));
        this.#isTold = !isDropped;
    }
}

/** Where text may be dropped: not the field that types on the desk. */
const FIELDS = '#chat-text, #name';
