import { Tile } from './tile.js';

/**
 * Everybody's tiles, in order. One of them can be reached by Tab; the arrow keys, Home and End go on from
 * there, and scroll to where they go.
 */
export class Tiles {
    #list;
    #template;
    #onPin;
    #tiles = new Map();
    #current = null;

    /**
     * @param {HTMLUListElement} list
     * @param {{template: HTMLTemplateElement, onPin: (person: number) => void}} parts
     */
    constructor(list, { template, onPin }) {
        this.#list = list;
        this.#template = template;
        this.#onPin = onPin;
        list.addEventListener('keydown', (event) => this.#key(event));
        list.addEventListener('focusin', ({ target }) => {
            const found = target.closest('.tile');
            if (found) this.#setCurrent(found);
        });
    }

    get elements() {
        return [...this.#list.children];
    }

    /** @param {object[]} facts as `Conference.tiles()` makes them */
    update(facts) {
        const ids = new Set(facts.map(({ person }) => person));
        for (const [id, tile] of this.#tiles) {
            if (ids.has(id)) continue;
            tile.remove();
            this.#tiles.delete(id);
        }
        facts.forEach((one, index) => {
            const tile = this.#tiles.get(one.person) ?? this.#add(one.person);
            tile.update(one);
            // Moving an element pauses its picture and drops the focus: only what has another place moves.
            const there = this.#list.children[index];
            if (there !== tile.element) this.#place(tile, there);
        });
        if (!this.#current?.isConnected) this.#setCurrent(this.elements[0] ?? null);
    }

    #add(person) {
        const tile = new Tile(this.#template, { onPin: () => this.#onPin(person) });
        this.#tiles.set(person, tile);
        setTabbable(tile.element, false);
        return tile;
    }

    #place(tile, there) {
        const hadFocus = tile.element.contains(document.activeElement) && document.activeElement;
        this.#list.insertBefore(tile.element, there ?? null);
        if (hadFocus) hadFocus.focus({ preventScroll: true });
    }

    #key(event) {
        if (event.altKey || event.ctrlKey || event.metaKey) return;
        const all = this.elements;
        const index = all.indexOf(event.target.closest('.tile'));
        // To where the next one is seen.
        const forward = document.documentElement.dir === 'rtl' ? -1 : 1;
        const next = {
            ArrowRight: index + forward, ArrowLeft: index - forward, ArrowDown: index + 1, ArrowUp: index - 1,
            Home: 0, End: all.length - 1,
        }[event.key];
        if (next === undefined || index < 0) return;
        event.preventDefault();
        const target = all[Math.max(0, Math.min(all.length - 1, next))];
        target.querySelector('.pin').focus({ preventScroll: true });
        target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }

    #setCurrent(element) {
        if (element === this.#current) return;
        if (this.#current) setTabbable(this.#current, false);
        this.#current = element;
        if (element) setTabbable(element, true);
    }
}

function setTabbable(tile, isTabbable) {
    for (const button of tile.querySelectorAll('button')) button.tabIndex = isTabbable ? 0 : -1;
}
