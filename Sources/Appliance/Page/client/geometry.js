// Where the desk lies on the page, and what a turn of the wheel amounts to. Pure functions.

/**
 * The rectangle that a picture fills in its box when it is fitted whole: letterboxed, never cropped.
 * @param {{left: number, top: number, width: number, height: number}} box CSS pixels
 */
export function contentRect(box, pictureWidth, pictureHeight) {
    if (!(pictureWidth > 0 && pictureHeight > 0 && box.width > 0 && box.height > 0)) return null;
    const scale = Math.min(box.width / pictureWidth, box.height / pictureHeight);
    const width = pictureWidth * scale;
    const height = pictureHeight * scale;
    return {
        left: box.left + (box.width - width) / 2,
        top: box.top + (box.height - height) / 2,
        width,
        height,
        scale,
    };
}

/**
 * The rectangle of a picture that is `zoom` times as large as when it is fitted whole. The point (`x`, `y`) of it, each a share of
 * its size, lies in the middle of the box, or as near to it as the picture's edges let it: no part of the box stays empty that
 * the picture can fill.
 * @param {{left: number, top: number, width: number, height: number}} box CSS pixels
 * @param {{width: number, height: number, scale: number}} fitted as `contentRect` says
 * @param {{zoom: number, x: number, y: number}} view
 */
export function enlargedRect(box, fitted, { zoom, x, y }) {
    const width = fitted.width * zoom;
    const height = fitted.height * zoom;
    return {
        left: edge(box.left, box.width, width, x),
        top: edge(box.top, box.height, height, y),
        width,
        height,
        scale: fitted.scale * zoom,
    };
}

function edge(start, room, size, share) {
    if (size <= room) return start + (room - size) / 2;
    return Math.max(start + room - size, Math.min(start, start + room / 2 - share * size));
}

/** The desk pixel under a point of the page; outside the picture, the nearest edge. */
export function toDesk(content, desk, clientX, clientY) {
    return {
        x: pixel((clientX - content.left) / content.width, desk.width),
        y: pixel((clientY - content.top) / content.height, desk.height),
    };
}

/** The point of the page in the middle of a desk pixel. */
export function toPage(content, desk, x, y) {
    return {
        x: content.left + ((x + 0.5) / desk.width) * content.width,
        y: content.top + ((y + 0.5) / desk.height) * content.height,
    };
}

/**
 * One axis of a `WheelEvent` in 1/120 notches, with fractions.
 * @param {number} mode `deltaMode`
 * @param {number | undefined} wheelDelta `wheelDeltaX` or `wheelDeltaY` where the browser has them
 */
export function notches(delta, mode, wheelDelta) {
    if (delta === 0) return 0;
    // Firefox counts a mouse's notch as three lines.
    if (mode === 1) return delta * 40;
    if (mode === 2) return Math.sign(delta) * WHEEL_LIMIT;
    // How many pixels a notch is depends on the platform and the zoom, but `wheelDelta` is 120 a notch for a
    // mouse. For a touchpad it is three times the pixels.
    const isMouse = wheelDelta && wheelDelta % 120 === 0 && Math.abs(wheelDelta) !== Math.abs(delta) * 3;
    return isMouse ? Math.sign(delta) * Math.abs(wheelDelta) : (delta * 120) / 100;
}

/** Adds up parts of 1/120 notches and hands out whole ones, at most as many as one event may carry. */
export class WheelSum {
    #x = 0;
    #y = 0;

    add(dx, dy) {
        this.#x = bounded(this.#x + dx);
        this.#y = bounded(this.#y + dy);
    }

    /** The whole part, which is taken off; `null` while there is none. */
    take() {
        const dx = Math.trunc(this.#x);
        const dy = Math.trunc(this.#y);
        if (dx === 0 && dy === 0) return null;
        this.#x -= dx;
        this.#y -= dy;
        return { dx, dy };
    }
}

const WHEEL_LIMIT = 1200;
const bounded = (value) => Math.max(-WHEEL_LIMIT, Math.min(WHEEL_LIMIT, value));
const pixel = (fraction, size) => Math.max(0, Math.min(size - 1, Math.floor(fraction * size)));
