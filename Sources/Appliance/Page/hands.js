import { say } from './catalogue.js';
import { KeyPanel } from './key-panel.js';
import { Regions } from './regions.js';
import { RelativePointer } from './relative-pointer.js';
import { ZoomView } from './zoom-view.js';

/** What the page has besides the desk itself (`DeskSurface`) for the hands of a person: keys that they lack, how much of it they see. */
export class Hands {
    #at;
    #control;
    #floor;
    #typing;
    #panel;
    #relative;
    #zoom;
    #regions;

    /** @param {{room: Room, view: View, surface: DeskSurface}} parts */
    constructor({ room, view, surface }) {
        const { control, floor } = room;
        const { latch, lock, picture, typing, viewport } = surface;
        const at = view.elements;
        this.#at = at;
        this.#control = control;
        this.#floor = floor;
        this.#typing = typing;
        this.#zoom = new ZoomView({ at, viewport, picture, announce: (words) => view.announce(words) });
        this.#regions = new Regions({ at, picture, viewport });
        this.#panel = new KeyPanel({ at, control, latch, lock });
        this.#relative = new RelativePointer({
            button: at['relative-button'],
            control,
            surface: at.desk,
            notice: (words) => view.notice(words),
            onStart: () => surface.focus(),
        });
        control.addEventListener('echo', () => this.#writeFigures());
        at['keyboard-button'].addEventListener('click', () => {
            this.#typing.raise(!this.#typing.isRaised);
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
        this.#at['keyboard-button'].setAttribute('aria-pressed', String(this.#typing.isRaised));
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
