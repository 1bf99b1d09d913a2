/**
 * A panel that a button of the bar opens. Escape closes it, and so does whoever presses or goes on to anything else: that
 * must not stay hidden under it.
 */
export class Popup extends EventTarget {
    static #all = [];

    /** Closes whatever is open, as when this person is no longer in the room. */
    static closeAll() {
        for (const popup of Popup.#all) popup.show(false);
    }

    #panel;

    /** @param {{button: HTMLElement, panel: HTMLElement}} parts which have an element around both */
    constructor({ button, panel }) {
        super();
        Popup.#all.push(this);
        this.#panel = panel;
        const around = button.parentElement;
        // Whoever has nothing to show any more hides their panel themselves.
        const observer = new MutationObserver(() => button.setAttribute('aria-expanded', String(this.isShown)));
        observer.observe(panel, { attributeFilter: ['hidden'] });
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
        this.dispatchEvent(new Event('change'));
    }
}
