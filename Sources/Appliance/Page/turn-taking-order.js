import { say } from './catalogue.js';
import { isolated } from './client/foreign.js';

/** The list of who takes turns, and in which order: a box for each person, and buttons that move them up and down. */
export class TurnTakingOrder {
    #list;
    #may;
    /** By id: their row; in the order of the list. */
    #rows = new Map();

    /**
     * @param {HTMLOListElement} list
     * @param {(id: number) => boolean} may whether somebody may drive the desk
     */
    constructor(list, may) {
        this.#list = list;
        this.#may = may;
    }

    /** Those who are chosen, in order. */
    get chosen() {
        return [...this.#list.children].map((item) => Number(item.dataset.person))
            .filter((id) => this.#rows.get(id).input.checked);
    }

    /** @param {{id: number, name: string}[]} people @param {number | undefined} you who is left out at first */
    update(people, you) {
        const there = people.filter(({ id }) => this.#may(id));
        const ids = new Set(there.map(({ id }) => id));
        for (const [id, { item }] of this.#rows) {
            if (ids.has(id)) continue;
            if (item.contains(document.activeElement)) this.#list.closest('.panel')?.focus();
            item.remove();
            this.#rows.delete(id);
        }
        for (const { id, name } of there) this.#write(this.#rows.get(id) ?? this.#add(id, id !== you), name);
        const all = [...this.#list.children];
        all.forEach((item, index) => {
            const { up, down } = this.#rows.get(Number(item.dataset.person));
            up.setAttribute('aria-disabled', String(index === 0));
            down.setAttribute('aria-disabled', String(index === all.length - 1));
        });
    }

    #add(id, isChosen) {
        const [item, label, input, name] = ['li', 'label', 'input', 'span'].map((one) => document.createElement(one));
        item.dataset.person = id;
        label.className = 'check';
        Object.assign(input, { type: 'checkbox', checked: isChosen });
        label.append(input, name);
        const [up, down] = [-1, 1].map((step) => {
            const button = document.createElement('button');
            button.type = 'button';
            button.dataset.step = step;
            button.append(ARROW.cloneNode(true));
            button.addEventListener('click', () => this.#move(item, button, step));
            return button;
        });
        item.append(label, up, down);
        this.#list.append(item);
        const row = { item, input, name, up, down, said: '' };
        this.#rows.set(id, row);
        return row;
    }

    #write(row, name) {
        if (row.said !== name) {
            row.said = name;
            row.name.replaceChildren(isolated(name));
        }
        row.up.setAttribute('aria-label', say('turns.up', { name }));
        row.down.setAttribute('aria-label', say('turns.down', { name }));
    }

    #move(item, button, step) {
        const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
        if (!other) return;
        if (step < 0) other.before(item);
        else other.after(item);
        for (const { up, down, item: one } of this.#rows.values()) {
            up.setAttribute('aria-disabled', String(!one.previousElementSibling));
            down.setAttribute('aria-disabled', String(!one.nextElementSibling));
        }
        // What is moved loses the focus.
        button.focus();
    }
}

const ARROW = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
ARROW.setAttribute('viewBox', '0 0 24 24');
ARROW.setAttribute('aria-hidden', true);
ARROW.setAttribute('focusable', false);
ARROW.append(document.createElementNS(ARROW.namespaceURI, 'path'));
ARROW.firstChild.setAttribute('d', 'M12 19V5M6 11l6-6 6 6');
