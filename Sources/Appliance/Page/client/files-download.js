import { adding, digestOf, EMPTY, isSame } from './files-digest.js';
import { BLOCK, cancel, confirmed, outcome, received, take } from './files-protocol.js';
import { delayOf } from './files-window.js';

/**
 * One file on its way from the desk: each block is compared with its digest, and what has come is kept when the connection is cut.
 *
 * What has come becomes a Blob at once, of which the browser keeps what is large on its disk: a page that put a file together in
 * its own memory could take none that is larger than that.
 */
export class Download {
    #offer;
    #channel = null;
    #transfer = 0;
    #version = 0n;
    #blobs = [];
    /** Blocks that are not one Blob with the rest yet. */
    #loose = [];
    #digest = EMPTY;
    /** The block that comes. */
    #block = new Uint8Array(BLOCK);
    #filled = 0;
    /** One message after the other: hashing takes a while. */
    #turn = Promise.resolve();
    #run = 0;
    #onChange;

    direction = 'out';
    /** Bytes that are here for good. */
    done = 0;

    /**
     * @param {{name: string, size: number, offer?: number}} file of the folder; `offer`: by which it may be taken
     * @param {() => void} onChange
     */
    constructor({ name, size, offer = 0 }, onChange) {
        this.name = name;
        this.size = size;
        this.#offer = offer;
        this.#onChange = onChange;
    }

    get offer() {
        return this.#offer;
    }

    /** @param {RTCDataChannel} channel */
    start(channel, transfer) {
        this.pause();
        this.#channel = channel;
        this.#transfer = transfer;
        const [offset, version] = this.done > 0 ? [this.done, this.#version] : [0, 0n];
        channel.send(take(transfer, { version, offset, offer: this.#offer, name: this.#offer ? '' : this.name }));
    }

    pause() {
        this.#run += 1;
        this.#channel = null;
        this.#filled = 0;
    }

    cancel() {
        this.#send(cancel(this.#transfer));
        this.pause();
        this.#blobs = this.#loose = [];
    }

    handle(message) {
        const delay = message.type === 'piece' ? delayOf(message.stamp) : 0;
        const run = this.#run;
        this.#turn = this.#turn.then(() => (run === this.#run ? this.#handle(message, delay) : null)).catch(() => {
            if (run === this.#run) this.#fail('broken');
        });
    }

    /** All of it. */
    blob() {
        return new Blob([...this.#blobs, ...this.#loose]);
    }

    async #handle(message, delay) {
        if (message.type === 'file') {
            if (message.offset !== this.done) return this.#fail('broken');
            this.size = message.size;
            this.#version = message.version;
        } else if (message.type === 'piece') {
            this.#take(message, delay);
        } else if (message.type === 'block') {
            await this.#compare(message);
        } else if (message.type === 'end') {
            // It was said before a block was to be sent again.
            if (message.size !== this.done) return;
            if (!isSame(message.digest, this.#digest)) return this.#fail('broken');
            this.#send(outcome(this.#transfer, 'done'));
            this.isWhole = true;
        }
        this.#onChange();
    }

    #take({ offset, bytes }, delay) {
        // What was under way when something was to be sent again.
        if (offset !== this.done + this.#filled || this.#filled + bytes.length > BLOCK) return;
        this.#block.set(bytes, this.#filled);
        this.#filled += bytes.length;
        this.#send(received(this.#transfer, offset + bytes.length, delay));
    }

    async #compare({ end, digest }) {
        const run = this.#run;
        const bytes = this.#block.slice(0, this.#filled);
        if (bytes.length === 0 || end !== this.done + bytes.length) return;
        const found = await digestOf(bytes);
        const whole = await adding(this.#digest, found);
        if (run !== this.#run) return;
        this.#filled = 0;
        if (!isSame(found, digest)) return this.#send(confirmed(this.#transfer, this.done, true));
        this.#loose.push(new Blob([bytes]));
        this.#digest = whole;
        this.done = end;
        if (this.#loose.length >= MOST_LOOSE) {
            this.#blobs.push(new Blob(this.#loose));
            this.#loose = [];
        }
        this.#send(confirmed(this.#transfer, end, false));
    }

    #send(message) {
        if (this.#channel?.readyState === 'open') this.#channel.send(message);
    }

    #fail(reason) {
        this.cancel();
        this.failure = reason;
        this.#onChange();
    }
}

/** 16 MiB. */
const MOST_LOOSE = 64;
