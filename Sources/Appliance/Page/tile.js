import { current, say } from './catalogue.js';
import { isolated, letters } from './client/foreign.js';
import { hueOf } from './hue.js';
import { tileNote, tileWords } from './tile-words.js';

/** One person's picture in the strip or the grid, or their initials where there is none. */
export class Tile {
    #parts;
    #facts = '';

    /**
     * @param {HTMLTemplateElement} template
     * @param {{onPin: () => void}} parts
     */
    constructor(template, { onPin }) {
        this.element = template.content.firstElementChild.cloneNode(true);
        const part = (name) => this.element.querySelector(`.${name}`);
        this.#parts = Object.fromEntries(PARTS.map((name) => [name, part(name)]));
        this.pinButton = this.#parts.pin;
        this.#parts.pin.addEventListener('click', onPin);
        this.#parts.enlarge.hidden = !document.fullscreenEnabled;
        this.#parts.enlarge.addEventListener('click', () => this.#enlarge());
        this.element.addEventListener('dblclick', ({ target }) => {
            if (!target.closest('button')) onPin();
        });
        this.element.addEventListener('fullscreenchange', () => {
            this.#parts.enlarge.setAttribute('aria-pressed', String(this.#isEnlarged));
        });
    }

    /** @param {object} facts as `Conference.tiles()` makes them */
    update({ stream, ...facts }) {
        const { video, name, words, picture, initials, delivery, pin, enlarge } = this.#parts;
        const shown = facts.video ? stream : null;
        if (video.srcObject !== stream) video.srcObject = stream;
        // A browser pauses what it has taken for hidden.
        if (shown && video.paused) video.play().catch(() => {});
        const state = JSON.stringify([facts, current().tag]);
        if (state === this.#facts) return;
        this.#facts = state;
        const { dataset } = this.element;
        dataset.person = facts.person;
        dataset.video = facts.video ? 'on' : 'off';
        dataset.own = facts.isYou;
        dataset.muted = facts.isMuted;
        dataset.speaking = facts.isSpeaking;
        dataset.dominant = facts.isDominant;
        dataset.pinned = facts.isPinned;
        dataset.turn = facts.hasTurn;
        picture.dataset.hue = hueOf(facts.person);
        name.replaceChildren(isolated(facts.name), facts.isYou ? ` ${say('person.you')}` : '');
        name.title = facts.name;
        initials.textContent = initialsOf(facts.name);
        words.textContent = tileWords(facts);
        delivery.textContent = tileNote(facts);
        delivery.hidden = !delivery.textContent;
        dataset.away = facts.isAway;
        pin.setAttribute('aria-pressed', String(facts.isPinned));
        pin.title = say('tile.pin');
        pin.setAttribute('aria-label', say('tile.pinName', { name: facts.name }));
        enlarge.title = say('tile.enlarge');
        enlarge.setAttribute('aria-label', say('tile.enlargeName', { name: facts.name }));
    }

    remove() {
        this.#parts.video.srcObject = null;
        this.element.remove();
    }

    get #isEnlarged() {
        return document.fullscreenElement === this.element;
    }

    async #enlarge() {
        if (this.#isEnlarged) return document.exitFullscreen();
        await this.element.requestFullscreen({ navigationUI: 'hide' }).catch(() => {});
    }
}

/** At most two letters: of the first name and the last, or one where letters are as wide as two. */
export function initialsOf(name) {
    const words = name.split(/\s+/).map((word) => letters(word).find((one) => SHOWN.test(one))).filter(Boolean);
    const ends = words.length > 1 && !WIDE.test(words[0]) ? [words[0], words.at(-1)] : words.slice(0, 1);
    return ends.filter((one, index) => index === 0 || !WIDE.test(one)).join('').toUpperCase() || '?';
}

const SHOWN = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}]/u;
const PARTS = ['video', 'name', 'words', 'picture', 'initials', 'delivery', 'pin', 'enlarge'];
