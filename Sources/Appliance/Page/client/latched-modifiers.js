import { MODIFIERS } from './keysyms.js';
/** @import { Control } from './control.js' */

/**
 * Modifiers that are pressed on the page, and are down on the desk until the next key has been pressed, be it one of the page's or
 * a typed one. XKB calls this latching; accessibility settings, sticky keys.
 *
 * Before a key that is none of them: `use`, and its keysym is that of `held(event)`. After it: `releaseUsed`.
 *
 * Events: `change`.
 */
export class LatchedModifiers extends EventTarget {
    #control;
    #down = new Set();
    /** Whether a key has been pressed with them. */
    #isUsed = false;

    /** @param {Control} control */
    constructor(control) {
        super();
        this.#control = control;
        // The desk holds nothing any more.
        control.addEventListener('released', () => this.#forget());
        control.addEventListener('dropped', ({ detail }) => {
            for (const [keysym, place] of detail.keys) if (place === 0) this.giveWay(keysym);
        });
    }

    /** @param {string} name as `KeyboardEvent.key` calls a modifier */
    holds(name) {
        return this.#down.has(name);
    }

    get isEmpty() {
        return this.#down.size === 0;
    }

    toggle(name) {
        if (!this.#control.mine) return;
        this.releaseUsed();
        const isDown = !this.#down.delete(name);
        if (isDown) this.#down.add(name);
        this.#control.key(isDown, MODIFIERS[name][0]);
        this.dispatchEvent(new Event('change'));
    }

    /** A key is about to be pressed: it has them, and the next one does not. */
    use() {
        this.releaseUsed();
        this.#isUsed = !this.isEmpty;
    }

    /** What is known of a key event, as if they were held by hand. */
    held(event) {
        if (this.isEmpty) return event;
        const { key, code, location, repeat, shiftKey, ctrlKey, altKey, metaKey } = event;
        return {
            key: this.holds('Shift') ? shifted(key) : key,
            code,
            location,
            repeat,
            shiftKey: shiftKey || this.holds('Shift'),
            ctrlKey: ctrlKey || this.holds('Control'),
            altKey: altKey || this.holds('Alt'),
            metaKey: metaKey || this.holds('Meta'),
        };
    }

    /** A hand presses one of them on a keyboard: it lets go of it, too. */
    giveWay(keysym) {
        for (const name of this.#down) {
            if (MODIFIERS[name][0] !== keysym) continue;
            this.#down.delete(name);
            this.dispatchEvent(new Event('change'));
        }
    }

    releaseUsed() {
        if (this.#isUsed) this.release();
    }

    release() {
        for (const name of this.#down) this.#control.key(false, MODIFIERS[name][0]);
        this.#forget();
    }

    #forget() {
        this.#isUsed = false;
        if (this.isEmpty) return;
        this.#down.clear();
        this.dispatchEvent(new Event('change'));
    }
}

/** A character that Shift makes of a letter; what it makes of others only a keyboard knows. */
function shifted(key) {
    const upper = key.toUpperCase();
    return [...key].length === 1 && [...upper].length === 1 ? upper : key;
}
