/**
 * How large the desk's screen is, and what this person asks for about it. Desk pixels.
 *
 * Events: `change`; `done` (the desk has the size that was chosen here), `refused` (it has not).
 */
export class DeskSize extends EventTarget {
    #send;
    #asked = null;

    width = 0;
    height = 0;
    /** What can be had at most; `null`: the size cannot be changed. */
    largest = null;
    /** What is offered. */
    sizes = [];
    /** Whether it follows this page's window. */
    isFitting = false;

    /** @param {(message: object) => boolean} send */
    constructor(send) {
        super();
        this.#send = send;
    }

    /** @param {object | null} state as the room tells it; `null`: the room is not reached @param {number | undefined} you */
    update(state, you) {
        const { width = 0, height = 0, by = null, largest = null, sizes = [] } = state ?? {};
        Object.assign(this, { width, height, largest, sizes });
        // Whoever chooses last has their choice. One that a program has made passes.
        if (by !== null && by !== you) this.isFitting = false;
        if (largest === null) this.#asked = null;
        const isDone = this.#asked !== null && this.is(this.#asked);
        if (isDone) this.#asked = null;
        this.#changed();
        if (isDone) this.dispatchEvent(new Event('done'));
    }

    is({ width, height }) {
        return this.width === width && this.height === height;
    }

    /** Returns whether the room could be asked. */
    choose(size) {
        this.isFitting = false;
        const isSent = this.#ask(size);
        this.#changed();
        return isSent;
    }

    setFitting(isFitting) {
        if (isFitting === this.isFitting) return;
        this.isFitting = isFitting;
        this.#changed();
    }

    /** The window that is followed has this size. */
    follow(size) {
        if (!this.isFitting || this.largest === null || this.is(size)) return;
        // It is not asked for twice while the desk is at it.
        if (this.#asked?.width === size.width && this.#asked?.height === size.height) return;
        this.#ask(size);
    }

    /** The room, or the desk, has not done what was asked for. */
    refused() {
        this.#asked = null;
        this.isFitting = false;
        this.#changed();
    }

    get diagnosis() {
        const { width, height, isFitting, largest, sizes } = this;
        return { width, height, isFitting, canChange: largest !== null, sizes: sizes.length };
    }

    #ask({ width, height }) {
        const isSent = this.#send({ type: 'setDeskSize', width, height });
        this.#asked = isSent ? { width, height } : null;
        return isSent;
    }

    #changed() {
        this.dispatchEvent(new Event('change'));
    }
}
