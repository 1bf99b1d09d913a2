import { MODIFIERS } from './keysyms.js';

/**
 * Modifiers that are down here, and not on the desk yet, because the browser may want the key that follows them: then the desk
 * hears of neither. One that is let go without any key is told of after all.
 */
export class WithheldModifiers {
    #held = new Map();
    /** Whether the browser had a key with them. */
    #isBrowsers = false;

    /** Whether this is one that begins shortcuts of a browser; Shift alone does not. */
    static concerns(keysym) {
        return BEGINNINGS.has(keysym);
    }

    /** @param {string} place `KeyboardEvent.code` */
    hold(place, keysym) {
        if (this.#held.size === 0) this.#isBrowsers = false;
        this.#held.set(place, keysym);
    }

    /** The browser has had the key. */
    handedOver() {
        this.#isBrowsers = true;
    }

    /** They belong to the desk after all. @param {(place: string, keysym: number) => void} press */
    pass(press) {
        for (const [place, keysym] of this.#held) press(place, keysym);
        this.#held.clear();
    }

    /** Returns the keysym of one that is let go, if the desk should hear of it; else `null`. */
    up(place) {
        const keysym = this.#held.get(place) ?? null;
        this.#held.delete(place);
        return this.#isBrowsers ? null : keysym;
    }

    /** Those are not down any more. @param {number[]} keysyms */
    drop(keysyms) {
        for (const [place, keysym] of this.#held) if (keysyms.includes(keysym)) this.#held.delete(place);
    }

    get isEmpty() {
        return this.#held.size === 0;
    }

    clear() {
        this.#held.clear();
    }
}

const BEGINNINGS = new Set([...MODIFIERS.Control, ...MODIFIERS.Alt, ...MODIFIERS.Meta]);
