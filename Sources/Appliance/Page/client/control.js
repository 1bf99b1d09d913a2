import { HeldState } from './held-state.js';
import { Outbox } from './outbox.js';
import { MODIFIERS } from './keysyms.js';
import * as protocol from './protocol.js';
import { TypingProof } from './typing-proof.js';
/** @import { Gate } from './gate.js' */

/**
 * The lease, and the events that are sent under it. Without a lease every call does nothing.
 *
 * Events: `change` when the lease or its holder changes; `released` when the desk holds nothing of ours any
 * more; `echo` when the desk has said what has arrived; `dropped` (`{keys, buttons}` in `detail`) when the desk does not hold some of it; `undelivered` (words for the person
 * in `detail`) when some of a text was not typed.
 */
export class Control extends EventTarget {
    #lease = null;
    #mayType = false;
    #channels = null;
    #sequence = 0;
    #presses = 0;
    /** Pixels by which the pointer has moved since it was told of last. */
    #motion = { x: 0, y: 0 };
    #motionFrame = 0;
    #pending = null;
    #frame = 0;
    /** Points of a drag that have not been sent, and the last that have. */
    #path = [];
    #recent = [];
    #outbox = new Outbox({
        write: (encode) => this.#write(this.#channels?.control, encode),
        tell: (words) => this.dispatchEvent(new CustomEvent('undelivered', { detail: words })),
        onText: (sequence, keysyms, isAgain) => this.proof.text(sequence, keysyms, isAgain),
    });

    /** Is told of each press and turn that goes out, by the time that stands in it. @type {(time: number) => void} */
    onPress = () => {};

    /** What is down on the desk by what has been sent. */
    held = new HeldState((encode) => this.mine && this.#write(this.#channels?.control, encode));
    /** What has arrived of what was typed. */
    proof = new TypingProof((keysyms) => this.mine && this.#outbox.again(keysyms));
    /** Who is in control, `{id, name}` or `null`. */
    holder = null;
    sent = { moves: 0, buttons: 0, wheels: 0, keys: 0, characters: 0, unsent: 0 };

    get mine() {
        return this.#lease !== null;
    }

    /** What the room knows this person's control by; `null` without it. */
    get lease() {
        return this.#lease;
    }

    /** Whether it goes for the keyboard. */
    get mayType() {
        return this.mine && this.#mayType;
    }

    /** @param {{control: RTCDataChannel, pointer: RTCDataChannel} | null} channels */
    attach(channels) {
        if (channels === this.#channels) return;
        if (this.#channels) {
            this.#outbox.clear('cut');
            this.held.clear();
            this.proof.clear();
        }
        this.#channels = channels;
        channels?.control.addEventListener('message', ({ data }) => this.#handle(data));
    }

    /** A `control` message of the room, or `null` when it is not known any more who is in control. */
    update(message) {
        const lease = message?.lease ?? null;
        const lost = this.#lease !== null && this.#lease !== lease;
        this.#lease = lease;
        this.#mayType = message?.rights?.includes('keyboard') ?? true;
        this.holder = message?.holder ?? null;
        // The desk lets go by itself when a lease ends.
        if (lost) {
            this.#outbox.clear('lost');
            this.#forget();
        }
        this.dispatchEvent(new Event('change'));
    }

    /** The first move goes out at once, those that follow once for each picture that the browser paints. */
    move(x, y) {
        if (!this.mine) return;
        this.#pending = { x, y };
        if (this.#frame) return;
        this.#sendMove();
        this.#awaitFrame();
    }

    /**
     * Every point of a drag goes out, whatever the browser paints: what is drawn has to be what the hand drew.
     * @param {{x: number, y: number}[]} points oldest first
     */
    drag(points) {
        if (!this.mine) return;
        this.#pending = null;
        for (const { x, y } of points) {
            const [lastX, lastY] = this.#path.at(-1) ?? this.#recent.at(-1) ?? [];
            if (x !== lastX || y !== lastY) this.#path.push([x, y]);
        }
        this.#sendPath();
    }

    /** Pixels that the pointer moves by, wherever it is. */
    motion(dx, dy) {
        if (!this.mine) return;
        this.#motion = { x: this.#motion.x + dx, y: this.#motion.y + dy };
        this.#motionFrame ||= requestAnimationFrame(() => this.#sendMotion());
    }

    button(isDown, x, y, button) {
        const write = isDown ? protocol.buttonDown : protocol.buttonUp;
        const encode = (lease, time) => {
            this.held.button(isDown, button, time);
            return write(lease, time, x, y, button);
        };
        if (this.#send(encode)) this.sent.buttons += 1;
    }

    wheel(x, y, dx, dy) {
        if (this.#send((lease, time) => protocol.wheel(lease, time, x, y, dx, dy))) this.sent.wheels += 1;
    }

    /** @param {number[]} keysyms to be pressed and let go one after the other */
    text(keysyms) {
        if (!this.mine) return;
        this.sent.characters += keysyms.length;
        this.#outbox.text(keysyms);
    }

    /**
     * @param {Gate | null} gate what the key waits for, and all that follows
     * @param {number} place where it sits (key-places.js)
     */
    key(isDown, keysym, gate = null, place = 0) {
        const encode = (lease, time) => {
            this.held.key(isDown, keysym, place, time);
            if (!isDown) return protocol.keyUp(lease, time, keysym, place);
            const sequence = this.#presses;
            this.#presses = (sequence + 1) & 0xffff;
            this.proof.key(sequence, keysym, SHORTCUTS.some((one) => this.held.holds(one)));
            return protocol.keyDown(lease, time, sequence, keysym, place);
        };
        if (this.#send(encode, gate)) this.sent.keys += 1;
    }

    /** Lets go of everything; for when the page may not hear of the release. */
    releaseAll() {
        if (!this.mine) return;
        this.#send(protocol.releaseAll);
        this.#forget();
    }

    #forget() {
        this.#pending = null;
        this.#path = [];
        this.#recent = [];
        cancelAnimationFrame(this.#motionFrame);
        [this.#motion, this.#motionFrame] = [{ x: 0, y: 0 }, 0];
        this.held.clear();
        this.dispatchEvent(new Event('released'));
    }

    #send(encode, gate = null) {
        if (!this.mine) return false;
        // The pointer is where the hand was before it pressed.
        if (this.#motionFrame) this.#sendMotion();
        if (this.#pending) this.#sendMove();
        if (this.#path.length > 0) this.#sendPath();
        this.#path = [];
        // A point from before a press must not come again after it.
        this.#recent = [];
        return this.#outbox.event(encode, gate);
    }

    #handle(data) {
        const receipt = protocol.parseReceipt(data);
        if (receipt && receipt.lease === this.#lease) this.#outbox.receipt(receipt);
        const echo = protocol.parseEcho(data);
        if (echo && echo.lease === this.#lease) {
            this.proof.handle(echo);
            this.dispatchEvent(new Event('echo'));
        }
        const held = protocol.parseHeld(data);
        if (!held || held.lease !== this.#lease) return;
        const detail = this.held.handle(held);
        if (detail.keys.length + detail.buttons.length > 0) this.dispatchEvent(new CustomEvent('dropped', { detail }));
    }

    #awaitFrame() {
        if (this.#frame) return;
        this.#frame = requestAnimationFrame(() => {
            this.#frame = 0;
            if (this.#path.length > 0) this.#sendPath();
            if (this.#pending) this.move(this.#pending.x, this.#pending.y);
        });
    }

    #sendMotion() {
        cancelAnimationFrame(this.#motionFrame);
        this.#motionFrame = 0;
        const [dx, dy] = [Math.trunc(this.#motion.x), Math.trunc(this.#motion.y)];
        this.#motion = { x: this.#motion.x - dx, y: this.#motion.y - dy };
        this.#outbox.event((lease, time) => protocol.pointerMotion(lease, time, dx, dy));
        this.sent.moves += 1;
    }

    get #isBehind() {
        const channel = this.#channels?.pointer;
        return channel?.readyState === 'open' && channel.bufferedAmount > BACKLOG;
    }

    #sendMove() {
        // Behind a full buffer a move would only be late: a later one makes it good.
        if (this.#isBehind) return;
        const { x, y } = this.#pending;
        this.#pending = null;
        this.#recent = [];
        this.#writePoints([[x, y]], 1);
    }

    /** With the points before them, which may have been lost: this channel sends nothing again. */
    #sendPath() {
        if (this.#isBehind) {
            // Better a coarser line than a late one.
            if (this.#path.length > KEPT) this.#path = this.#path.filter((_, i, all) => i % 2 || i === all.length - 1);
            this.#awaitFrame();
            return;
        }
        while (this.#path.length > 0) {
            const fresh = this.#path.splice(0, POINTS - REPEATED);
            this.#writePoints([...this.#recent, ...fresh], fresh.length);
            this.#recent = fresh.slice(-REPEATED);
        }
    }

    /** Points of which the last `fresh` are new. */
    #writePoints(points, fresh) {
        const sequence = this.#sequence + fresh - 1;
        const encode = (lease, time) =>
            (points.length === 1
                ? protocol.pointerMove(lease, time, sequence, ...points[0])
                : protocol.pointerPath(lease, time, sequence, points));
        if (!this.#write(this.#channels?.pointer, encode)) return;
        this.#sequence = (sequence + 1) & 0xffff;
        this.sent.moves += fresh;
    }

    #write(channel, encode) {
        if (channel?.readyState !== 'open') {
            this.sent.unsent += 1;
            return false;
        }
        const time = protocol.clientTime();
        const message = encode(this.#lease, time);
        channel.send(message);
        if (protocol.isPress(message)) this.onPress(time);
        return true;
    }
}

const SHORTCUTS = [...MODIFIERS.Control, ...MODIFIERS.Alt, ...MODIFIERS.Meta];
/** Bytes of moves that may wait in the browser. */
const BACKLOG = 2048;
// Points: in one message, of those that have been in the one before, and of those that may wait.
const POINTS = 32;
const REPEATED = 8;
const KEPT = 256;
