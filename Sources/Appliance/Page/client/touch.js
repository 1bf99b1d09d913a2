import { WheelSum } from './geometry.js';
import { pointsOf } from './input.js';
import { TwoFingers } from './two-fingers.js';
/** @import { Control } from './control.js' */
/** @import { EdgePan } from './edge-pan.js' */
/** @import { Picture } from './picture.js' */
/** @import { Viewport } from './viewport.js' */

/**
 * Fingers of whoever drives: a tap clicks, a finger that moves drags with the left button, a long press is the
 * right button, two fingers turn the wheel, or make the desk larger and smaller when their distance changes. The hand that
 * holds a pen is no finger, and neither is a palm.
 */
export class TouchInput {
    #control;
    #picture;
    #viewport;
    #edge;
    #onMove;
    #onPress;
    #fingers = new Map();
    #wheel = new WheelSum();
    /** `idle`, `pressed` (not decided yet), `drag`, `two`, or `done` until all fingers are up. */
    #gesture = 'idle';
    #two = null;
    #frame = 0;
    #start = null;
    #lastTap = { at: null, time: -Infinity, clientX: 0, clientY: 0 };
    #timer = 0;
    #isPenNear = false;
    #penSeen = -Infinity;

    /**
     * @param {HTMLElement} surface
     * @param {{control: Control, picture: Picture, viewport: Viewport, edge: EdgePan, onPress: () => void,
     *     onMove: (x: number, y: number) => void}} parts
     */
    constructor(surface, { control, picture, viewport, edge, onPress, onMove }) {
        this.#control = control;
        this.#picture = picture;
        this.#viewport = viewport;
        this.#edge = edge;
        this.#onPress = onPress;
        this.#onMove = onMove;
        const on = (type, handler) => {
            surface.addEventListener(type, (event) => {
                if (event.pointerType === 'touch') handler(event);
            });
        };
        on('pointerdown', (event) => this.#down(event));
        on('pointermove', (event) => this.#moved(event));
        on('pointerup', (event) => this.#up(event));
        on('pointercancel', (event) => this.#up(event));
        // A pen is heard of wherever it is: the hand comes down before it does, or beside the picture.
        for (const type of ['pointerover', 'pointerdown', 'pointermove', 'pointerup', 'pointerout', 'pointercancel']) {
            addEventListener(type, (event) => this.#pen(event), { capture: true, passive: true });
        }
        viewport.addEventListener('change', () => this.#moveOn());
        control.addEventListener('released', () => this.#set(this.#fingers.size > 0 ? 'done' : 'idle'));
        control.addEventListener('dropped', ({ detail }) => {
            if (this.#gesture === 'drag' && detail.buttons.includes(1)) this.#set('done');
        });
    }

    #down(event) {
        if (this.#isHand(event) || !this.#control.mine) return;
        this.#onPress();
        const at = this.#at(event);
        if (!at) return;
        this.#fingers.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
        if (this.#fingers.size === 1 && at.isInside) {
            this.#start = { at: this.#settled(at, event), clientX: event.clientX, clientY: event.clientY };
            this.#set('pressed');
            this.#move(this.#start.at);
            this.#timer = setTimeout(() => {
                this.#click(3);
                this.#set('done');
                navigator.vibrate?.(15);
            }, LONG_PRESS);
        } else if (this.#fingers.size === 2) {
            if (this.#gesture === 'drag') this.#control.button(false, at.x, at.y, 1);
            this.#start ??= { at, clientX: event.clientX, clientY: event.clientY };
            this.#set('two');
            this.#two = new TwoFingers(this.#pair);
        }
    }

    #moved(event) {
        const finger = this.#fingers.get(event.pointerId);
        const at = this.#at(event);
        if (!finger || !at) return;
        // A palm may begin as small as a finger.
        if (isPalm(event)) return this.#abandon();
        this.#fingers.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
        if (this.#gesture === 'pressed' && distance(event, this.#start) > SLOP) {
            this.#set('drag');
            this.#control.button(true, this.#start.at.x, this.#start.at.y, 1);
        }
        if (this.#gesture === 'drag') {
            this.#control.drag(pointsOf(event, this.#picture));
            this.#onMove(at.x, at.y);
            this.#edge.at(event.clientX, event.clientY);
        }
        if (this.#gesture === 'two') this.#frame ||= requestAnimationFrame(() => this.#settle());
    }

    /** Once both fingers have been heard of. */
    #settle() {
        this.#frame = 0;
        const done = this.#gesture === 'two' ? this.#two.settle(this.#pair) : null;
        if (!done) return;
        const { factor, from, to } = done;
        if (this.#two.kind === 'pinch') this.#viewport.enlarge(factor, from, to);
        else this.#scroll(to.x - from.x, to.y - from.y);
    }

    /** The first two. */
    get #pair() {
        return [...this.#fingers.values()].slice(0, 2);
    }

    /** The desk has moved under a finger that drags and keeps still at the edge. */
    #moveOn() {
        if (this.#gesture !== 'drag' || this.#fingers.size !== 1) return;
        const { x, y } = this.#at([...this.#fingers.values()][0]);
        this.#control.drag([{ x, y }]);
        this.#onMove(x, y);
    }

    #up(event) {
        if (!this.#fingers.delete(event.pointerId)) return;
        const at = this.#at(event) ?? this.#start.at;
        if (this.#gesture === 'drag') this.#control.button(false, at.x, at.y, 1);
        if (this.#gesture === 'pressed' && event.type === 'pointerup') {
            this.#click(1);
            this.#lastTap = { ...this.#start, time: event.timeStamp };
        }
        this.#set(this.#fingers.size > 0 ? 'done' : 'idle');
    }

    /** A pen is in use, or was a moment ago, or the contact is larger than a finger's. */
    #isHand(event) {
        const since = event.timeStamp - this.#penSeen;
        return since < (this.#isPenNear ? PEN_NEAR : PEN_GONE) || isPalm(event);
    }

    #pen({ pointerType, type, timeStamp }) {
        if (pointerType !== 'pen') return;
        this.#isPenNear = type !== 'pointerout' && type !== 'pointercancel';
        this.#penSeen = timeStamp;
        if (this.#fingers.size > 0) this.#abandon();
    }

    /** What looked like fingers was a hand: what it holds is let go, and the rest of it ignored. */
    #abandon() {
        const [finger] = this.#fingers.values();
        const at = this.#at(finger) ?? this.#start.at;
        if (this.#gesture === 'drag') this.#control.button(false, at.x, at.y, 1);
        this.#fingers.clear();
        this.#set('idle');
    }

    /** The page under the fingers follows, as on any phone. */
    #scroll(dx, dy) {
        this.#wheel.add(-dx * NOTCHES_PER_PIXEL, -dy * NOTCHES_PER_PIXEL);
        const whole = this.#wheel.take();
        const { x, y } = this.#start.at;
        if (whole) this.#control.wheel(x, y, whole.dx, whole.dy);
    }

    #click(button) {
        const { x, y } = this.#start.at;
        this.#control.button(true, x, y, button);
        this.#control.button(false, x, y, button);
    }

    #move({ x, y }) {
        this.#control.move(x, y);
        this.#onMove(x, y);
    }

    /** The second tap of a double tap hits the pixel of the first, which a finger does not. */
    #settled(at, event) {
        const isSoon = event.timeStamp - this.#lastTap.time < DOUBLE_TAP;
        return isSoon && distance(event, this.#lastTap) < NEAR ? this.#lastTap.at : at;
    }

    #at(event) {
        return this.#picture.deskAt(event.clientX, event.clientY);
    }

    #set(gesture) {
        clearTimeout(this.#timer);
        if (this.#gesture === 'drag') this.#edge.stop();
        this.#gesture = gesture;
    }
}

const isPalm = ({ width, height }) => Math.max(width, height) > PALM;
const distance = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);

// CSS pixels and milliseconds.
const SLOP = 10;
const NEAR = 24;
const PALM = 120;
const LONG_PRESS = 500;
/** How long a hand may lie there after a pen was heard of last: one that has gone, and one that keeps still. */
const PEN_GONE = 1000;
const PEN_NEAR = 5000;
const DOUBLE_TAP = 350;
const NOTCHES_PER_PIXEL = 120 / 40;
