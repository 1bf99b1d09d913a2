/**
 * How much of a file may be under way, so that it yields to everything else: LEDBAT (RFC 6817), as the desk does it in the other
 * direction (`DelayBasedWindow`). It grows while what it sends waits in queues for less than the target, and shrinks while it
 * waits for longer. Pure: times are arguments.
 */
export class DelayWindow {
    /** Bytes that may be under way. */
    bytes = 4 * PIECE;
    /** The least delay of each of the last minutes, the latest last. */
    #history = [];
    #minute = -Infinity;
    #recent = [];

    /**
     * @param {number} count bytes that were acknowledged now
     * @param {number} delay the receiver's clock less the sender's, in microseconds, modulo 2³²
     * @param {number} flight bytes that were under way before: who does not use the window does not widen it
     * @param {number} now milliseconds
     */
    acknowledged(count, delay, flight, now) {
        if (now < this.#minute + 60_000) {
            this.#history.push(earlier(this.#history.pop(), delay));
        } else {
            this.#minute = now;
            this.#history.push(delay);
            if (this.#history.length > MINUTES) this.#history.shift();
        }
        this.#recent.push(delay);
        if (this.#recent.length > FILTER) this.#recent.shift();
        const queueing = Math.max(0, difference(this.#recent.reduce(earlier), this.#history.reduce(earlier)));
        const room = (TARGET - queueing) / TARGET;
        // Slowly up, and down by up to a half within a round trip: whoever comes must not wait for it.
        const change = room < 0 ? Math.max(-0.5, room) : room * SEGMENT / this.bytes;
        if (change > 0 && flight + SEGMENT < this.bytes / 2) return;
        const wanted = this.bytes + Math.max(change * count, -this.bytes / 2);
        this.bytes = Math.min(Math.max(Math.round(wanted), LEAST), MOST);
    }

    /** Nothing was acknowledged for long: whatever was learnt may be of another path. */
    silent() {
        this.bytes = LEAST;
    }
}

/** Microseconds of this page's clock, modulo 2³². */
export const stampNow = () => Math.round(performance.now() * 1000) % 2 ** 32;
/** What the receiver tells of a stamp. */
export const delayOf = (stamp) => (stampNow() - stamp) >>> 0;

const difference = (one, other) => (one - other) | 0;
const earlier = (one, other) => (difference(one, other) < 0 ? one : other);

/** Microseconds. */
const TARGET = 20_000;
const PIECE = 16_384 - 16;
const LEAST = PIECE;
const MOST = 262_144;
const SEGMENT = 1_200;
const MINUTES = 10;
const FILTER = 4;
