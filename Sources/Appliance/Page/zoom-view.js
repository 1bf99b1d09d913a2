import { quantity, say } from './catalogue.js';
import { notches } from './client/geometry.js';
import { Popup } from './popup.js';

/**
 * The buttons that make the desk larger and smaller and move it, and the wheel that does: with Control and Alt, since Control alone
 * is zoom on the desk or in the browser, Shift turns the wheel sideways, and Alt alone opens menus when it is let go.
 */
export class ZoomView {
    #at;
    #viewport;
    #announce;
    #timer = 0;
    #told = '';

    /**
     * @param {{at: Record<string, HTMLElement>, viewport: Viewport, picture: Picture, announce: (words: string) => void}} parts
     */
    constructor({ at, viewport, picture, announce }) {
        this.#at = at;
        this.#viewport = viewport;
        this.#announce = announce;
        new Popup({ button: at['zoom-button'], panel: at.zoom });
        const press = (id, act) => at[id].addEventListener('click', act);
        press('zoom-larger', () => viewport.step(1));
        press('zoom-smaller', () => viewport.step(-1));
        press('zoom-whole', () => viewport.whole());
        for (const [id, x, y] of WAYS) {
            press(id, () => {
                const { width, height } = picture.box;
                viewport.pan((-x * width) / 3, (-y * height) / 3);
            });
        }
        // Before it is the desk's.
        at.stage.addEventListener('wheel', (event) => this.#turn(event), { capture: true, passive: false });
        viewport.addEventListener('change', () => {
            this.render();
            this.#tellSoon();
        });
        this.render();
    }

    render() {
        const { isWhole, isLargest } = this.#viewport;
        const off = { 'zoom-larger': isLargest, 'zoom-smaller': isWhole, 'zoom-whole': isWhole };
        for (const [id] of WAYS) off[id] = isWhole;
        for (const [id, isOff] of Object.entries(off)) this.#at[id].setAttribute('aria-disabled', String(isOff));
        this.#at.room.dataset.zoomed = String(!isWhole);
        this.#at['zoom-line'].textContent = this.#words;
        this.#at['zoom-button'].title = isWhole ? say('bar.zoom') : say('zoom.title', { share: this.#share });
    }

    get #share() {
        return quantity(this.#viewport.zoom, { style: 'percent', maximumFractionDigits: 0 });
    }

    get #words() {
        return this.#viewport.isWhole ? say('zoom.isWhole') : say('zoom.share', { share: this.#share });
    }

    /** Once the fingers are still. */
    #tellSoon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            const words = say('sentence', { words: this.#words });
            if (words !== this.#told) this.#announce(words);
            this.#told = words;
        }, STILL);
    }

    #turn(event) {
        if (!event.ctrlKey || !event.altKey || event.shiftKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        const mode = event.deltaMode;
        const turned = notches(event.deltaY, mode, event.wheelDeltaY);
        this.#viewport.enlarge(NOTCH ** (-turned / 120), { x: event.clientX, y: event.clientY });
    }
}

/** Where the view goes. */
const WAYS = [['zoom-left', -1, 0], ['zoom-right', 1, 0], ['zoom-up', 0, -1], ['zoom-down', 0, 1]];
/** How much larger one notch of the wheel makes the desk. */
const NOTCH = 1.2;
/** Milliseconds. */
const STILL = 400;
