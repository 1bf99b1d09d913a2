/**
 * A panel that a button of the bar opens. Escape closes it, and so does whoever presses or goes on to anything else: that
 * must not stay hidden under it.
 */
export class Popup extends EventTarget {
    #button;
    #panel;

    /** @param {{button: HTMLElement, panel: HTMLElement}} parts which have an element around both */
    constructor({ button, panel }) {
        super();
        this.#button = button;
        this.#panel = panel;
        const around = button.parentElement;
        button.addEventListener('click', () => this.show(panel.hidden));
        for (const type of ['pointerdown', 'focusin']) {
            document.addEventListener(type, ({ target }) => {
                if (!around.contains(target)) this.show(false);
            });
        }
        around.addEventListener('keydown', ({ key }) => {
            if (key !== 'Escape' || panel.hidden) return;
            this.show(false);
            button.focus();
        });
    }

    get isShown() {
        return !this.#panel.hidden;
    }

    show(isShown) {
        if (isShown === this.isShown) return;
        this.#panel.hidden = !isShown;
        this.#button.setAttribute('aria-expanded', String(isShown));
        this.dispatchEvent(new Event('change'));
    }
}
