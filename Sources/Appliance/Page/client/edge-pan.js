/** @import { Picture } from './picture.js' */
/** @import { Viewport } from './viewport.js' */

/**
 * Whoever drives a desk that is shown larger than whole has more of it come where their pointer stays near the edge: the nearer,
 * the faster. Who wants little motion gets it in a few large steps.
 */
export class EdgePan {
    #viewport;
    #picture;
    #at = null;
    #frame = 0;
    /** When the pointer came near the edge, and when the view moved last; of the browser's clock. */
    #since = 0;
    #last = 0;
    #isCalm = matchMedia('(prefers-reduced-motion: reduce)');

    /** @param {{viewport: Viewport, picture: Picture}} parts */
    constructor({ viewport, picture }) {
        this.#viewport = viewport;
        this.#picture = picture;
    }

    /** Where the pointer is: CSS pixels of the window. */
    at(clientX, clientY) {
        this.#at = { x: clientX, y: clientY };
        if (this.#viewport.isWhole || !this.#way) return this.stop();
        if (this.#frame) return;
        this.#since = performance.now();
        this.#last = this.#since;
        this.#await();
    }

    stop() {
        cancelAnimationFrame(this.#frame);
        this.#frame = 0;
    }

    #await() {
        this.#frame = requestAnimationFrame((now) => this.#tick(now));
    }

    #tick(now) {
        this.#frame = 0;
        const way = this.#way;
        if (!way) return;
        const elapsed = now - this.#last;
        // Whoever is on their way to the bar passes the edge, too.
        if (now - this.#since < DWELL || (this.#isCalm.matches && elapsed < PAUSE)) return this.#await();
        this.#last = now;
        const { width, height } = this.#picture.box;
        const isMoved = this.#isCalm.matches
            ? this.#viewport.pan((-Math.sign(way.x) * width) / 3, (-Math.sign(way.y) * height) / 3)
            : this.#viewport.pan(-way.x * SPEED * Math.min(elapsed, LONGEST), -way.y * SPEED * Math.min(elapsed, LONGEST));
        if (isMoved) this.#await();
    }

    /** How far the pointer is in the edge, from -1 to 1 each way; `null` when it is not. */
    get #way() {
        const { left, right, top, bottom, width, height } = this.#picture.box;
        const depth = (at, start, end, size) => {
            const edge = Math.min(EDGE, size / 6);
            const before = Math.min(1, (start + edge - at) / edge);
            const after = Math.min(1, (at - end + edge) / edge);
            return before > 0 ? -before : Math.max(0, after);
        };
        const way = { x: depth(this.#at.x, left, right, width), y: depth(this.#at.y, top, bottom, height) };
        return way.x !== 0 || way.y !== 0 ? way : null;
    }
}

// CSS pixels, CSS pixels a millisecond, milliseconds.
const EDGE = 36;
const SPEED = 0.9;
const DWELL = 150;
const LONGEST = 50;
const PAUSE = 700;
