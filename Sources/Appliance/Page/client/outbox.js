import { say } from './catalogue.js';
import { text } from './protocol.js';
/** @import { Gate } from './gate.js' */

/**
 * What goes out by the `control` channel, in order. Keys and buttons go at once. Text goes in pieces, and no more
 * of it is under way than the desk keeps up with: it tells of each piece when it has typed it. What comes after a
 * text waits behind it.
 */
export class Outbox {
    #write;
    #tell;
    #onText;
    /** Encoders of events, some with a gate that they wait for, and arrays of keysyms: pieces of text. */
    #queue = [];
    #queued = 0;
    /** How many keysyms each piece has that the desk has not told of, by its number. */
    #underWay = new Map();
    #sequence = 0;
    #silence = 0;
    /** Of the texts since everything was told of last. */
    #total = 0;
    #missing = 0;
    #reason = '';

    /**
     * @param {{write: (encode: (lease: number, time: number) => ArrayBuffer) => boolean,
     *     tell: (words: string) => void, onText: (sequence: number, keysyms: number[], isAgain: boolean) => void}} parts
     *     `tell`: says to the person what was not typed; `onText`: a piece is on its way
     */
    constructor({ write, tell, onText = () => {} }) {
        this.#write = write;
        this.#tell = tell;
        this.#onText = onText;
    }

    /**
     * Returns whether the event is on its way.
     * @param {Gate | null} gate what it waits for, and all that follows; one that closes leaves out the event
     */
    event(encode, gate = null) {
        if (this.#queue.length === 0 && !gate) return this.#write(encode);
        this.#queue.push(gate ? { encode, gate } : encode);
        gate?.settled.then(() => this.#pump());
        return true;
    }

    /** @param {number[]} keysyms to be pressed and let go one after the other */
    text(keysyms) {
        const room = Math.max(0, LIMIT - this.#queued);
        this.#total += keysyms.length;
        if (keysyms.length > room) this.#lose(keysyms.length - room, 'tooLong');
        for (let i = 0; i < Math.min(keysyms.length, room); i += PIECE) {
            const piece = keysyms.slice(i, Math.min(i + PIECE, room));
            this.#queue.push(piece);
            this.#queued += piece.length;
        }
        this.#pump();
    }

    /** What did not arrive, by keys of the desk that are free, unless something waits. @param {number[]} keysyms at most a piece */
    again(keysyms) {
        if (this.#queue.length > 0) return false;
        const piece = Object.assign(keysyms.slice(0, PIECE), { isAgain: true });
        this.#total += piece.length;
        this.#queued += piece.length;
        this.#queue.push(piece);
        this.#pump();
        return true;
    }

    /** What the room says of a piece: `{sequence, outcome, delivered}`. */
    receipt({ sequence, outcome, delivered }) {
        const count = this.#underWay.get(sequence);
        if (count === undefined) return;
        this.#underWay.delete(sequence);
        if (outcome !== 0) {
            this.#reason = REASONS[outcome] ?? REASONS[2];
            this.#lose(count - Math.min(count, delivered), this.#reason);
            // Half a text is worse than its beginning, but a character without a key is only that.
            if (outcome !== NO_KEY) this.#dropText();
        }
        this.#pump();
    }

    /** Nothing of what waits is wanted any more. @param {string} reason as in `undelivered` */
    clear(reason) {
        for (const count of this.#underWay.values()) this.#lose(count, reason);
        this.#underWay.clear();
        this.#reason ||= reason;
        this.#dropText();
        this.#queue = [];
        this.#settle();
    }

    #pump() {
        while (this.#queue.length > 0) {
            const next = this.#queue[0];
            if (typeof next === 'function') {
                this.#queue.shift();
                this.#write(next);
                continue;
            }
            if (next.gate) {
                if (next.gate.state === 'waiting') break;
                this.#queue.shift();
                if (next.gate.state === 'open') this.#write(next.encode);
                continue;
            }
            if (this.#flying + next.length > WINDOW) break;
            this.#queue.shift();
            this.#queued -= next.length;
            const sequence = this.#sequence;
            if (!this.#write((lease, time) => text(lease, time, sequence, next, next.isAgain))) {
                this.#lose(next.length, REASONS[2]);
                this.#dropText();
                continue;
            }
            this.#sequence = (sequence + 1) & 0xffff;
            this.#underWay.set(sequence, next.length);
            this.#onText(sequence, next, next.isAgain === true);
        }
        this.#settle();
    }

    get #flying() {
        return [...this.#underWay.values()].reduce((sum, count) => sum + count, 0);
    }

    #lose(count, reason) {
        this.#missing += count;
        if (count > 0) this.#reason = reason;
    }

    #dropText() {
        this.#lose(this.#queued, this.#reason);
        this.#queued = 0;
        this.#queue = this.#queue.filter((one) => !Array.isArray(one));
    }

    /** Says what was lost once all is known, and gives up on a desk that does not answer. */
    #settle() {
        clearTimeout(this.#silence);
        if (this.#underWay.size > 0) {
            this.#silence = setTimeout(() => this.clear('silent'), SILENCE);
            return;
        }
        if (this.#missing > 0) this.#tell(undelivered(this.#missing, this.#total, this.#reason));
        [this.#missing, this.#total, this.#reason] = [0, 0, ''];
    }
}

/** @param {string} reason the end of the id of its words */
export function undelivered(missing, total, reason) {
    const values = { count: total, reason: say(`typed.reason.${reason}`) };
    return missing === total ? say('typed.none', values) : say('typed.some', { ...values, typed: total - missing });
}

/** By the outcome in a receipt (docs/control-protocol.md). */
const REASONS = ['', 'tooFast', 'unreached', 'noKey', 'released', 'mayNot'];
const NO_KEY = 3;

// Keysyms.
const PIECE = 32;
const WINDOW = 128;
const LIMIT = 20_000;
/** Milliseconds. */
const SILENCE = 15_000;
