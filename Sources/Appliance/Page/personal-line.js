import { say } from './catalogue.js';

/** A field for a line to one person, with a button that sends it; made by `label`, `send` and `cancel`, ids of words. */
export class PersonalLine {
    #onSend;
    #onCancel;

    /** @param {{label: string, send: string, onSend: (line: string) => void, onCancel: () => void}} parts */
    constructor({ label, send, onSend, onCancel, isDanger = false }) {
        this.#onSend = onSend;
        this.#onCancel = onCancel;
        this.element = document.createElement('form');
        this.element.className = 'line';
        const name = document.createElement('label');
        const words = document.createElement('span');
        words.textContent = say(label);
        this.field = document.createElement('input');
        Object.assign(this.field, { type: 'text', maxLength: LONGEST, autocomplete: 'off', dir: 'auto' });
        name.append(words, this.field);
        const [yes, no] = [document.createElement('button'), document.createElement('button')];
        Object.assign(yes, { type: 'submit', textContent: say(send), className: isDanger ? 'danger' : 'primary' });
        Object.assign(no, { type: 'button', textContent: say('moderate.cancel') });
        this.element.append(name, yes, no);
        this.element.addEventListener('submit', (event) => {
            event.preventDefault();
            this.#onSend(this.field.value.trim());
        });
        no.addEventListener('click', () => this.#onCancel());
        this.element.addEventListener('keydown', (event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            event.preventDefault();
            this.#onCancel();
        });
    }
}

/** As the room takes them (docs/signalling.md). */
const LONGEST = 300;
