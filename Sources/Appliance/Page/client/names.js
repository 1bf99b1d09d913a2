import { say } from './catalogue.js';
import { shownName } from './foreign.js';
import { skeleton } from './lookalikes.js';

/**
 * What each person is called on this page: two whose names look the same are told apart by a number, which stays with
 * whoever has it: “Ana” and “Ana (2)”, in tiles, lists, sentences and the chat.
 */
export class Names {
    /** By id. */
    #given = new Map();
    /** Skeletons of what is given: of those who are there, and of those who have left but may still be read of. */
    #taken = new Map();

    /** Everybody who is there, as the room tells of them; whoever came first keeps a name as it is. */
    people(people) {
        for (const person of [...people].sort((a, b) => a.id - b.id)) this.of(person.id, person.name);
        this.#forget(new Set(people.map(({ id }) => id)));
        return people.map((person) => this.person(person));
    }

    /** Another room, or another run of it, counts its people anew. */
    startAnew() {
        this.#given.clear();
        this.#taken.clear();
    }

    /** A person as the room tells of them, with a name that can be shown. */
    person(person) {
        return { ...person, name: this.of(person.id, person.name) };
    }

    /** @param {unknown} name as the room tells it */
    of(id, name) {
        const known = this.#given.get(id);
        if (known && known.told === name) return known.shown;
        if (known) this.#free(id);
        const plain = shownName(name, id);
        let shown = plain;
        for (let number = 2; this.#taken.has(skeleton(shown)); number += 1) {
            shown = say('name.double', { name: plain, number });
        }
        this.#given.set(id, { told: name, shown });
        this.#taken.set(skeleton(shown), id);
        return shown;
    }

    #free(id) {
        this.#taken.delete(skeleton(this.#given.get(id).shown));
        this.#given.delete(id);
    }

    /** However many come and go. */
    #forget(present) {
        for (const id of this.#given.keys()) {
            if (this.#given.size <= KEPT) return;
            if (!present.has(id)) this.#free(id);
        }
    }
}

const KEPT = 500;
