import { say } from './catalogue.js';
import { isRelative } from './client/pointer-lock.js';

/**
 * The mouse as games want it: the desk gets how far it moves, not where it is, and the browser keeps its own pointer away (Pointer Lock,
 * W3C). Whoever drives switches it on; Esc ends it, and so does losing control.
 */
export class RelativePointer {
    #button;
    #control;
    #surface;
    #notice;

    /**
     * @param {{button: HTMLButtonElement, control: Control, surface: HTMLElement, notice: (words: string) => void,
     *     onStart: () => void}} parts `onStart`: keys are to go to the desk, too
     */
    constructor({ button, control, surface, notice, onStart }) {
        this.#button = button;
        this.#control = control;
        this.#surface = surface;
        this.#notice = notice;
        button.addEventListener('click', () => this.#toggle());
        surface.addEventListener('mousemove', (event) => this.#moved(event));
        document.addEventListener('pointerlockchange', () => {
            if (this.isOn) {
                // Where it is from now on does not matter.
                control.motion(0, 0);
                onStart();
                notice(say('relative.on'));
            }
            this.render();
        });
        control.addEventListener('change', () => {
            if (!control.mine && this.isOn) document.exitPointerLock();
        });
    }

    get isOn() {
        return isRelative(this.#surface);
    }

    /** @param {boolean} mayPoint */
    allow(mayPoint) {
        const isThere = typeof this.#surface.requestPointerLock === 'function' && matchMedia('(any-pointer: fine)').matches;
        this.#button.hidden = !mayPoint || !isThere;
        if (!mayPoint && this.isOn) document.exitPointerLock();
        this.render();
    }

    render() {
        this.#button.setAttribute('aria-pressed', String(this.isOn));
    }

    async #toggle() {
        if (this.isOn) return document.exitPointerLock();
        try {
            // Without what the system adds to a fast hand: a game adds its own.
            await this.#surface.requestPointerLock({ unadjustedMovement: true });
        } catch ({ name }) {
            if (name !== 'NotSupportedError') return this.#notice(say('relative.refused'));
            try {
                await this.#surface.requestPointerLock();
            } catch {
                this.#notice(say('relative.refused'));
            }
        }
    }

    #moved({ movementX, movementY }) {
        if (this.isOn && (movementX !== 0 || movementY !== 0)) this.#control.motion(movementX, movementY);
    }
}
