import { enlargedRect } from './geometry.js';
/** @import { Picture } from './picture.js' */

/**
 * Which part of the desk is seen, and how large. The browser makes the picture larger from the pixels of the video itself, so
 * that nothing is blurred that they do not blur. Nothing is animated: where the desk lies on the page is exact at any
 * moment, and nobody has to be spared a motion.
 *
 * What is in the middle stays there when the place of the picture gets another shape: a device is turned, the desk fills the
 * screen, a keyboard comes up, or the desk itself gets another size.
 *
 * Events: `change`.
 */
export class Viewport extends EventTarget {
    #picture;
    #zoom = 1;
    /** What is in the middle, each a share of the desk. */
    #x = 0.5;
    #y = 0.5;

    /** @param {Picture} picture */
    constructor(picture) {
        super();
        this.#picture = picture;
        picture.addEventListener('layout', () => this.#apply());
    }

    /** How many times as large as whole. */
    get zoom() {
        return this.#zoom;
    }

    get isWhole() {
        return this.#zoom === 1;
    }

    get isLargest() {
        return this.#zoom === MOST;
    }

    whole() {
        this.#set({ zoom: 1, x: 0.5, y: 0.5 });
    }

    /** Shows all that lies between two places, each a share of the desk's width, as large as it goes. */
    showPart(start, end) {
        const { box, fitted } = this.#picture;
        if (!fitted) return;
        const zoom = Math.min(box.width / ((end - start) * fitted.width), box.height / fitted.height);
        this.#set({ zoom: Math.max(1, Math.min(MOST, zoom)), x: (start + end) / 2, y: 0.5 });
    }

    /** The next size up or down, about the middle. @param {1 | -1} direction */
    step(direction) {
        const zoom = direction > 0
            ? STEPS.find((one) => one > this.#zoom * NEARLY) ?? MOST
            : STEPS.findLast((one) => one * NEARLY < this.#zoom) ?? 1;
        this.#set({ zoom, x: this.#x, y: this.#y });
    }

    /**
     * Makes the desk `factor` times as large. What was at one point of the page is at another then, or at the same.
     * @param {{x: number, y: number}} from CSS pixels of the window, as `to`
     */
    enlarge(factor, from, to = from) {
        const content = this.#content;
        if (!content) return;
        const zoom = Math.max(1, Math.min(MOST, this.#zoom * factor));
        const ratio = zoom / this.#zoom;
        this.#show(zoom, {
            left: to.x - (from.x - content.left) * ratio,
            top: to.y - (from.y - content.top) * ratio,
            width: content.width * ratio,
            height: content.height * ratio,
        });
    }

    /** Moves the desk on the page, as far as there is more of it; returns whether it has moved. CSS pixels. */
    pan(dx, dy) {
        const before = this.#content;
        if (!before) return false;
        this.#show(this.#zoom, { ...before, left: before.left + dx, top: before.top + dy });
        const after = this.#content;
        return after.left !== before.left || after.top !== before.top;
    }

    get #content() {
        const { box, fitted } = this.#picture;
        return fitted && enlargedRect(box, fitted, { zoom: this.#zoom, x: this.#x, y: this.#y });
    }

    #show(zoom, { left, top, width, height }) {
        const { box, fitted } = this.#picture;
        const middle = (at) => ({
            x: (box.left + box.width / 2 - at.left) / at.width,
            y: (box.top + box.height / 2 - at.top) / at.height,
        });
        // From where it is bound to lie, so that the way back begins at once.
        const wanted = { zoom, ...middle({ left, top, width, height }) };
        this.#set({ zoom, ...middle(enlargedRect(box, fitted, wanted)) });
    }

    #set({ zoom, x, y }) {
        if (zoom === this.#zoom && x === this.#x && y === this.#y) return;
        [this.#zoom, this.#x, this.#y] = [zoom, x, y];
        this.#apply();
        this.dispatchEvent(new Event('change'));
    }

    #apply() {
        const { box, fitted } = this.#picture;
        if (!fitted) return;
        if (this.#zoom === 1) return this.#picture.place('');
        const { left, top } = this.#content;
        const whole = (length) => Math.round(length * devicePixelRatio) / devicePixelRatio;
        const x = whole(left) - box.left - (fitted.left - box.left) * this.#zoom;
        const y = whole(top) - box.top - (fitted.top - box.top) * this.#zoom;
        this.#picture.place(`translate(${x}px, ${y}px) scale(${this.#zoom})`);
    }
}

const STEPS = [1, 1.5, 2, 3, 4, 6, 8];
const MOST = 8;
/** What is only a little larger or smaller is no step. */
const NEARLY = 1.02;
