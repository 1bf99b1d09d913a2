/**
 * The size of a desk that fills its place on the page. Each pixel of it is a whole number of the screen's own, so that text is sharp:
 * as many as make the desk's text about as large as the browser's. A place that is larger than a desk can be, or smaller, gives its
 * shape. Pure.
 * @param {{width: number, height: number}} box CSS pixels
 * @param {number} ratio `devicePixelRatio`
 * @param {{width: number, height: number}} largest desk pixels
 */
export function fittedSize(box, ratio, largest) {
    if (!(box.width > 0 && box.height > 0)) return null;
    const whole = ratio / Math.max(1, Math.round(ratio));
    const [width, height] = [box.width * whole, box.height * whole];
    const most = Math.min(largest.width / width, largest.height / height);
    const least = Math.max(LEAST.width / width, LEAST.height / height);
    const scale = Math.min(most, Math.max(1, least));
    return {
        width: even(width * scale, LEAST.width, largest.width),
        height: even(height * scale, LEAST.height, largest.height),
    };
}

/** Has the desk follow the place of its picture, once that has been quiet for a moment. */
export class DeskSizeFit {
    #deskSize;
    #picture;
    #isHeld;
    #timer = 0;

    /**
     * @param {{deskSize: DeskSize, picture: Picture, isHeld: () => boolean}} parts `isHeld`: the desk is to stay as it is for now
     */
    constructor({ deskSize, picture, isHeld }) {
        this.#deskSize = deskSize;
        this.#picture = picture;
        this.#isHeld = isHeld;
        picture.addEventListener('layout', () => this.handleChange());
        deskSize.addEventListener('change', () => this.handleChange());
    }

    /** Something may have changed that matters: the window, or whether the desk is held. */
    handleChange() {
        clearTimeout(this.#timer);
        if (this.#deskSize.isFitting) this.#timer = setTimeout(() => this.#follow(), QUIET);
    }

    #follow() {
        const { largest } = this.#deskSize;
        if (largest === null || this.#isHeld()) return;
        const size = fittedSize(this.#picture.box, devicePixelRatio, largest);
        if (size) this.#deskSize.follow(size);
    }
}

function even(length, least, most) {
    // A little more, for what is only a rounding error less.
    return Math.max(least, Math.min(most, 2 * Math.floor((length + 0.01) / 2)));
}

const LEAST = { width: 320, height: 240 };
/** Milliseconds. */
const QUIET = 500;
