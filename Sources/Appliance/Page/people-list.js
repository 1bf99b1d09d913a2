import { current, say } from './catalogue.js';
import { isolated } from './client/foreign.js';

/** Everybody in the room by name, with what can be done about each; elements stay, so that the focus does. */
export class PeopleList {
    #list;
    #actions;
    #rows = new Map();

    /**
     * @param {HTMLUListElement} list
     * @param {(person: object) => {id: string, text: string, label: string, isPressed?: boolean, act: () => void}[]} actions
     *     the buttons for one person
     */
    constructor(list, actions) {
        this.#list = list;
        this.#actions = actions;
    }

    /** @param {(id: number) => string[]} words what there is to say about a person */
    update(people, you, holder, words) {
        const ids = new Set(people.map(({ id }) => id));
        for (const [id, row] of this.#rows) {
            if (ids.has(id)) continue;
            // Whoever stands on somebody who goes stays in the list.
            if (row.item.contains(document.activeElement)) this.#list.closest('.panel')?.focus();
            row.item.remove();
            this.#rows.delete(id);
        }
        people.forEach((person, index) => {
            const row = this.#rows.get(person.id) ?? this.#add(person.id);
            const there = this.#list.children[index];
            if (there !== row.item) this.#list.insertBefore(row.item, there ?? null);
            this.#write(row, person, { isYou: person.id === you?.id, isHolder: person.id === holder?.id }, words(person.id));
        });
    }

    #add(id) {
        const item = document.createElement('li');
        const actions = document.createElement('div');
        actions.className = 'actions';
        item.dataset.person = id;
        const row = { item, actions, said: '', buttons: new Map() };
        this.#rows.set(id, row);
        return row;
    }

    #write(row, person, { isYou, isHolder }, words) {
        const said = JSON.stringify([person.name, isYou, isHolder, words, current().tag]);
        if (said !== row.said) {
            row.said = said;
            for (const child of [...row.item.childNodes]) if (child !== row.actions) child.remove();
            const parts = [isolated(person.name)];
            if (isYou) parts.push(small(` ${say('person.you')}`));
            if (isHolder) parts.push(small(` ${say('person.holder')}`, 'holder'));
            for (const one of words.filter(Boolean)) parts.push(small(one, 'state'));
            row.item.prepend(...parts);
        }
        this.#buttons(row, this.#actions(person));
    }

    #buttons({ item, actions, buttons }, wanted) {
        const ids = new Set(wanted.map(({ id }) => id));
        for (const [id, button] of buttons) {
            if (ids.has(id)) continue;
            // Who has just pressed it goes on from where they are.
            if (button === document.activeElement) (actions.querySelector('button:not(:focus)') ?? item.closest('.panel'))?.focus();
            button.remove();
            buttons.delete(id);
        }
        wanted.forEach(({ id, text, label, isPressed, act }, index) => {
            const button = buttons.get(id) ?? document.createElement('button');
            buttons.set(id, button);
            button.type = 'button';
            button.dataset.action = id;
            button.onclick = act;
            if (button.textContent !== text) button.textContent = text;
            if (button.getAttribute('aria-label') !== label) button.setAttribute('aria-label', label);
            if (isPressed === undefined) button.removeAttribute('aria-pressed');
            else button.setAttribute('aria-pressed', String(isPressed));
            if (actions.children[index] !== button) actions.insertBefore(button, actions.children[index] ?? null);
        });
        if (wanted.length === 0) actions.remove();
        else if (!actions.isConnected) item.append(actions);
    }
}

function small(text, className = '') {
    const made = document.createElement('small');
    made.textContent = text;
    made.className = className;
    return made;
}
