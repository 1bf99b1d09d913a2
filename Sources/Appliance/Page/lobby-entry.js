import { say } from './catalogue.js';
import { isolated, shownName, shownText } from './client/foreign.js';
import { PersonalLine } from './personal-line.js';

/** One person who waits, with what can be done: let them in, write to them, or not let them in and say why. */
export class LobbyEntry {
    #person;
    #name = document.createElement('p');
    #state = document.createElement('p');
    #buttons = document.createElement('div');
    #form = null;

    /** @param {{id: number, name: string}} person @param {Oversight} oversight */
    constructor(person, oversight) {
        this.#person = person;
        this.element = document.createElement('li');
        this.element.className = 'waiter';
        this.#name.className = 'name';
        this.#state.className = 'note';
        this.#buttons.className = 'row';
        const { id } = person;
        this.#button('admit', 'primary', () => oversight.admit(id));
        this.#button('tell', '', () => this.#open({
            label: 'lobby.line', send: 'lobby.send', onSend: (line) => line && oversight.tell(id, line),
        }));
        this.#button('refuse', '', () => this.#open({
            label: 'lobby.reason', send: 'lobby.refuse', isDanger: true,
            onSend: (reason) => oversight.refuse(id, reason),
        }));
        this.element.append(this.#name, this.#state, this.#buttons);
        this.update(person, 0);
    }

    /** Whether somebody writes here: then nothing is moved away from under them. */
    get hasFocus() {
        return this.element.contains(document.activeElement);
    }

    /** The first button, for the focus. */
    focus() {
        this.#buttons.firstElementChild.focus();
    }

    /** @param {object} person as the room tells @param {number} minutes for how long they have waited */
    update(person, minutes) {
        this.#person = person;
        const name = shownName(person.name, person.id);
        this.#name.replaceChildren(isolated(name));
        const count = Math.max(0, Math.floor(minutes));
        const words = [say(`role.${person.role}`), count > 0 ? say('lobby.waits', { count }) : say('lobby.justCame')];
        if (person.away) words.push(say('lobby.away'));
        const told = person.line ? ` ${say('lobby.told', { line: shownText(person.line) })}` : '';
        const text = `${words.join(', ')}.${told}`;
        if (this.#state.textContent !== text) this.#state.textContent = text;
        for (const button of this.#buttons.children) {
            const { act } = button.dataset;
            button.textContent = say(`lobby.${act}`);
            button.setAttribute('aria-label', say(`lobby.${act}Name`, { name }));
        }
    }

    #button(act, className, press) {
        const button = document.createElement('button');
        Object.assign(button, { type: 'button', className });
        button.dataset.act = act;
        button.addEventListener('click', press);
        this.#buttons.append(button);
    }

    #open({ onSend, ...parts }) {
        const opener = document.activeElement;
        this.#close();
        const close = () => {
            this.#close();
            opener?.focus();
        };
        this.#form = new PersonalLine({
            ...parts, onCancel: close,
            onSend: (line) => {
                onSend(line);
                close();
            },
        });
        this.element.append(this.#form.element);
        this.#form.field.focus();
    }

    #close() {
        this.#form?.element.remove();
        this.#form = null;
    }
}
