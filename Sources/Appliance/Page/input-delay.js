// How long it takes from a press to the picture that shows it. Pure: times are arguments, in milliseconds of `performance.now()`.

/**
 * Reads what the room says of a press (docs/control-protocol.md, 0x54), times in milliseconds; `null` for anything that is not that.
 * @param {ArrayBuffer} buffer
 */
export function parseEffect(buffer) {
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== 32) return null;
    const view = new DataView(buffer);
    if (view.getUint8(0) !== 0x54) return null;
    const [inject, application, capture, encode] = [16, 20, 24, 28].map((at) => view.getUint32(at) / 1000);
    return {
        lease: view.getUint32(4), time: view.getUint32(8), rtpTimestamp: view.getUint32(12),
        parts: { inject, application, capture, encode },
    };
}

/**
 * Brings together the presses of this page, what the room says became of them, and the pictures that the browser has painted, in
 * whichever order they come.
 */
export class InputDelay {
    /** When each press was made, by the time that the room knows it by. */
    #presses = new Map();
    /** What the room has said, and no picture has been painted for. */
    #effects = [];
    /** The last pictures. */
    #frames = [];
    #samples = [];

    /** How many presses have been followed to their picture. */
    count = 0;

    press(time, now) {
        this.#presses.delete(time);
        this.#presses.set(time, now);
        if (this.#presses.size > PRESSES) this.#presses.delete(this.#presses.keys().next().value);
    }

    /** @param {ReturnType<typeof parseEffect>} effect */
    effect(effect, now) {
        const pressed = this.#presses.get(effect.time);
        if (pressed === undefined) return;
        this.#presses.delete(effect.time);
        this.#effects = this.#effects.filter((one) => now - one.told < LONGEST);
        const known = { ...effect, pressed, told: now };
        if (!this.#frames.some((frame) => this.#match(known, frame))) this.#effects.push(known);
    }

    /** A picture has been painted. @param {{rtpTimestamp: number, received: number | undefined, painted: number}} frame */
    frame(frame) {
        this.#frames.push(frame);
        if (this.#frames.length > FRAMES) this.#frames.shift();
        this.#effects = this.#effects.filter((effect) => !this.#match(effect, frame));
    }

    /** Whether the picture is the first one with the effect: one may have been painted in the place of several. */
    #match({ pressed, parts, rtpTimestamp }, { rtpTimestamp: shown, received, painted }) {
        if (((shown - rtpTimestamp) >>> 0) >= HALF || painted < pressed) return false;
        this.count += 1;
        const total = painted - pressed;
        // A browser that does not say when the packets came leaves the network and itself in one.
        const arrived = received ?? painted;
        const inside = parts.inject + parts.application + parts.capture + parts.encode;
        const network = Math.max(0, arrived - pressed - inside);
        this.#samples.push({ total, network, ...parts, decode: Math.max(0, painted - arrived) });
        if (this.#samples.length > SAMPLES) this.#samples.shift();
        return true;
    }

    /** `{count, total, network, …}`, each but the count `{median, p95}`; `null` before the first. */
    get figures() {
        const { length } = this.#samples;
        if (length === 0) return null;
        const parts = PARTS.map((part) => {
            const sorted = this.#samples.map((sample) => sample[part]).sort((a, b) => a - b);
            const at = (share) => Math.round(10 * sorted[Math.min(length - 1, Math.floor(share * length))]) / 10;
            return [part, { median: at(0.5), p95: at(0.95) }];
        });
        return { count: length, ...Object.fromEntries(parts) };
    }

    /** Presses under way are of no use any more: the lease or the connection is another one. */
    forget() {
        this.#presses.clear();
        this.#effects = [];
        this.#frames = [];
    }
}

const PARTS = ['total', 'network', 'inject', 'application', 'capture', 'encode', 'decode'];
const PRESSES = 64;
const FRAMES = 32;
const SAMPLES = 200;
/** Milliseconds that a picture may come after the room's word. */
const LONGEST = 2000;
const HALF = 0x8000_0000;
