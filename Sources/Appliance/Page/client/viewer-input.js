import { span } from './two-fingers.js';
/** @import { Control } from './control.js' */
/** @import { Pointing } from './pointing.js' */
/** @import { Viewport } from './viewport.js' */

/**
 * Fingers, mouse and wheel of whoever only watches: they move the view of a desk that is shown larger than whole, and two
 * fingers make it larger or smaller. A press that moves nothing is told of.
 */
export class ViewerInput {
    #control;
    #viewport;
    #pointing;
    #onTap;
    #pointers = new Map();
    /** Where a press began, until it is more than that. */
    #tap = null;

    /**
     * @param {HTMLElement} surface
     * @param {{control: Control, viewport: Viewport, pointing: Pointing, onTap: () => void}} parts
     */
    constructor(surface, { control, viewport, pointing, onTap }) {
        this.#control = control;
        this.#pointing = pointing;
        this.#viewport = viewport;
        this.#onTap = onTap;
        surface.addEventListener('pointerdown', (event) => this.#down(event));
        surface.addEventListener('pointermove', (event) => this.#moved(event));
        surface.addEventListener('pointerup', (event) => this.#up(event));
        surface.addEventListener('pointercancel', (event) => this.#up(event));
        surface.addEventListener('wheel', (event) => this.#turn(event), { passive: false });
        control.addEventListener('change', () => {
            if (!control.mine) return;
            this.#pointers.clear();
            this.#tap = null;
        });
    }

    #down({ pointerId, clientX, clientY, button }) {
        if (this.#control.mine || button !== 0) return;
        this.#pointers.set(pointerId, { clientX, clientY });
        this.#tap = this.#pointers.size === 1 ? { clientX, clientY } : null;
    }

    #moved(event) {
        if (!this.#pointers.has(event.pointerId) || this.#control.mine) return;
        const { pointerId, clientX, clientY } = event;
        const before = this.#middle;
        this.#pointers.set(pointerId, { clientX, clientY });
        if (this.#tap) {
            if (Math.hypot(clientX - this.#tap.clientX, clientY - this.#tap.clientY) < SLOP) return;
            this.#tap = null;
            // So that it goes on beside the picture.
            event.currentTarget.setPointerCapture?.(pointerId);
        }
        // One finger, or a mouse, of somebody who points moves nothing.
        if (this.#pointing.isOn && this.#pointers.size === 1) return;
        const after = this.#middle;
        this.#viewport.enlarge(after.distance / before.distance, before, after);
    }

    #up({ pointerId, type }) {
        if (!this.#pointers.delete(pointerId) || !this.#tap) return;
        this.#tap = null;
        if (type === 'pointerup' && !this.#pointing.isOn) this.#onTap();
    }

    #turn(event) {
        // With Control it is the browser's zoom.
        if (this.#control.mine || this.#viewport.isWhole || event.ctrlKey) return;
        event.preventDefault();
        const unit = event.deltaMode === 0 ? 1 : LINE;
        this.#viewport.pan(-event.deltaX * unit, -event.deltaY * unit);
    }

    /** Of the first two, or of the only one. */
    get #middle() {
        const [one, other = one] = this.#pointers.values();
        return span([one, other]);
    }
}

// CSS pixels.
const SLOP = 8;
const LINE = 20;
