import { contentRect, toDesk, toPage } from './geometry.js';

/**
 * The desk's picture on the page, and the way between its pixels and the page's.
 *
 * Events: `shown` with the first frame of a stream, `layout` when the picture's place may have changed.
 */
export class Picture extends EventTarget {
    #video;
    #announced = { width: 0, height: 0 };
    /** As the room said before. */
    #before = { width: 0, height: 0 };
    #transform = '';
    /** While the desk is made new: how many frames there were of the one before, and since when the new one is live. */
    #cover = null;

    /** Whether the stream at hand has painted a frame. */
    isShown = false;

    /** @param {HTMLVideoElement} video */
    constructor(video) {
        super();
        this.#video = video;
        const layout = () => this.dispatchEvent(new Event('layout'));
        video.addEventListener('resize', layout);
        new ResizeObserver(layout).observe(video);
    }

    show(stream) {
        const video = this.#video;
        this.isShown = false;
        this.#uncover();
        video.srcObject = stream;
        const first = () => {
            if (video.srcObject !== stream || this.isShown) return;
            this.isShown = true;
            this.dispatchEvent(new Event('shown'));
        };
        if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(first);
        video.addEventListener('loadeddata', first, { once: true });
        this.play();
    }

    /** Returns whether the browser lets the picture move; without sound it nearly always does. */
    async play() {
        try {
            await this.#video.play();
            return true;
        } catch (error) {
            return error.name !== 'NotAllowedError';
        }
    }

    /** What was there of a desk that is made new is not shown any more; the first picture of the new one is. */
    handleDesk({ state, code }) {
        if (code === 'deskBeingReset') {
            if (!this.isShown || this.#cover) return;
            this.isShown = false;
            this.#cover = { frames: Infinity, live: Infinity, timer: setInterval(() => this.#look(), LOOK) };
        } else if (this.#cover) {
            this.#cover.frames = Math.min(this.#cover.frames, this.#frames);
            if (SEEN.has(state)) this.#cover.live = Math.min(this.#cover.live, performance.now());
        }
    }

    get #frames() {
        return this.#video.getVideoPlaybackQuality?.().totalVideoFrames ?? 0;
    }

    #look() {
        const { frames, live } = this.#cover;
        const lasted = performance.now() - live;
        // A picture that was there before the room said so is not followed by another one on a still desk.
        if (lasted < 0 || (this.#frames <= frames && lasted < LONG)) return;
        this.#uncover();
        this.isShown = true;
        this.dispatchEvent(new Event('shown'));
    }

    #uncover() {
        clearInterval(this.#cover?.timer);
        this.#cover = null;
    }

    clear() {
        this.#uncover();
        this.#video.srcObject = null;
        this.isShown = false;
    }

    /** What the room says about the desk's size; the picture itself may be smaller. */
    announce(width, height) {
        const { width: oldWidth, height: oldHeight } = this.#announced;
        if (width !== oldWidth || height !== oldHeight) this.#before = this.#announced;
        this.#announced = { width, height };
        this.dispatchEvent(new Event('layout'));
    }

    /** In desk pixels: of what the picture shows, as long as that is one of before the desk got another size. */
    get size() {
        const { videoWidth: width, videoHeight: height } = this.#video;
        const known = [this.#announced, this.#before].filter((size) => size.width > 0 && size.height > 0);
        return known.find((size) => isPictureOf(size, width, height)) ?? known[0] ?? { width, height };
    }

    /** The place that the picture has on the page, of which it may be shown larger than whole. */
    get box() {
        return this.#video.parentElement.getBoundingClientRect();
    }

    /** Where the picture would lie if it were shown whole; `null` without one. */
    get fitted() {
        return contentRect(this.box, this.#video.videoWidth, this.#video.videoHeight);
    }

    /** Puts the picture elsewhere on the page. @param {string} transform as CSS has it, from the upper left corner of its box */
    place(transform) {
        if (transform === this.#transform) return;
        this.#transform = transform;
        this.#video.style.transform = transform;
        this.dispatchEvent(new Event('layout'));
    }

    /** Where the picture lies, be it shown whole or larger; `null` without one. */
    get content() {
        const { videoWidth, videoHeight } = this.#video;
        return contentRect(this.#video.getBoundingClientRect(), videoWidth, videoHeight);
    }

    /**
     * The desk pixel at a point of the page, and whether the point lies in the picture; `null` without a
     * picture.
     */
    deskAt(clientX, clientY) {
        const content = this.content;
        if (!content) return null;
        const isInside =
            clientX >= content.left &&
            clientX < content.left + content.width &&
            clientY >= content.top &&
            clientY < content.top + content.height;
        return { ...toDesk(content, this.size, clientX, clientY), isInside };
    }

    /** The point of the page at a desk pixel; `null` without a picture. */
    pageAt(x, y) {
        const content = this.content;
        return content && toPage(content, this.size, x, y);
    }
}

/** Whether a picture of this size, whole or the small one, is one of a desk of that size. */
function isPictureOf(desk, width, height) {
    const factor = Math.round(desk.width / width);
    return factor >= 1 && even(desk.width / factor) === width && even(desk.height / factor) === height;
}

const even = (length) => 2 * Math.floor(length / 2);

const SEEN = new Set(['live', 'waitingForSound']);

// Milliseconds.
const LOOK = 200;
const LONG = 2000;
