/**
 * Hands that point: a mouse or pen over the picture, or one finger on it, is where the person points; a press or a tap marks the place.
 * Two fingers and the wheel move what is seen, as ever. With the keyboard arrow keys move the pointer, Enter marks, Escape ends it.
 *
 * For whoever drives everything goes to the desk as ever, and their moves are shown beside; nothing that they press marks anything.
 */
export class PointingInput {
    #pointing;
    #control;
    #picture;
    #viewport;
    #onEnd;
    /** Fingers that are down, and where the only one began as long as it is a tap. */
    #fingers = new Set();
    #tap = null;
    #last = null;

    /**
     * @param {HTMLElement} surface
     * @param {{pad: HTMLElement, pointing: Pointing, control: Control, picture: Picture, viewport: Viewport,
     *     onEnd: () => void}} parts `pad`: what takes the keys; `onEnd`: they have ended it
     */
    constructor(surface, { pad, pointing, control, picture, viewport, onEnd }) {
        this.#pointing = pointing;
        this.#control = control;
        this.#picture = picture;
        this.#viewport = viewport;
        this.#onEnd = onEnd;
        const on = (type, handler) => surface.addEventListener(type, (event) => {
            if (pointing.isOn) handler(event);
        });
        on('pointerdown', (event) => this.#down(event));
        on('pointermove', (event) => this.#moved(event));
        on('pointerup', (event) => this.#up(event));
        on('pointercancel', ({ pointerId }) => this.#lift(pointerId));
        on('pointerleave', ({ pointerType }) => pointerType !== 'touch' && pointing.hide());
        // The keys stay where they are.
        on('mousedown', (event) => event.preventDefault());
        pad.addEventListener('keydown', (event) => this.#key(event));
        pointing.addEventListener('change', () => {
            if (pointing.isOn) return;
            this.#fingers.clear();
            this.#tap = null;
        });
    }

    #down(event) {
        const { pointerId, pointerType, button, clientX, clientY } = event;
        if (pointerType === 'touch') {
            this.#fingers.add(pointerId);
            this.#tap = this.#fingers.size === 1 ? { clientX, clientY, time: event.timeStamp } : null;
            if (this.#fingers.size > 1) return this.#pointing.hide();
        }
        const at = this.#point(event);
        if (at && pointerType !== 'touch' && button === 0 && !this.#control.mine) this.#pointing.press(at);
    }

    #moved(event) {
        const { pointerType, clientX, clientY } = event;
        if (pointerType === 'touch') {
            if (this.#fingers.size !== 1) return;
            if (this.#tap && Math.hypot(clientX - this.#tap.clientX, clientY - this.#tap.clientY) > SLOP) this.#tap = null;
        }
        this.#point(event);
    }

    #up(event) {
        const tap = this.#tap;
        this.#lift(event.pointerId);
        if (event.pointerType !== 'touch' || !tap || this.#control.mine || event.timeStamp - tap.time > LONG) return;
        const at = this.#picture.deskAt(tap.clientX, tap.clientY);
        if (at?.isInside) this.#pointing.press(at);
    }

    #lift(pointerId) {
        this.#fingers.delete(pointerId);
        this.#tap = null;
    }

    /** Beside the picture nobody points at anything. */
    #point({ clientX, clientY }) {
        const at = this.#picture.deskAt(clientX, clientY);
        if (!at?.isInside) {
            this.#pointing.hide();
            return null;
        }
        this.#last = at;
        this.#pointing.point(at);
        return at;
    }

    #key(event) {
        const { key, altKey, ctrlKey, metaKey, shiftKey, repeat } = event;
        if (altKey || ctrlKey || metaKey) return;
        const step = shiftKey ? LARGE : SMALL;
        const [dx, dy] = ARROWS[key] ?? [];
        if (dx !== undefined) this.#step(dx * step, dy * step);
        else if (key === 'Enter' || key === ' ') {
            if (!repeat) this.#mark();
        } else if (key === 'Escape') this.#onEnd();
        else return;
        event.preventDefault();
        event.stopPropagation();
    }

    #step(dx, dy) {
        const at = this.#place;
        if (!at) return;
        const { width, height } = this.#picture.size;
        // The first press shows where the pointer is.
        const isThere = this.#pointing.own !== null;
        const bound = (value, size) => Math.max(0, Math.min(size - 1, value));
        this.#last = isThere ? { x: bound(at.x + dx, width), y: bound(at.y + dy, height) } : at;
        this.#pointing.point(this.#last);
        this.#show(this.#last);
    }

    #mark() {
        const at = this.#place;
        if (!at) return;
        this.#last = at;
        this.#pointing.press(at);
        this.#show(at);
    }

    /** Where the keys go on from: where this person pointed last, or the middle of what they see. */
    get #place() {
        if (this.#last) return this.#last;
        const { left, top, width, height } = this.#picture.box;
        return this.#picture.deskAt(left + width / 2, top + height / 2);
    }

    /** Moves what is seen of a desk that is shown larger, so that the pointer is in it. */
    #show({ x, y }) {
        if (this.#viewport.isWhole) return;
        const point = this.#picture.pageAt(x, y);
        const { left, top, width, height } = this.#picture.box;
        const over = (value, start, length) => Math.max(0, start + MARGIN - value) + Math.min(0, start + length - MARGIN - value);
        if (point) this.#viewport.pan(over(point.x, left, width), over(point.y, top, height));
    }
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
// Desk pixels.
const SMALL = 8;
const LARGE = 64;
// CSS pixels.
const SLOP = 10;
const MARGIN = 48;
/** Milliseconds: a finger that stays for longer only points. */
const LONG = 600;
