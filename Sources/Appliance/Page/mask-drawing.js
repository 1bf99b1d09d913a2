import { say } from './catalogue.js';

/**
 * Draws a rectangle on the desk that is to be hidden: with the pointer from corner to corner, or with the arrow keys, which
 * move it, and with Shift make it larger or smaller. Enter hides it, Escape does not.
 *
 * Shows where rectangles are hidden already to who may hide them.
 */
export class MaskDrawing {
    #at;
    #picture;
    #privacy;
    #announce;
    #onEnd;
    /** In desk pixels; `null` while nothing is drawn. */
    #draft = null;
    #anchor = null;

    /**
     * @param {{at: Record<string, HTMLElement>, picture: Picture, privacy: Privacy, announce: (words: string) => void,
     *     onEnd: () => void}} parts `onEnd`: gives the focus a place again
     */
    constructor({ at, picture, privacy, announce, onEnd }) {
        this.#at = at;
        this.#picture = picture;
        this.#privacy = privacy;
        this.#announce = announce;
        this.#onEnd = onEnd;
        const layer = at['mask-layer'];
        layer.addEventListener('pointerdown', (event) => this.#press(event));
        layer.addEventListener('pointermove', (event) => this.#drag(event));
        for (const type of ['pointerup', 'pointercancel']) layer.addEventListener(type, () => (this.#anchor = null));
        at['mask-draft'].addEventListener('keydown', (event) => this.#key(event));
        layer.addEventListener('keydown', ({ key }) => {
            if (key === 'Escape') this.end();
        });
        at['mask-set'].addEventListener('click', () => this.#set());
        at['mask-cancel'].addEventListener('click', () => this.end());
        picture.addEventListener('layout', () => this.render());
        privacy.addEventListener('change', () => {
            if (!privacy.mayHide) this.end();
            this.render();
        });
    }

    get isDrawing() {
        return this.#draft !== null;
    }

    begin() {
        const { width, height } = this.#picture.size;
        if (!(width > 0 && height > 0)) return;
        const part = (size, share) => Math.round(size * share);
        this.#draft = { x: part(width, 0.35), y: part(height, 0.35), width: part(width, 0.3), height: part(height, 0.3) };
        this.render();
        this.#at['mask-draft'].focus();
    }

    end() {
        if (!this.isDrawing) return;
        this.#draft = null;
        this.#anchor = null;
        this.render();
        this.#onEnd();
    }

    render() {
        const shown = this.#privacy.clear ? this.#privacy.details?.rectangles ?? [] : [];
        this.#at['mask-outlines'].replaceChildren(...shown.map((rectangle) => {
            const made = document.createElement('div');
            this.#place(made, rectangle);
            return made;
        }));
        this.#at['mask-layer'].hidden = !this.isDrawing;
        if (!this.isDrawing) return;
        this.#place(this.#at['mask-draft'], this.#draft);
        const { x, y, width, height } = this.#draft;
        this.#at['mask-size'].textContent = say('mask.place', { x, y, width, height });
    }

    /** Over the part of the picture that a rectangle of the desk is. */
    #place(element, { x, y, width, height }) {
        const content = this.#picture.content;
        if (!content) return;
        const stage = this.#at.stage.getBoundingClientRect();
        const { width: whole } = this.#picture.size;
        const scale = content.width / whole;
        Object.assign(element.style, {
            left: `${content.left - stage.left + x * scale}px`,
            top: `${content.top - stage.top + y * scale}px`,
            width: `${width * scale}px`,
            height: `${height * scale}px`,
        });
    }

    #press(event) {
        if (event.target.closest('button')) return;
        const at = this.#picture.deskAt(event.clientX, event.clientY);
        if (!at) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture?.(event.pointerId);
        this.#anchor = at;
    }

    #drag(event) {
        const at = this.#anchor && this.#picture.deskAt(event.clientX, event.clientY);
        if (!at) return;
        this.#draft = between(this.#anchor, at);
        this.render();
    }

    #key(event) {
        const { key, shiftKey, ctrlKey } = event;
        if (key === 'Enter') {
            // The same key must not press the button that the focus goes to.
            event.preventDefault();
            return this.#set();
        }
        const step = ctrlKey ? 1 : STEP;
        const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[key];
        if (!move) return;
        event.preventDefault();
        const [dx, dy] = move;
        const { x, y, width, height } = this.#draft;
        const whole = this.#picture.size;
        this.#draft = shiftKey
            ? { x, y, width: bounded(width + dx, LEAST, whole.width - x), height: bounded(height + dy, LEAST, whole.height - y) }
            : { x: bounded(x + dx, 0, whole.width - width), y: bounded(y + dy, 0, whole.height - height), width, height };
        this.render();
        this.#announce(this.#at['mask-size'].textContent);
    }

    #set() {
        const draft = this.#draft;
        this.end();
        this.#privacy.addRectangle(draft);
    }
}

/** The rectangle with these corners, each pixel included, and large enough to be seen. */
export function between(one, other) {
    const x = Math.min(one.x, other.x);
    const y = Math.min(one.y, other.y);
    return {
        x,
        y,
        width: Math.max(LEAST, Math.abs(one.x - other.x) + 1),
        height: Math.max(LEAST, Math.abs(one.y - other.y) + 1),
    };
}

const bounded = (value, least, most) => Math.max(least, Math.min(most, value));
/** Pixels of the desk. */
const STEP = 16;
const LEAST = 8;
