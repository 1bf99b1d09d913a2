import { say } from './catalogue.js';
import { isolated } from './client/foreign.js';
import { pageStateWords } from './page-state-words.js';

/** A small live picture of what somebody else is sent of the desk, and how their page does, in words. */
export class WatchView {
    #room;
    #at;
    #person = null;
    #hasSaid = false;

    /** @param {{room: Room, at: Record<string, HTMLElement>}} parts */
    constructor({ room, at }) {
        this.#room = room;
        this.#at = at;
        at['watch-close'].addEventListener('click', () => {
            this.watch(null);
            at['people-button'].focus();
        });
        room.subscribe.addEventListener('people', () => this.#showPicture());
        room.addEventListener('people', () => this.render());
        room.standing.addEventListener('change', () => this.render());
        // What was said last may have been lost with the connection. Most people may not say it at all.
        room.addEventListener('welcome', () => {
            if (this.#hasSaid) this.#say();
        });
        setInterval(() => this.render(), 1000);
    }

    /** @param {number | null} person whose view; `null`: nobody's any more */
    watch(person) {
        this.#person = person;
        this.#say();
        this.#showPicture();
        this.render();
    }

    render() {
        const at = this.#at;
        const person = this.#room.people.find(({ id }) => id === this.#person);
        if (this.#person !== null && !person && this.#room.isJoined) return this.watch(null);
        at.watch.hidden = !person;
        if (!person) return;
        const title = say('watch.title', { name: person.name });
        at.watch.setAttribute('aria-label', title);
        if (at['watch-title'].textContent !== title) at['watch-title'].replaceChildren(isolated(title));
        const words = person.away ? [say('person.reconnecting')] : pageStateWords(this.#room.standing.page(person.id));
        const text = words.join(', ') || say('watch.well');
        if (at['watch-words'].textContent !== text) at['watch-words'].textContent = text;
        at.watch.dataset.tone = words.length > 0 ? 'wait' : 'good';
    }

    #say() {
        this.#hasSaid = true;
        this.#room.oversight.watch(this.#person);
    }

    #showPicture() {
        const found = this.#room.subscribe.people.find(({ source, person }) => source === 'view' && person === this.#person);
        const video = this.#at['watch-picture'];
        const track = found?.track ?? null;
        if ((video.srcObject?.getVideoTracks()[0] ?? null) === track) return;
        video.srcObject = track && new MediaStream([track]);
        if (track) video.play().catch(() => {});
    }
}
