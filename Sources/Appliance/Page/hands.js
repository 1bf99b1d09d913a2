import { say } from './catalogue.js';
import { EdgePan } from './client/edge-pan.js';
import { PointerInput } from './client/input.js';
import { KeyPanel } from './key-panel.js';
import { KeyboardLock } from './client/keyboard-lock.js';
import { LatchedModifiers } from './client/latched-modifiers.js';
import { Regions } from './regions.js';
import { RelativePointer } from './relative-pointer.js';
import { TouchInput } from './client/touch.js';
import { Typing } from './client/typing.js';
import { ViewerInput } from './client/viewer-input.js';
import { Viewport } from './client/viewport.js';
import { ZoomView } from './zoom-view.js';

/** What the hands of a person do on the desk, and how much of it they see: puts the parts together that do it. */
export class Hands {
    #at;
    #control;
    #floor;
    #panel;
    #relative;
    #zoom;
    #regions;

    /**
     * @param {{room: Room, view: View, picture: Picture, cursor: RemoteCursor, clipboard: ClipboardKeys,
     *     onLeave: () => void, onTap: () => void}} parts
     *     `onLeave`: the keys lead away from the desk; `onTap`: somebody who does not drive presses on it
     */
    constructor({ room, view, picture, cursor, clipboard, onLeave, onTap }) {
        const { control, floor, pointing } = room;
        const at = view.elements;
        this.#at = at;
        this.#control = control;
        this.#floor = floor;
        const viewport = new Viewport(picture);
        const edge = new EdgePan({ viewport, picture });
        const latch = new LatchedModifiers(control);
        const lock = new KeyboardLock({ control, surface: at.room });
        this.viewport = viewport;
        this.typing = new Typing(at.keys, { control, latch, lock, clipboard, onLeave });
        const onPress = () => this.typing.focus();
        new PointerInput(at.desk, { control, picture, viewport, edge, lock, onPress });
        new TouchInput(at.desk, { control, picture, viewport, edge, onPress, onMove: (x, y) => cursor.follow(x, y) });
        new ViewerInput(at.desk, { control, viewport, pointing, onTap });
        this.#zoom = new ZoomView({ at, viewport, picture, announce: (words) => view.announce(words) });
        this.#regions = new Regions({ at, picture, viewport });
        this.#panel = new KeyPanel({ at, control, latch, lock });
        this.#relative = new RelativePointer({
            button: at['relative-button'],
            control,
            surface: at.desk,
            notice: (words) => view.notice(words),
            onStart: onPress,
        });
        control.addEventListener('echo', () => this.#writeFigures());
        at['keyboard-button'].addEventListener('click', () => {
            this.typing.raise(!this.typing.isRaised);
            this.render();
        });
    }

    render() {
        const { rights } = this.#floor;
        const mayType = this.#control.mine && (rights.length === 0 || rights.includes('keyboard'));
        this.#panel.allow(mayType);
        const mayPoint = this.#control.mine && (rights.length === 0 || rights.includes('pointer'));
        this.#relative.allow(mayPoint);
        this.#at['keyboard-button'].hidden = !this.#control.mine || !matchMedia('(any-pointer: coarse)').matches;
        this.#at['keyboard-button'].setAttribute('aria-pressed', String(this.typing.isRaised));
    }

    /** The page speaks another language. */
    write() {
        this.#zoom.render();
        this.#regions.write();
        this.#panel.render();
        this.#writeFigures();
    }

    /** What has become of what was typed. */
    #writeFigures() {
        const { confirmed, wrong, missing, resent } = this.#control.proof.figures;
        const isGood = wrong === 0 && missing === 0;
        const values = { count: confirmed, wrong, missing, resent };
        this.#at['typing-figures'].textContent = confirmed === 0 && isGood
            ? '' : say(isGood ? 'typing.allArrived' : 'typing.someArrived', values);
    }
}
