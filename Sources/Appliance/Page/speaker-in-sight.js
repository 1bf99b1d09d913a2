/**
 * Scrolls the strip to whoever leads the conversation, unless the person has it in hand: while they scroll,
 * point at it or have the focus in it, and for a while after, it stays where it is.
 */
export class SpeakerInSight {
    #strip;
    #person = null;
    #until = 0;
    #isPointedAt = false;
    #timer = 0;

    /** @param {HTMLElement} strip the element that scrolls */
    constructor(strip) {
        this.#strip = strip;
        const on = (type, act) => strip.addEventListener(type, act, { passive: true });
        const touched = () => (this.#until = performance.now() + PATIENCE);
        for (const type of ['wheel', 'touchmove', 'pointerdown', 'keydown']) on(type, touched);
        on('pointerenter', ({ pointerType }) => (this.#isPointedAt = pointerType === 'mouse'));
        on('pointerleave', () => {
            this.#isPointedAt = false;
            touched();
        });
    }

    /** @param {{person: number, isDominant: boolean, isPinned: boolean}[]} tiles of `Conference` */
    update(tiles) {
        const person = tiles.some(({ isPinned }) => isPinned) ? null
            : tiles.find(({ isDominant }) => isDominant)?.person ?? null;
        if (person === this.#person) return;
        this.#person = person;
        clearTimeout(this.#timer);
        // A word thrown in is no reason to move.
        if (person !== null) this.#timer = setTimeout(() => this.#show(), SETTLED);
    }

    #show() {
        const tile = this.#strip.querySelector(`.tile[data-person="${this.#person}"]`);
        const isInHand = this.#isPointedAt || performance.now() < this.#until
            || this.#strip.contains(document.activeElement);
        if (isInHand || !tile) return;
        const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
        const [box, around] = [tile.getBoundingClientRect(), this.#strip.getBoundingClientRect()];
        // Only the strip moves, never the page around it.
        this.#strip.scrollBy({
            left: beyond(box.left, box.right, around.left, around.right),
            top: beyond(box.top, box.bottom, around.top, around.bottom),
            behavior: isCalm ? 'instant' : 'smooth',
        });
    }
}

/** How far to scroll so that `start` to `end` lies within `from` to `to`, with a little room; 0 if it does. */
function beyond(start, end, from, to) {
    if (start < from) return start - from - ROOM;
    return end > to ? end - to + ROOM : 0;
}

// Milliseconds.
const PATIENCE = 8000;
const SETTLED = 700;
// CSS pixels.
const ROOM = 8;
