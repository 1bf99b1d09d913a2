/**
 * What of the desk is hidden, as the room tells it, and what this person asks for about it.
 *
 * Events: `change`, `windows` (the list that was asked for is in `detail`).
 */
export class Privacy extends EventTarget {
    #send;

    /** Whether everything, and whether parts are hidden from others or from this person. */
    curtain = false;
    masked = false;
    /** Whether those from whom it is hidden hear the desk all the same. */
    sound = true;
    /** Whether nothing is hidden from this person. */
    clear = true;
    /** Where, and which windows; `null` for who may hide nothing. */
    details = null;

    /** @param {(message: object) => boolean} send */
    constructor(send) {
        super();
        this.#send = send;
    }

    /** @param {object | null | undefined} state as the room tells it; without one nothing is hidden, nor can be */
    update(state) {
        const { curtain = false, masked = false, sound = true, clear = true, details = null } = state ?? {};
        Object.assign(this, { curtain, masked, sound, clear, details });
        this.dispatchEvent(new Event('change'));
    }

    /** The room is not reached: what was hidden is so for all that is known, but nothing can be hidden. */
    forget() {
        if (!this.mayHide) return;
        this.details = null;
        this.dispatchEvent(new Event('change'));
    }

    /** Which windows there are; they come from the room. */
    listed(windows) {
        this.dispatchEvent(new CustomEvent('windows', { detail: windows ?? [] }));
    }

    get mayHide() {
        return this.details !== null;
    }

    /** Whether one more of something can be hidden. */
    canAdd(kind) {
        return this.mayHide && this.details[kind].length < MOST;
    }

    /** @param {boolean} sound whether those from whom the desk is hidden go on hearing it */
    setCurtain(on, sound = false) {
        return this.#send({ type: 'curtain', on, sound });
    }

    askForWindows() {
        return this.#send({ type: 'listWindows' });
    }

    addRectangle(rectangle) {
        return this.#mask({ rectangles: [...this.details.rectangles, rectangle] });
    }

    removeRectangle(index) {
        return this.#mask({ rectangles: this.details.rectangles.filter((_, place) => place !== index) });
    }

    setWindow(id, isHidden) {
        const others = this.details.windows.filter((one) => one !== id);
        return this.#mask({ windows: isHidden ? [...others, id] : others });
    }

    #mask(change) {
        const { rectangles, windows } = this.details;
        return this.#send({ type: 'mask', rectangles, windows, ...change });
    }
}

/** As many as the room takes of each kind. */
const MOST = 16;
