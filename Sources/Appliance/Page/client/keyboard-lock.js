import { browser } from './storage.js';
/** @import { Control } from './control.js' */

/**
 * Whose the shortcuts are that a browser and the desk both have, as the person wants it in this browser. If they are the desk's,
 * a page gets most of them by itself; the rest (Control and W, Alt and Tab, the Windows key) it gets by Keyboard Lock (WICG),
 * which Chromium has, and only while the page fills the screen.
 *
 * Events: `change`.
 */
export class KeyboardLock extends EventTarget {
    #control;
    #surface;
    #isWanted = false;
    #isLocked = false;

    /** Whether shortcuts go to the desk. */
    isDesks = browser.read(KEY) !== BROWSERS;

    /** @param {{control: Control, surface: HTMLElement}} parts `surface`: what fills the screen */
    constructor({ control, surface }) {
        super();
        this.#control = control;
        this.#surface = surface;
        document.addEventListener('fullscreenchange', () => this.#apply());
        control.addEventListener('change', () => this.#apply());
    }

    /** @param {boolean} isDesks */
    choose(isDesks) {
        this.isDesks = isDesks;
        browser.write(KEY, isDesks ? null : BROWSERS);
        this.dispatchEvent(new Event('change'));
        this.#apply();
    }

    /** `browsers`, `all` (the desk gets all), `fullScreen` (it would, in full screen) or `most`. */
    get state() {
        if (!this.isDesks) return 'browsers';
        if (this.#isLocked) return 'all';
        const isThere = typeof navigator.keyboard?.lock === 'function' && document.fullscreenEnabled;
        return isThere && document.fullscreenElement !== this.#surface ? 'fullScreen' : 'most';
    }

    /** Whoever only watches keeps their keys. */
    async #apply() {
        const isWanted = this.isDesks && this.#control.mine && document.fullscreenElement === this.#surface;
        if (isWanted !== this.#isWanted) {
            this.#isWanted = isWanted;
            this.#isLocked = false;
            if (isWanted) await this.#lock();
            else navigator.keyboard?.unlock?.();
        }
        this.dispatchEvent(new Event('change'));
    }

    async #lock() {
        try {
            await navigator.keyboard?.lock?.();
        } catch {
            // The browser refuses, or the person does: they keep some shortcuts, and are told so.
            return;
        }
        this.#isLocked = this.#isWanted && typeof navigator.keyboard?.lock === 'function';
    }
}

const KEY = 'deskroom shortcuts';
const BROWSERS = 'browser';
