import { say } from './catalogue.js';
import { outcomeWords } from './outcome-words.js';
import { roomWords } from './reasons.js';
/** @import { Control } from './control.js' */
/** @import { Names } from './names.js' */

/**
 * Who has control next: this person's own request for it, and those of others that this person may answer.
 *
 * Events: `change`; `asked` when somebody asks this person (`{person, passesOn}` in `detail`: whether control
 * passes on by itself if nothing is answered or done); `notice` (words in `detail`): what has come of a request.
 */
export class Turns extends EventTarget {
    #control;
    #names;
    #send;
    #timer = 0;
    #asks = [];
    /** Whom the room has been told an answer for, but has not told us that it knows. */
    #answered = new Set();

    /** Whether whoever is in control knows that this person would like to be. */
    isWaiting = false;
    /** Why the room said no last, where it did: `{code, values, words}`. @type {object | null} */
    refusal = null;

    /** @param {{control: Control, names: Names, send: (message: object) => boolean}} parts */
    constructor({ control, names, send }) {
        super();
        this.#control = control;
        this.#names = names;
        this.#send = send;
    }

    /** Whether a request is on its way to the room. */
    get isAsking() {
        return this.#timer !== 0;
    }

    /** Who waits for this person to answer, longest first. */
    get asks() {
        return this.#asks.filter(({ id }) => !this.#answered.has(id));
    }

    /** Asks for control, waits for it no longer, or gives it back; returns whether the room can hear of it. */
    toggle() {
        if (this.#control.mine || this.isWaiting) {
            this.#control.releaseAll();
            const isSent = this.#send({ type: 'releaseControl' });
            // What the room says next is no news then.
            if (isSent) this.isWaiting = false;
            this.#changed();
            return isSent;
        }
        this.refusal = null;
        if (!this.#send({ type: 'requestControl' })) return false;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.settle(), ANSWER);
        this.#changed();
        return true;
    }

    /** @param {number} id of somebody who asks @param {boolean} isGiven whether they get control */
    answer(id, isGiven) {
        if (isGiven) this.#control.releaseAll();
        if (!this.#send({ type: isGiven ? 'grantControl' : 'declineControl', person: id })) return false;
        this.#answered.add(id);
        this.#changed();
        return true;
    }

    /** @param {number} id of somebody who asks, and is to drive beside whoever does */
    letDrive(id) {
        if (!this.#send({ type: 'letDrive', person: id, on: true })) return false;
        this.#answered.add(id);
        this.#changed();
        return true;
    }

    /** A `control` message of the room, after `control` has it, or `null` when nothing is known any more. */
    update(message) {
        this.settle();
        const wasWaiting = this.isWaiting;
        this.isWaiting = message?.waiting === true;
        this.#asks = (message?.asks ?? []).map((person, index) => (
            { ...this.#names.person(person), until: message.asksUntil?.[index] ?? null }
        ));
        const ids = new Set(this.#asks.map(({ id }) => id));
        for (const id of this.#answered) if (!ids.has(id)) this.#answered.delete(id);
        this.#changed();
        const { mine, holder } = this.#control;
        // The room gives its reasons as codes, and in words of its own.
        const reason = (what, otherwise) => (message[what] || message[`${what}Code`]
            ? roomWords({ code: message[`${what}Code`], values: message.values, message: message[what] }, otherwise) : '');
        const denied = message ? reason('denied', say('control.notGiven')) : '';
        this.refusal = denied ? { code: message.deniedCode, values: message.values, words: denied } : null;
        const words = message && outcomeWords({
            wasWaiting, isWaiting: this.isWaiting, mine, holder,
            denied,
            isCoded: Boolean(message.deniedCode) && !NAMED.has(message.deniedCode),
            ended: reason('ended', say('control.taken')),
            isInTurns: Boolean(message.turns),
        });
        if (words) this.dispatchEvent(new CustomEvent('notice', { detail: words }));
    }

    /** A `controlRequested` message of the room. */
    requested({ from, within }) {
        if (!from) return;
        const person = this.#names.person(from);
        this.#answered.delete(person.id);
        if (!this.#asks.some(({ id }) => id === person.id)) this.#asks.push(person);
        this.#changed();
        const detail = { person, passesOn: this.#control.mine && Number.isFinite(within) };
        this.dispatchEvent(new CustomEvent('asked', { detail }));
    }

    /** The room has answered, be it by a refusal. */
    settle() {
        clearTimeout(this.#timer);
        this.#timer = 0;
        this.#changed();
    }

    #changed() {
        this.dispatchEvent(new Event('change'));
    }
}

/** Reasons that this page says by itself, with the name that it has for the holder. */
const NAMED = new Set(['controlAsked', 'controlKept']);
/** Milliseconds to wait for the room's answer to a request for control. */
const ANSWER = 5000;
