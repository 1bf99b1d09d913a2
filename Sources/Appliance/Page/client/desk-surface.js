import { ClipboardKeys } from './clipboard-keys.js';
import { RemoteCursor } from './cursor.js';
import { EdgePan } from './edge-pan.js';
import { PointerInput } from './input.js';
import { KeyboardLock } from './keyboard-lock.js';
import { LatchedModifiers } from './latched-modifiers.js';
import { Picture } from './picture.js';
import { TouchInput } from './touch.js';
import { Typing } from './typing.js';
import { ViewerInput } from './viewer-input.js';
import { Viewport } from './viewport.js';
/** @import { DeskroomClient } from './deskroom-client.js' */

/**
 * The desk on a page: its picture and pointer, how much of it is seen, and the hands of whoever drives. It is given the elements
 * that it is to use, and knows nothing of what is around them; `<deskroom-desk>` makes some of its own (desk-element.js).
 *
 * Events: `change` when the picture begins, or `isBlocked` has changed; `leave` (the keys lead away from the desk), `tap` (somebody who
 * does not drive presses on it), `notice` and `announce` (words in `detail`: for everybody, and for screen readers alone).
 */
export class DeskSurface extends EventTarget {
    #video;

    /** Whether the browser keeps the picture from moving until somebody clicks. */
    isBlocked = false;

    /**
     * @param {DeskroomClient} client
     * @param {{video: HTMLVideoElement, pointer: HTMLCanvasElement, keys: HTMLTextAreaElement, screen?: HTMLElement}} elements
     *     `video` fills its parent, which is the place that the desk has; `pointer` lies over it; `keys` is a field that nobody sees and
     *     that can be focused; `screen` is what fills the screen where browsers are to give up their shortcuts
     */
    constructor(client, { video, pointer, keys, screen = video.parentElement }) {
        super();
        this.#video = video;
        const { room } = client;
        const { clipboard, control, pointing } = room;
        const passOn = (type) => (words) => this.dispatchEvent(new CustomEvent(type, { detail: words }));
        const picture = new Picture(video);
        this.picture = picture;
        this.cursor = new RemoteCursor({ picture, surface: video, canvas: pointer });
        this.viewport = new Viewport(picture);
        this.latch = new LatchedModifiers(control);
        this.lock = new KeyboardLock({ control, surface: screen });
        this.clipboardKeys = new ClipboardKeys(keys, { clipboard, control, tell: passOn('notice'), announce: passOn('announce') });
        const { viewport, latch, lock, clipboardKeys, cursor } = this;
        const onLeave = () => this.dispatchEvent(new Event('leave'));
        this.typing = new Typing(keys, { control, latch, lock, clipboard: clipboardKeys, onLeave });
        const edge = new EdgePan({ viewport, picture });
        const onPress = () => this.typing.focus();
        new PointerInput(video, { control, picture, viewport, edge, lock, onPress });
        new TouchInput(video, { control, picture, viewport, edge, onPress, onMove: (x, y) => cursor.follow(x, y) });
        const onTap = () => this.dispatchEvent(new Event('tap'));
        new ViewerInput(video, { control, viewport, pointing, onTap });
        control.addEventListener('change', () => cursor.setMine(control.mine));
        room.addEventListener('desk', () => this.#handleDesk(room.desk));
        client.addEventListener('picture', ({ detail }) => this.#show(detail));
        client.addEventListener('cursor', ({ detail }) => cursor.handle(detail));
        client.addEventListener('awake', () => picture.isShown && this.play());
        picture.addEventListener('shown', () => {
            room.health.mark('firstFrame');
            this.#changed();
        });
        // What came before there was a place for it.
        if (room.desk) this.#handleDesk(room.desk);
        if (client.picture) this.#show(client.picture);
        if (client.cursorShape) cursor.handle(client.cursorShape);
        cursor.setMine(control.mine);
    }

    /** Keys go to the desk from now on, as far as this person drives. */
    focus() {
        this.typing.focus();
    }

    /** Lets the picture move, to be called in a click where the browser wants one. */
    async play() {
        const isBlocked = !(await this.picture.play());
        if (isBlocked !== this.isBlocked) {
            this.isBlocked = isBlocked;
            this.#changed();
        }
    }

    /** Nothing of the desk is left on the page. */
    clear() {
        this.picture.clear();
        this.viewport.whole();
    }

    #handleDesk(desk) {
        if (!desk) return;
        this.picture.announce(desk.width, desk.height);
        this.picture.handleDesk(desk);
    }

    #show(stream) {
        if (!stream) return this.clear();
        if (this.#video.srcObject === stream) return;
        this.picture.show(stream);
        this.play();
    }

    #changed() {
        this.dispatchEvent(new Event('change'));
    }
}
