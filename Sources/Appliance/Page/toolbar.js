/** A row of buttons that is one stop of Tab: arrow keys, Home and End lead from one to the other (WAI-ARIA’s `toolbar`). */
export class Toolbar {
    #element;

    /** @param {HTMLElement} element of that role, with all its buttons */
    constructor(element) {
        this.#element = element;
        this.#select(this.#buttons[0]);
        element.addEventListener('keydown', (event) => this.#down(event));
        element.addEventListener('focusin', ({ target }) => this.#select(target));
    }

    focus() {
        this.#buttons.find(({ tabIndex }) => tabIndex === 0)?.focus();
    }

    get #buttons() {
        return [...this.#element.querySelectorAll('button')];
    }

    #select(button) {
        for (const one of this.#buttons) one.tabIndex = one === button ? 0 : -1;
    }

    #down(event) {
        const { key, ctrlKey, altKey, metaKey, target } = event;
        if (ctrlKey || altKey || metaKey) return;
        const buttons = this.#buttons;
        const at = buttons.indexOf(target);
        const forward = getComputedStyle(this.#element).direction === 'rtl' ? -1 : 1;
        const steps = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: 1, ArrowUp: -1 };
        const next = key === 'Home' ? 0 : key === 'End' ? buttons.length - 1 : at + steps[key];
        if (at < 0 || Number.isNaN(next)) return;
        event.preventDefault();
        buttons.at(next % buttons.length).focus();
    }
}
