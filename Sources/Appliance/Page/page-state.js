/**
 * How this page does, for whoever looks after its person: whether it is seen, whether the browser keeps picture or sound
 * back, and for how long the desk's picture has stood still although there is something new.
 */
export class PageState {
    #send;
    #told = '';
    #last = { frames: -1, bytes: 0 };
    /** When the picture last moved, or had no reason to. */
    #moved = performance.now();

    /** @param {(message: object) => boolean} send */
    constructor(send) {
        this.#send = send;
    }

    /** The room is another one, or has forgotten. */
    announce() {
        this.#told = '';
        this.#moved = performance.now();
    }

    /**
     * Once a second.
     * @param {{video: object | null, isConnected: boolean, isPaused: boolean, isSoundBlocked: boolean}} facts `video`: as in
     *     `health.js`; `isPaused`: whether the browser keeps the desk's picture from moving
     */
    measured({ video, isConnected, isPaused, isSoundBlocked }) {
        const now = performance.now();
        const { framesDecoded: frames = 0, bytesReceived: bytes = 0 } = video ?? {};
        const hasMoved = frames !== this.#last.frames;
        // A desk on which nothing changes sends nothing.
        const isIdle = isConnected && bytes - this.#last.bytes < SOMETHING && now - this.#moved < RECENT;
        if (hasMoved) this.#last = { frames, bytes };
        if ((hasMoved && isConnected) || isIdle || document.hidden) this.#moved = now;
        const still = Math.floor((now - this.#moved) / 1000);
        // Whoever is told counts on by themselves.
        const frozen = still < STILL ? 0 : still - (still - STILL) % EVERY;
        const state = { hidden: document.hidden, paused: isPaused, soundBlocked: isSoundBlocked, frozen };
        const text = JSON.stringify(state);
        if (text !== this.#told && this.#send({ type: 'pageState', state })) this.#told = text;
    }
}

/** Bytes of video after which there should be a new picture. */
const SOMETHING = 400;
/** Milliseconds within which a picture must have moved for its standing still to be the desk's doing. */
const RECENT = 2500;
/** Seconds. */
const STILL = 3;
const EVERY = 5;
