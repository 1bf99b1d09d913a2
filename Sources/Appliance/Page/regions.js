import { say } from './catalogue.js';

/**
 * In how many parts a desk is shown that is far wider than a screen, each about the shape of one; 0: it is not. Pure.
 * @param {{width: number, height: number}} size
 */
export function regionCount({ width, height }) {
    const ratio = width / height;
    return ratio >= WIDE ? Math.max(2, Math.round(ratio / SCREEN)) : 0;
}

/** The buttons that show one part of a wide desk, as large as it goes; what is chosen stays so when the window changes. */
export class Regions {
    #at;
    #picture;
    #viewport;
    /** Which part is shown, from the left; `null`: whatever somebody has moved or zoomed to. */
    #chosen = null;
    #count = 0;
    #isOurs = false;

    /** @param {{at: Record<string, HTMLElement>, picture: Picture, viewport: Viewport}} parts */
    constructor({ at, picture, viewport }) {
        this.#at = at;
        this.#picture = picture;
        this.#viewport = viewport;
        picture.addEventListener('layout', () => this.#handleLayout());
        viewport.addEventListener('change', () => {
            if (this.#isOurs) return;
            this.#chosen = null;
            this.#mark();
        });
        this.write();
    }

    /** The desk, or the page's language, is another one. */
    write() {
        this.#count = regionCount(this.#picture.size);
        if (this.#chosen >= this.#count) this.#chosen = null;
        this.#at.regions.hidden = this.#count === 0;
        const buttons = Array.from({ length: this.#count }, (_, index) => {
            const button = document.createElement('button');
            Object.assign(button, { type: 'button', textContent: this.#words(index) });
            button.addEventListener('click', () => this.#choose(index));
            return button;
        });
        this.#at['region-list'].replaceChildren(...buttons);
        this.#mark();
    }

    #handleLayout() {
        if (this.#isOurs) return;
        if (regionCount(this.#picture.size) !== this.#count) this.write();
        if (this.#chosen !== null) this.#show();
    }

    #choose(index) {
        this.#chosen = index;
        this.#show();
        this.#mark();
    }

    #show() {
        this.#isOurs = true;
        this.#viewport.showPart(this.#chosen / this.#count, (this.#chosen + 1) / this.#count);
        this.#isOurs = false;
    }

    #mark() {
        [...this.#at['region-list'].children].forEach((button, index) => {
            button.setAttribute('aria-pressed', String(index === this.#chosen));
        });
    }

    #words(index) {
        if (this.#count === 2) return say(index === 0 ? 'region.left' : 'region.right');
        return say('region.part', { number: index + 1 });
    }
}

const WIDE = 2.2;
/** Width by height. */
const SCREEN = 1.6;
