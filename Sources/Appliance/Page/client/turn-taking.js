/**
 * People who have control one after the other, as the room tells of it in its `control` messages.
 *
 * Events: `change`; `began`, `paused`, `resumed` and `ended`.
 */
export class TurnTaking extends EventTarget {
    #send;
    #you = null;

    isOn = false;
    /** Ids, in whose order it goes. */
    order = [];
    /** Whose turn it is, and whose is next: ids, or `null`. */
    current = null;
    next = null;
    /** Whether nobody is given a turn until it goes on. */
    isPaused = false;
    /** For each turn; `null`: without an end. */
    seconds = null;

    /** @param {(message: object) => boolean} send */
    constructor(send) {
        super();
        this.#send = send;
    }

    /** Whether it is this person's turn. */
    get isYours() {
        return this.isOn && this.current !== null && this.current === this.#you;
    }

    /** @param {object | null | undefined} message as the room tells it; without one nobody takes turns @param {number} you */
    update(message, you) {
        const before = { isOn: this.isOn, isPaused: this.isPaused };
        const { order = [], current = null, next = null, paused = false, seconds = null } = message ?? {};
        this.#you = you;
        Object.assign(this, { isOn: Boolean(message), order, current, next, isPaused: paused === true, seconds });
        this.dispatchEvent(new Event('change'));
        if (this.isOn !== before.isOn) this.dispatchEvent(new Event(this.isOn ? 'began' : 'ended'));
        else if (this.isPaused !== before.isPaused) this.dispatchEvent(new Event(this.isPaused ? 'paused' : 'resumed'));
    }

    // Each returns whether the room can hear of it.

    /** @param {number[]} people ids, in order @param {number} seconds for each turn; 0: without an end */
    begin(people, seconds) {
        return this.#send({ type: 'turns', action: 'begin', people, ...(seconds > 0 && { seconds }) });
    }

    pass() {
        return this.#send({ type: 'turns', action: 'pass' });
    }

    resume() {
        return this.#send({ type: 'turns', action: 'resume' });
    }

    end() {
        return this.#send({ type: 'turns', action: 'end' });
    }
}
