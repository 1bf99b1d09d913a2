import { say } from './catalogue.js';

/** The details for support beneath a problem: folded until somebody wants them, and to be copied. */
export class SupportFold {
    #at;
    #details;

    /** @param {{at: Record<string, HTMLElement>, details: () => string}} parts `details`: the text as of now */
    constructor({ at, details }) {
        this.#at = at;
        this.#details = details;
        at['support-fold'].addEventListener('toggle', () => this.update());
        at['support-copy'].addEventListener('click', () => this.#copy());
    }

    /** Writes what is known now, if anybody sees it. */
    update() {
        const { 'support-fold': fold, 'support-text': text, 'support-copied': copied } = this.#at;
        if (!fold.open) {
            copied.textContent = '';
            return;
        }
        // Whoever has marked some of it goes on doing so.
        if (!getSelection().isCollapsed && text.contains(getSelection().anchorNode)) return;
        text.textContent = this.#details();
    }

    async #copy() {
        const { 'support-text': text, 'support-copied': copied } = this.#at;
        try {
            await navigator.clipboard.writeText(text.textContent);
            copied.textContent = say('why.copied');
        } catch {
            copied.textContent = say('why.notCopied');
            getSelection().selectAllChildren(text);
        }
    }
}
