import { say } from './catalogue.js';
import { roomWords } from './client/reasons.js';

/** What is shown to somebody whose link is missing or does not let them in: what it is, and what they can do. */
export class LinkView {
    #view;
    #at;
    #refusal = null;

    /** @param {{view: View, onAgain: () => void}} parts `onAgain`: with the same link */
    constructor({ view, onAgain }) {
        this.#view = view;
        this.#at = view.elements;
        this.#at['link-again'].addEventListener('click', onAgain);
    }

    /** Whether a refusal of the room's is about the link. */
    isAbout({ code }) {
        return /^token[A-Z]/.test(code ?? '');
    }

    /** @param {{code: string, values?: object, message?: string} | null} refusal the room's; `null`: there is no link */
    show(refusal) {
        this.#refusal = refusal;
        this.#view.showLink();
        this.write();
        this.#at['link-title'].focus();
    }

    /** Writes the words, in the language that is chosen. */
    write() {
        const kind = this.#refusal ? 'refused' : 'missing';
        this.#at['link-title'].textContent = say(`link.${kind}.title`);
        this.#at['link-text'].textContent = this.#refusal
            ? roomWords(this.#refusal, say('refused.join')) : say('link.missing.text');
        this.#at['link-note'].textContent = say('link.missing.note');
        this.#at['link-note'].hidden = this.#refusal !== null;
        this.#at['link-again'].hidden = !PASSING.has(this.#refusal?.code);
    }
}

/** Refusals that are over by themselves. */
const PASSING = new Set(['tokenNotYetValid', 'tokenTooManyTries']);
