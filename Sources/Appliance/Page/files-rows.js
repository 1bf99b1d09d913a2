import { isolated } from './client/foreign.js';

/** A list of files whose elements stay, so that the focus does. */
export class Rows {
    #list;
    #panel;
    #rows = new Map();

    /** @param {HTMLUListElement} list @param {HTMLElement} panel which has the focus when a row goes that had it */
    constructor(list, panel) {
        this.#list = list;
        this.#panel = panel;
    }

    /**
     * @param {object[]} things
     * @param {(thing: object) => unknown} key
     * @param {(row: Row, thing: object) => void} write
     */
    update(things, key, write) {
        const keys = new Set(things.map(key));
        for (const [known, row] of this.#rows) {
            if (keys.has(known)) continue;
            if (row.item.contains(document.activeElement)) this.#panel.focus();
            row.item.remove();
            this.#rows.delete(known);
        }
        things.forEach((thing, index) => {
            const row = this.#rows.get(key(thing)) ?? new Row();
            this.#rows.set(key(thing), row);
            const there = this.#list.children[index];
            if (there !== row.item) this.#list.insertBefore(row.item, there ?? null);
            write(row, thing);
        });
    }
}

class Row {
    #name = document.createElement('p');
    #words = document.createElement('p');
    #actions = document.createElement('div');
    #bar = null;
    #buttons = new Map();

    item = document.createElement('li');

    constructor() {
        this.#name.className = 'name';
        this.#words.className = 'note';
        this.#actions.className = 'actions';
        this.item.append(this.#name, this.#words, this.#actions);
    }

    say(name, words) {
        if (this.#name.textContent !== name) this.#name.replaceChildren(isolated(name));
        if (this.#words.textContent !== words) this.#words.textContent = words;
    }

    /** @param {number | null} share from 0 to 1; `null`: nothing goes on */
    progress(share, label) {
        if (share === null) {
            this.#bar?.remove();
            this.#bar = null;
            return;
        }
        if (!this.#bar) {
            this.#bar = document.createElement('progress');
            this.#words.after(this.#bar);
        }
        this.#bar.value = share;
        this.#bar.setAttribute('aria-label', label);
    }

    /** @param {{id: string, text: string, label: string, act: () => void}[]} wanted */
    buttons(wanted) {
        const ids = new Set(wanted.map(({ id }) => id));
        for (const [id, button] of this.#buttons) {
            if (ids.has(id)) continue;
            button.remove();
            this.#buttons.delete(id);
        }
        for (const { id, text, label, act } of wanted) {
            let button = this.#buttons.get(id);
            if (!button) {
                button = document.createElement('button');
                button.type = 'button';
                this.#buttons.set(id, button);
                this.#actions.append(button);
            }
            if (button.textContent !== text) button.textContent = text;
            button.setAttribute('aria-label', label);
            button.onclick = act;
        }
    }
}
