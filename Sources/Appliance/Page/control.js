import * as protocol from './protocol.js';

/**
 * The lease, and the events that are sent under it. Without a lease every call does nothing.
 *
 * Events: `change` when the lease or its holder changes; `released` when the desk holds nothing of ours any
 * more.
 */
export class Control extends EventTarget {
    #lease = null;
    #channels = null;
    #sequence = 0;
    #pending = null;
    #frame = 0;

    /** Who is in control, `{id, name}` or `null`. */
    holder = null;
    sent = { moves: 0, buttons: 0, wheels: 0, keys: 0, unsent: 0 };

    get mine() {
        return this.#lease !== null;
    }

    /** @param {{control: RTCDataChannel, pointer: RTCDataChannel} | null} channels */
    attach(channels) {
        this.#channels = channels;
    }

    /** A `control` message of the room, or `null` when it is not known any more who is in control. */
    update(message) {
        const lease = message?.lease ?? null;
        const lost = this.#lease !== null && this.#lease !== lease;
        this.#lease = lease;
        this.holder = message?.holder ?? null;
        // The desk lets go by itself when a lease ends.
        if (lost) this.#forget();
        this.dispatchEvent(new Event('change'));
    }

    /** The first move goes out at once, those that follow once for each picture that the browser paints. */
    move(x, y) {
        if (!this.mine) return;
        this.#pending = { x, y };
        if (this.#frame) return;
        this.#sendMove();
        this.#frame = requestAnimationFrame(() => {
            this.#frame = 0;
            if (this.#pending) this.move(this.#pending.x, this.#pending.y);
        });
    }

    button(isDown, x, y, button) {
        const encode = isDown ? protocol.buttonDown : protocol.buttonUp;
        if (this.#send((lease, time) => encode(lease, time, x, y, button))) this.sent.buttons += 1;
    }

    wheel(x, y, dx, dy) {
        if (this.#send((lease, time) => protocol.wheel(lease, time, x, y, dx, dy))) this.sent.wheels += 1;
    }

    key(isDown, keysym) {
        const encode = isDown ? protocol.keyDown : protocol.keyUp;
        if (this.#send((lease, time) => encode(lease, time, keysym))) this.sent.keys += 1;
    }

    /** Lets go of everything; for when the page may not hear of the release. */
    releaseAll() {
        if (!this.mine) return;
        this.#send(protocol.releaseAll);
        this.#forget();
    }

    #forget() {
        this.#pending = null;
        this.dispatchEvent(new Event('released'));
    }

    #send(encode) {
        if (!this.mine) return false;
        // The pointer is where the hand was before it pressed.
        if (this.#pending) this.#sendMove();
        return this.#write(this.#channels?.control, encode);
    }

    #sendMove() {
        const channel = this.#channels?.pointer;
        // Behind a full buffer a move would only be late: a later one makes it good.
        if (channel?.readyState === 'open' && channel.bufferedAmount > BACKLOG) return;
        const { x, y } = this.#pending;
        this.#pending = null;
        const encode = (lease, time) => protocol.pointerMove(lease, time, this.#sequence, x, y);
        if (!this.#write(channel, encode)) return;
        this.#sequence = (this.#sequence + 1) & 0xffff;
        this.sent.moves += 1;
    }

    #write(channel, encode) {
        if (channel?.readyState !== 'open') {
            this.sent.unsent += 1;
            return false;
        }
        channel.send(encode(this.#lease, protocol.clientTime()));
        return true;
    }
}

/** Bytes of moves that may wait in the browser. */
const BACKLOG = 2048;
