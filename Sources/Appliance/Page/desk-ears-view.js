import { say } from './catalogue.js';
import { isolated } from './client/foreign.js';

/** The panel in which somebody chooses whom the desk's programs hear, and the line for whoever is heard. */
export class DeskEarsView {
    #at;
    #ears;
    #room;
    #tell;
    /** By id: elements stay, so that the focus does. */
    #rows = new Map();

    /** @param {{ears: DeskEars, room: Room, at: Record<string, HTMLElement>, tell: (words: string) => void}} parts */
    constructor({ ears, room, at, tell }) {
        this.#ears = ears;
        this.#room = room;
        this.#at = at;
        this.#tell = tell;
        at['ears-list'].addEventListener('change', ({ target }) => {
            const id = Number(target.value);
            this.#choose(target.checked ? [...ears.people, id] : ears.people.filter((one) => one !== id));
        });
        at['ears-all'].addEventListener('click', () => {
            const more = ears.open.filter((id) => !ears.hears(id));
            this.#choose([...ears.people, ...more].slice(0, ears.most));
        });
        at['ears-none'].addEventListener('click', () => this.#choose([]));
        ears.addEventListener('change', () => this.render());
        this.render();
    }

    /** What there is to say of a person, for the list of people. */
    words(id) {
        return this.#ears.hears(id) ? say('ears.heard') : '';
    }

    render() {
        const at = this.#at;
        const ears = this.#ears;
        const line = ears.hearsYou ? say('ears.you') : '';
        at['heard-line'].hidden = !line;
        write(at['heard-line'], line);
        at['desk-ears'].hidden = !ears.mayChoose;
        if (!ears.mayChoose) return;
        const isTold = TOLD.has(ears.state);
        write(at['ears-state'], isTold ? say(`ears.state.${ears.state}`) : '');
        at['ears-state'].hidden = !isTold;
        at['ears-all'].disabled = ears.open.every((id) => ears.hears(id)) || ears.people.length >= ears.most;
        at['ears-none'].disabled = ears.people.length === 0;
        this.#list();
    }

    #list() {
        const ears = this.#ears;
        const { people, you } = this.#room;
        const list = this.#at['ears-list'];
        const ids = new Set(people.map(({ id }) => id));
        for (const [id, row] of this.#rows) {
            if (ids.has(id)) continue;
            // Whoever stands on somebody who goes stays in the panel.
            if (row.item.contains(document.activeElement)) list.closest('.panel')?.focus();
            row.item.remove();
            this.#rows.delete(id);
        }
        people.forEach((person, index) => {
            const row = this.#rows.get(person.id) ?? this.#add(person.id);
            if (list.children[index] !== row.item) list.insertBefore(row.item, list.children[index] ?? null);
            const isHeard = ears.hears(person.id);
            row.input.checked = isHeard;
            const isOpen = person.audio === 'on';
            row.input.disabled = !isHeard && (!isOpen || ears.people.length >= ears.most);
            const notes = [person.id === you?.id && say('person.you'), !isOpen && say('ears.closed')].filter(Boolean);
            const said = JSON.stringify([person.name, notes]);
            if (row.said === said) return;
            row.said = said;
            row.words.replaceChildren(isolated(person.name), ...notes.map((note) => ` ${note}`));
        });
    }

    #add(id) {
        const [item, label, input, words] = ['li', 'label', 'input', 'span'].map((name) => document.createElement(name));
        Object.assign(input, { type: 'checkbox', value: String(id) });
        label.className = 'check';
        label.append(input, words);
        item.append(label);
        const row = { item, input, words, said: '' };
        this.#rows.set(id, row);
        return row;
    }

    #choose(people) {
        if (this.#ears.choose(people)) return;
        this.#tell(say('room.unreached'));
        this.render();
    }
}

function write(target, text) {
    if (target.textContent !== text) target.textContent = text;
}

/** States of which there is something to say. */
const TOLD = new Set(['starting', 'noServer', 'noSink']);
