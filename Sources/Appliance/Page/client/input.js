import { notches, WheelSum } from './geometry.js';
import { isRelative } from './pointer-lock.js';
/** @import { Control } from './control.js' */
/** @import { EdgePan } from './edge-pan.js' */
/** @import { KeyboardLock } from './keyboard-lock.js' */
/** @import { Picture } from './picture.js' */
/** @import { Viewport } from './viewport.js' */

/** Bits of `PointerEvent.buttons` and the buttons of X that they are. */
const BUTTONS = [
    [1, 1],
    [4, 2],
    [2, 3],
    [8, 8],
    [16, 9],
];

/** Where a mouse is that has only motion: the desk does not look. */
const NOWHERE = { x: 0, y: 0 };

/** Which buttons have changed: `[isDown, button]`, releases first. */
export function buttonChanges(before, after) {
    const changes = [];
    for (const [bit, button] of BUTTONS) if (before & bit & ~after) changes.push([false, button]);
    for (const [bit, button] of BUTTONS) if (after & bit & ~before) changes.push([true, button]);
    return changes;
}

/**
 * The desk pixels that a move has gone through, oldest first: a browser reports a pointer once a picture, and
 * hands over what was in between when it is asked.
 */
export function pointsOf(event, picture) {
    const all = event.getCoalescedEvents?.() ?? [];
    return (all.length > 0 ? all : [event])
        .map(({ clientX, clientY }) => picture.deskAt(clientX, clientY))
        .filter((at) => at !== null);
}

/** Mouse and pen on the picture. Fingers are in `touch.js`. */
export class PointerInput {
    #control;
    #picture;
    #edge;
    #lock;
    #wheel = new WheelSum();
    #held = 0;
    /** Buttons that are down here, but not on the desk any more, until they have been let go. */
    #ignored = 0;
    /** Where the pointer is over the picture, in CSS pixels of the window; `null` while it is elsewhere. */
    #last = null;
    #onPress;

    /**
     * @param {HTMLElement} surface
     * @param {{control: Control, picture: Picture, viewport: Viewport, edge: EdgePan, lock: KeyboardLock,
     *     onPress: () => void}} parts `onPress`: whoever drives presses on the picture
     */
    constructor(surface, { control, picture, viewport, edge, lock, onPress }) {
        this.#control = control;
        this.#picture = picture;
        this.#edge = edge;
        this.#lock = lock;
        this.#onPress = onPress;
        for (const type of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel']) {
            surface.addEventListener(type, (event) => this.#pointer(event));
        }
        surface.addEventListener('pointerleave', () => {
            this.#last = null;
            edge.stop();
        });
        viewport.addEventListener('change', () => this.#moveOn());
        surface.addEventListener('wheel', (event) => this.#turn(event), { passive: false });
        // What a browser does by itself with a press: focus, selection, scrolling by the middle button, its
        // menu, and going back in its history.
        for (const type of ['mousedown', 'mouseup', 'auxclick', 'contextmenu', 'dragstart']) {
            surface.addEventListener(type, (event) => {
                if (control.mine) event.preventDefault();
            });
        }
        control.addEventListener('released', () => {
            this.#ignored |= this.#held;
            this.#held = 0;
            this.#last = null;
            edge.stop();
        });
        control.addEventListener('dropped', ({ detail }) => this.#drop(detail.buttons));
    }

    /** The desk does not hold them: they count again once they have been let go of. */
    #drop(buttons) {
        for (const [bit, button] of BUTTONS) {
            if (!buttons.includes(button) || !(this.#held & bit)) continue;
            this.#ignored |= bit;
            this.#held &= ~bit;
        }
    }

    #pointer(event) {
        if (event.pointerType === 'touch' || !this.#control.mine) return;
        if (event.type === 'pointerdown') this.#onPress();
        if (isRelative(event.currentTarget)) {
            this.#last = null;
            return this.#press(event, NOWHERE);
        }
        const at = this.#picture.deskAt(event.clientX, event.clientY);
        if (!at) return;
        this.#last = { clientX: event.clientX, clientY: event.clientY };
        this.#edge.at(event.clientX, event.clientY);
        // A press beside the picture is not one at its edge.
        if (event.type === 'pointerdown' && !at.isInside) this.#ignored |= event.buttons & ~this.#held;
        this.#press(event, at);
    }

    #press(event, at) {
        this.#ignored &= event.buttons;
        const buttons = event.type === 'pointercancel' ? 0 : event.buttons & ~this.#ignored;
        const changes = buttonChanges(this.#held, buttons);
        this.#held = buttons;
        if (changes.length === 0) {
            if (at === NOWHERE) return;
            // A line that is drawn goes through every point; a pointer that only moves has to be where it is.
            if (buttons) this.#control.drag(pointsOf(event, this.#picture));
            else this.#control.move(at.x, at.y);
            return;
        }
        // So that a drag goes on, and ends, outside the picture.
        if (buttons && at !== NOWHERE) event.currentTarget.setPointerCapture?.(event.pointerId);
        for (const [isDown, button] of changes) this.#control.button(isDown, at.x, at.y, button);
    }

    /** The desk has moved under a pointer that keeps still: it is over other pixels now. */
    #moveOn() {
        if (!this.#last || !this.#control.mine) return;
        const { x, y } = this.#picture.deskAt(this.#last.clientX, this.#last.clientY);
        if (this.#held) this.#control.drag([{ x, y }]);
        else this.#control.move(x, y);
    }

    #turn(event) {
        if (!this.#control.mine || (event.ctrlKey && !this.#lock.isDesks)) return;
        event.preventDefault();
        const at = isRelative(event.currentTarget) ? NOWHERE : this.#picture.deskAt(event.clientX, event.clientY);
        if (!at) return;
        // The mode is read first: Firefox then reports lines instead of pixels that it made up.
        const mode = event.deltaMode;
        this.#wheel.add(
            notches(event.deltaX, mode, event.wheelDeltaX),
            notches(event.deltaY, mode, event.wheelDeltaY),
        );
        const whole = this.#wheel.take();
        if (whole) this.#control.wheel(at.x, at.y, whole.dx, whole.dy);
    }
}
