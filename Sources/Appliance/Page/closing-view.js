import { say } from './catalogue.js';
import { waiting } from './client/durations.js';
import { roomWords } from './client/reasons.js';

/**
 * Tells people that the session ends soon: at once in words, then by a line that counts the last minute, and once more in
 * words for those who listen. The line itself is no live region: it would speak each second.
 */
export class ClosingView {
    #view;
    #line;
    /** By `performance.now()`, in milliseconds. */
    #end = 0;
    #timer = 0;
    #isWarned = false;

    /** @param {{room: Room, view: View}} parts */
    constructor({ room, view }) {
        this.#view = view;
        this.#line = view.elements.closing;
        room.addEventListener('closing', ({ detail }) => this.#show(detail));
    }

    /** Nothing of it is left on the page. */
    clear() {
        clearInterval(this.#timer);
        this.#line.hidden = true;
    }

    #show(told) {
        const seconds = Number(told.values?.seconds) || 0;
        this.#end = performance.now() + seconds * 1000;
        this.#isWarned = seconds <= WARNING;
        this.#view.notice(roomWords(told, say('ended.sessionEnded')));
        clearInterval(this.#timer);
        this.#timer = setInterval(() => this.#count(), 1000);
        this.#count();
    }

    #count() {
        const left = Math.max(0, Math.ceil((this.#end - performance.now()) / 1000));
        this.#line.hidden = left > SHOWN;
        this.#line.textContent = say('ended.soon', { time: `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}` });
        if (left > WARNING || this.#isWarned) return;
        this.#isWarned = true;
        this.#view.announce(say('ended.now', { wait: waiting(left).wait }));
    }
}

// Seconds before the end.
const SHOWN = 60;
const WARNING = 10;
