import { pointing } from './pointing-protocol.js';

/**
 * Tells the room where this person points, some thirty times a second at most: the newest place, and never one again that is
 * old. Nothing is sent twice for having been lost: each message says all there is, and what must not be missed
 * (a press, and that the pointer has gone) is said three times.
 */
export class PointingSender {
    #open;
    #channel = null;
    #sequence = 0;
    #presses = 0;
    #press = { x: 0, y: 0 };
    #at = { x: 0, y: 0 };
    #isShown = false;
    #repeats = 0;
    #isDue = false;
    #timer = 0;

    /** @param {() => RTCDataChannel | null} open the channel, which is another one on each connection */
    constructor(open) {
        this.#open = open;
    }

    point({ x, y }) {
        this.#at = { x, y };
        this.#isShown = true;
        this.#soon();
    }

    press({ x, y }) {
        const channel = this.#current;
        if (!channel) return;
        this.#presses = (this.#presses + 1) & 0xffff;
        this.#press = { x, y };
        this.#repeats = REPEATS;
        this.point({ x, y });
    }

    hide() {
        if (!this.#isShown) return;
        this.#isShown = false;
        this.#repeats = REPEATS;
        this.#soon();
    }

    /** The channel there is now; one that has just been made is counted on from the beginning. */
    get #current() {
        const channel = this.#open();
        if (channel !== this.#channel) {
            this.#channel = channel;
            [this.#sequence, this.#presses] = [0, 0];
            channel?.addEventListener('open', () => this.#isShown && this.#soon());
        }
        return channel;
    }

    #soon() {
        this.#isDue = true;
        if (this.#timer === 0) this.#send();
    }

    #send() {
        this.#timer = 0;
        if (!this.#isDue && this.#repeats === 0) return;
        const channel = this.#current;
        if (channel?.readyState !== 'open') return;
        this.#timer = setTimeout(() => this.#send(), PERIOD);
        // What waits in the browser would only be late.
        if (channel.bufferedAmount > BACKLOG) return;
        if (!this.#isDue) this.#repeats -= 1;
        this.#isDue = false;
        this.#sequence = (this.#sequence + 1) & 0xffff;
        channel.send(pointing({
            isShown: this.#isShown, sequence: this.#sequence, at: this.#at, presses: this.#presses, press: this.#press,
        }));
    }
}

/** Milliseconds. */
const PERIOD = 33;
const REPEATS = 2;
/** Bytes. */
const BACKLOG = 256;
