import { parseCursor, straightAlpha } from './protocol.js';
/** @import { Picture } from './picture.js' */

/**
 * The desk's pointer. For whoever is in control it is the browser's own, in the desk's shape, so that it
 * never lags; for everybody else, and under a finger, it is drawn over the picture.
 */
export class RemoteCursor {
    #picture;
    #surface;
    #canvas;
    #shapes = new Map();
    #shape = null;
    #at = null;
    #isMine = false;
    #isFinger = false;

    /** @param {{picture: Picture, surface: HTMLElement, canvas: HTMLCanvasElement}} parts */
    constructor({ picture, surface, canvas }) {
        this.#picture = picture;
        this.#surface = surface;
        this.#canvas = canvas;
        picture.addEventListener('layout', () => this.#place());
        surface.addEventListener('pointermove', ({ pointerType }) => {
            if (pointerType === 'touch' || !this.#isFinger) return;
            this.#isFinger = false;
            this.#place();
        });
    }

    /** A message of the `cursor` channel. */
    handle(buffer) {
        const message = parseCursor(buffer);
        if (message?.type === 'shape') this.#setShape(message);
        if (message?.type === 'position' && !this.#isMine) this.#moveTo(message);
    }

    setMine(isMine) {
        if (this.#isMine === isMine) return;
        this.#isMine = isMine;
        this.#isFinger = false;
        this.#dress();
        this.#place();
    }

    /** A finger drives the pointer, which no browser draws then. */
    follow(x, y) {
        this.#isFinger = true;
        this.#moveTo({ x, y });
    }

    forget() {
        this.#at = null;
        this.#place();
    }

    #setShape(message) {
        let shape = this.#shapes.get(message.serial);
        if (!shape) {
            shape = picture(message);
            // The oldest goes: a desk has a dozen shapes, but one that is animated makes ever new ones.
            if (this.#shapes.size >= SHAPES) this.#shapes.delete(this.#shapes.keys().next().value);
            this.#shapes.set(message.serial, shape);
        }
        this.#shape = shape;
        this.#canvas.width = shape.image.width;
        this.#canvas.height = shape.image.height;
        this.#canvas.getContext('2d').putImageData(shape.image, 0, 0);
        this.#dress();
        this.#place();
    }

    #dress() {
        this.#surface.style.cursor = this.#isMine ? (this.#shape?.css ?? 'default') : '';
    }

    #moveTo({ x, y }) {
        this.#at = { x, y };
        this.#place();
    }

    #place() {
        const isDrawn = this.#shape && this.#at && (!this.#isMine || this.#isFinger);
        const point = isDrawn ? this.#picture.pageAt(this.#at.x, this.#at.y) : null;
        this.#canvas.hidden = !point;
        if (!point) return;
        const frame = this.#canvas.offsetParent?.getBoundingClientRect() ?? { left: 0, top: 0 };
        const left = Math.round(point.x - frame.left - this.#shape.hotX);
        const top = Math.round(point.y - frame.top - this.#shape.hotY);
        this.#canvas.style.transform = `translate(${left}px, ${top}px)`;
    }
}

function picture({ width, height, hotX, hotY, pixels }) {
    const image = new ImageData(straightAlpha(pixels), width, height);
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    canvas.getContext('2d').putImageData(image, 0, 0);
    return { image, hotX, hotY, css: `url(${canvas.toDataURL()}) ${hotX} ${hotY}, default` };
}

const SHAPES = 64;
