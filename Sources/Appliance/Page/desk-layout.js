import { say } from './catalogue.js';
import { language } from './language.js';
import { ownLayout } from './desk-layout-guess.js';

/**
 * The desk's keyboard layout, for whoever may choose it: a list in the panel of the desk. While it follows whoever drives, this page
 * tells of its own keyboard when it gets control.
 */
export class DeskLayout {
    #at;
    #room;
    #state = { layout: null, follows: true, mayChoose: false };
    /** The lease under which this keyboard has been told of. */
    #told = null;

    /** @param {{at: Record<string, HTMLElement>, room: Room}} parts */
    constructor({ at, room }) {
        this.#at = at;
        this.#room = room;
        at['layout-choice'].addEventListener('change', ({ target }) => this.#send({ layout: target.value }));
        room.addEventListener('message', ({ detail }) => {
            if (detail.type === 'layout') this.#update(detail);
        });
        room.addEventListener('refusal', () => this.render());
        room.control.addEventListener('change', () => this.#tell());
        this.render();
    }

    /** The desk's layout by the room's name for it; `null` as long as it is the one that it came with. */
    get layout() {
        return this.#state.layout;
    }

    render() {
        const { layout, follows, mayChoose } = this.#state;
        this.#at['desk-layout'].hidden = !mayChoose;
        const collator = new Intl.Collator(language.tag);
        const names = LAYOUTS.map((name) => [wordsOf(name), name]).sort(([a], [b]) => collator.compare(a, b));
        this.#at['layout-choice'].replaceChildren(
            new Option(say('layout.auto'), AUTO), ...names.map(([words, name]) => new Option(words, name)),
        );
        this.#at['layout-choice'].value = follows ? AUTO : layout ?? AUTO;
        this.#at['layout-now'].textContent = layout && follows ? say('layout.now', { layout: wordsOf(layout) }) : '';
    }

    #update({ layout, follows, mayChoose }) {
        if (follows && !this.#state.follows) this.#told = null;
        this.#state = { layout: LAYOUTS.includes(layout) ? layout : null, follows, mayChoose };
        this.render();
        this.#tell();
    }

    /** What this keyboard is, to a desk that is to be like it. */
    async #tell() {
        const { lease } = this.#room.control;
        if (lease === null) this.#told = null;
        if (lease === null || lease === this.#told || !this.#state.follows || !this.#state.mayChoose) return;
        this.#told = lease;
        const layout = await ownLayout();
        if (layout && this.#room.control.lease === lease) this.#send({ layout, own: true });
    }

    #send(message) {
        if (this.#room.isJoined) this.#room.signalling.send({ type: 'setLayout', ...message });
    }
}

const wordsOf = (name) => say(`layout.${idOf(name)}`);
const idOf = (name) => name.replace('-', '_');
const AUTO = 'auto';
/** As the room calls them. */
const LAYOUTS = [
    'us', 'gb', 'de', 'at', 'ch', 'ch-fr', 'fr', 'be', 'ca', 'es', 'latam', 'it', 'pt', 'br', 'dk', 'no', 'se', 'fi', 'pl', 'cz', 'sk',
    'hu', 'ro', 'si', 'hr', 'tr', 'gr', 'ru', 'ua', 'il', 'us-dvorak',
];
