import { say } from './catalogue.js';
import { failureWords, savedName, sizeWords } from './files-words.js';
import { briefly, shownName } from './client/foreign.js';

/**
 * What is told of files as it happens: that one begins, is there or has failed, and what somebody is handed, which they are asked.
 * What has come is given to the browser to be saved.
 */
export class FilesNotices {
    #at;
    #room;
    #view;

    /** @param {{at: Record<string, HTMLElement>, room: Room, view: View}} parts */
    constructor({ at, room, view }) {
        this.#at = at;
        this.#room = room;
        this.#view = view;
        const { files } = room;
        files.addEventListener('began', ({ detail: { file } }) =>
            view.announce(say(`files.began.${file.direction}`, { name: called(file.name) })));
        files.addEventListener('ended', ({ detail }) => this.#ended(detail));
        files.addEventListener('handed', ({ detail: { step, person, name } }) =>
            view.notice(say(`files.handed.${step}`, { person: this.#person(person), name: called(name) })));
        files.addEventListener('offered', ({ detail }) => view.announce(this.#words(detail)));
        files.addEventListener('change', () => this.render());
        at['file-offer-yes'].addEventListener('click', () => {
            const [offer] = this.#asked();
            if (offer) files.download({ name: offer.name, size: offer.size, offer: offer.id });
            this.render();
        });
        at['file-offer-no'].addEventListener('click', () => {
            const [offer] = this.#asked();
            if (offer) files.decline(offer.id);
        });
    }

    render() {
        const at = this.#at;
        const [offer] = this.#asked();
        if (!offer && at['file-offer'].contains(document.activeElement)) at.stage.focus();
        at['file-offer'].hidden = !offer;
        if (!offer) return;
        const words = this.#words(offer);
        if (at['file-offer-line'].textContent !== words) at['file-offer-line'].textContent = words;
    }

    /** Offers that are not on their way already. */
    #asked() {
        const { offers, transfers } = this.#room.files;
        const taken = new Set(transfers.filter(({ state }) => state !== 'ended').map(({ file }) => file.offer));
        return offers.filter(({ id }) => !taken.has(id));
    }

    #words({ from, name, size }) {
        return say('files.offer', { person: this.#person(from), name: called(name), size: sizeWords(size) });
    }

    #person(id) {
        return this.#room.people.find((person) => person.id === id)?.name ?? say('name.none', { id: String(id) });
    }

    #ended({ file, outcome, name }) {
        const { limit } = this.#room.files;
        const isIn = file.direction === 'in';
        if (outcome === 'done') {
            if (!isIn) save(file);
            return this.#view.notice(say(`files.ended.${file.direction}`, { name: called((isIn && name) || file.name) }));
        }
        this.#view.notice(say('files.failed', { name: called(file.name), words: failureWords(outcome, limit) }));
    }
}

const called = (name) => briefly(shownName(name));

function save(file) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file.blob());
    link.download = savedName(file.name);
    link.click();
    // The browser has begun to read it by then.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
