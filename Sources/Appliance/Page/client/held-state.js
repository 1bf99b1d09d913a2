import * as protocol from './protocol.js';

/**
 * What is down on the desk by what this page has sent. It says so four times a second while anything is, and once when nothing is
 * any more; the desk lets go of everything else, and says what of it is not down. So no key and no button stays down that nobody
 * holds, whatever was lost on the way.
 */
export class HeldState {
    #write;
    /** By keysym and place: `[keysym, place, when it was pressed]`. */
    #keys = new Map();
    #buttons = new Map();
    #timer = 0;

    /** How many keys and buttons: that the desk has let go of by itself, and that were not down as this page thought. */
    figures = { released: 0, forgotten: 0 };

    /** @param {(encode: (lease: number, time: number) => ArrayBuffer) => boolean} write past everything that waits */
    constructor(write) {
        this.#write = write;
    }

    /** A key has been sent. @param {number} time as in the event */
    key(isDown, keysym, place, time) {
        this.#note(this.#keys, isDown, keyName(keysym, place), [keysym, place, time]);
        // More than the desk is told of: it lets go of the rest.
        if (this.#keys.size > protocol.HELD_KEYS) this.#keys.delete(this.#keys.keys().next().value);
    }

    /** Whether such a key is down, wherever it is. */
    holds(keysym) {
        return [...this.#keys.values()].some(([held]) => held === keysym);
    }

    button(isDown, button, time) {
        this.#note(this.#buttons, isDown, button, [button, time]);
    }

    /** Everything is let go of. */
    clear() {
        this.#keys.clear();
        this.#buttons.clear();
        this.#stop();
    }

    /**
     * The desk has said what it does not hold: returns that of it which was not pressed since.
     * @param {{released: number, time: number, buttons: number[], keys: [number, number][]}} answer
     */
    handle({ released, time, buttons, keys }) {
        this.figures.released += released;
        const isOld = (pressed) => pressed !== undefined && ((time - pressed) | 0) >= 0;
        const gone = {
            keys: keys.filter(([keysym, place]) => isOld(this.#keys.get(keyName(keysym, place))?.[2])),
            buttons: buttons.filter((button) => isOld(this.#buttons.get(button)?.[1])),
        };
        for (const [keysym, place] of gone.keys) this.#keys.delete(keyName(keysym, place));
        for (const button of gone.buttons) this.#buttons.delete(button);
        this.figures.forgotten += gone.keys.length + gone.buttons.length;
        return gone;
    }

    #note(map, isDown, name, value) {
        map.delete(name);
        if (isDown) map.set(name, value);
        this.#timer ||= setInterval(() => this.#tell(), PERIOD);
    }

    #tell() {
        const keys = [...this.#keys.values()];
        const buttons = [...this.#buttons.keys()];
        const isTold = this.#write((lease, time) => protocol.held(lease, time, buttons, keys));
        if (!isTold || keys.length + buttons.length === 0) this.#stop();
    }

    #stop() {
        clearInterval(this.#timer);
        this.#timer = 0;
    }
}

const keyName = (keysym, place) => `${keysym} ${place}`;
/** Milliseconds. The desk lets go of everything when it has heard nothing for a second. */
const PERIOD = 250;
