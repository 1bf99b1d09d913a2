import { PLATFORM } from './client/keyboard.js';

/**
 * Alt, Shift and a letter press a button of the bar, as its `aria-keyshortcuts` says; not while keys go to the
 * desk. They need Alt so that nobody turns a camera on who goes on typing after having lost control.
 */
export class Shortcuts {
    #buttons = new Map();
    #keys;

    /** @param {HTMLElement} keys what types on the desk */
    constructor(keys) {
        this.#keys = keys;
        for (const button of document.querySelectorAll('[aria-keyshortcuts]')) {
            this.#buttons.set(`Key${button.getAttribute('aria-keyshortcuts').at(-1)}`, button);
        }
        document.addEventListener('keydown', (event) => this.#down(event));
    }

    #down(event) {
        const { altKey, shiftKey, ctrlKey, metaKey, repeat, target } = event;
        if (!altKey || !shiftKey || ctrlKey || metaKey || repeat || target === this.#keys) return;
        // On a Mac these make characters.
        if (PLATFORM === 'mac' && target.matches('input, textarea')) return;
        const button = this.#buttons.get(event.code);
        if (!button?.checkVisibility()) return;
        event.preventDefault();
        // What it opens comes next then, and does not close again because the keys go on to something else.
        if (button.hasAttribute('aria-expanded')) button.focus();
        button.click();
    }
}
