import { quantity, say } from './catalogue.js';
import { isolated, shownName } from './client/foreign.js';
import { LobbyEntry } from './lobby-entry.js';
import { Popup } from './popup.js';

/**
 * Who waits to be let in, for whoever may: a button with their number, and a panel to let them in. Whoever comes is
 * announced, and takes the focus from nobody.
 */
export class Lobby {
    #room;
    #at;
    #announce;
    /** By id. */
    #entries = new Map();
    #list = { people: [], removed: [] };
    #removed = '';

    /** @param {{room: Room, at: Record<string, HTMLElement>, announce: (words: string) => void}} parts */
    constructor({ room, at, announce }) {
        this.#room = room;
        this.#at = at;
        this.#announce = announce;
        const popup = new Popup({ button: at['lobby-button'], panel: at.lobby });
        popup.addEventListener('change', () => this.render());
        at['lobby-all'].addEventListener('click', () => room.oversight.admit());
        room.addEventListener('message', ({ detail }) => {
            if (detail.type === 'waitingList') this.#told(detail);
        });
        room.addEventListener('welcome', () => this.#told({ people: [], removed: [] }));
        setInterval(() => this.render(), MINUTE / 4);
    }

    #told({ people, removed }) {
        const before = new Set(this.#list.people.map(({ id }) => id));
        this.#list = { people, removed: removed ?? [] };
        const names = people.filter(({ id }) => !before.has(id)).map(({ id, name }) => shownName(name, id));
        if (names.length > 0) this.#announce(say('lobby.came', { names, count: names.length }));
        this.render();
    }

    render() {
        const { people, removed } = this.#list;
        const at = this.#at;
        const isNeeded = people.length + removed.length > 0;
        if (!isNeeded && at.lobby.contains(document.activeElement)) at['people-button'].focus();
        at['lobby-button'].hidden = !isNeeded;
        if (!isNeeded) at.lobby.hidden = true;
        at['lobby-button'].dataset.waiting = String(people.length > 0);
        at['lobby-count'].textContent = quantity(people.length);
        at['lobby-count'].hidden = people.length === 0;
        at['lobby-button'].setAttribute('aria-label', say('lobby.count', { count: people.length }));
        at['lobby-button'].title = say('lobby.count', { count: people.length });
        at['lobby-all'].hidden = people.length < 2;
        at['lobby-none'].hidden = people.length > 0;
        this.#people(people);
        this.#putOut(removed);
    }

    #people(people) {
        const ids = new Set(people.map(({ id }) => id));
        for (const [id, entry] of this.#entries) {
            if (ids.has(id)) continue;
            this.#entries.delete(id);
            // Whoever let somebody in goes on with the next one.
            const next = entry.hasFocus && this.#entries.values().next().value;
            entry.element.remove();
            if (next) next.focus();
            else if (!document.activeElement || document.activeElement === document.body) this.#at.lobby.focus();
        }
        const now = this.#room.time ?? Date.now();
        people.forEach((person, index) => {
            const known = this.#entries.get(person.id);
            const entry = known ?? new LobbyEntry(person, this.#room.oversight);
            this.#entries.set(person.id, entry);
            entry.update(person, (now - person.since) / MINUTE);
            const there = this.#at['lobby-list'].children[index];
            if (there !== entry.element && !entry.hasFocus) this.#at['lobby-list'].insertBefore(entry.element, there ?? null);
        });
    }

    #putOut(removed) {
        const state = JSON.stringify([removed, say('lobby.allow')]);
        if (state === this.#removed) return;
        this.#removed = state;
        this.#at['lobby-removed'].hidden = removed.length === 0;
        this.#at['lobby-removed-list'].replaceChildren(...removed.map(({ id, name }) => {
            const [item, button] = [document.createElement('li'), document.createElement('button')];
            button.type = 'button';
            button.textContent = say('lobby.allow');
            button.setAttribute('aria-label', say('lobby.allowName', { name: shownName(name, id) }));
            button.addEventListener('click', () => this.#room.oversight.allow(id));
            item.append(isolated(shownName(name, id)), button);
            return item;
        }));
    }
}

/** Milliseconds. */
const MINUTE = 60_000;
