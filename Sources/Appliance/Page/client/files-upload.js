import { adding, digestOf, EMPTY } from './files-digest.js';
import { block, BLOCK, cancel, end, PIECE, piece, put } from './files-protocol.js';
import { DelayWindow, stampNow } from './files-window.js';

/**
 * One file on its way to the desk. It is read a block at a time, and can go on by another connection with what the desk does not
 * have: the desk knows it by its key.
 */
export class Upload {
    #file;
    #place;
    #key = crypto.getRandomValues(new Uint8Array(16));
    #channel = null;
    #transfer = 0;
    #window = new DelayWindow();
    #sent = 0;
    #acknowledged = 0;
    #lastWord = 0;
    /** Digests of the file up to the end of each block that the desk may go on from. */
    #digests = [{ end: 0, digest: EMPTY }];
    /** Which run is the current one: another begins after each cut. */
    #run = 0;
    #wake = null;
    #onChange;

    direction = 'in';
    /** Bytes that the desk has for good. */
    done = 0;

    /**
     * @param {File} file
     * @param {{lease: number, x: number, y: number} | null} place where it was dropped on the desk
     * @param {() => void} onChange is told of progress, and of a file that cannot be read
     */
    constructor(file, place, onChange) {
        this.#file = file;
        this.#place = place;
        this.#onChange = onChange;
        // A name that is too long is cut; what it may be is the desk's to say.
        this.name = cut(file.name || 'file');
        this.size = file.size;
    }

    /** @param {RTCDataChannel} channel */
    start(channel, transfer) {
        this.pause();
        this.#channel = channel;
        this.#transfer = transfer;
        this.#window = new DelayWindow();
        channel.send(put(transfer, { size: this.size, key: this.#key, name: this.name, place: this.#place }));
    }

    /** Nothing more is sent until it is started again. */
    pause() {
        this.#run += 1;
        this.#channel = null;
        this.#wake?.();
    }

    cancel() {
        if (this.#channel?.readyState === 'open') this.#channel.send(cancel(this.#transfer));
        this.pause();
    }

    handle(message) {
        if (message.type === 'ready') this.#goOn(message.offset);
        if (message.type === 'received') this.#received(message);
        if (message.type === 'confirmed') {
            this.done = Math.max(this.done, message.offset);
            const index = this.#digests.findIndex((one) => one.end === message.offset);
            if (index > 0) this.#digests.splice(0, index);
            if (message.isAgain) this.#goOn(message.offset);
            this.#onChange();
        }
    }

    #received({ count, delay }) {
        if (count <= this.#acknowledged || count > this.#sent) return;
        const now = performance.now();
        if (now - this.#lastWord > SILENCE) this.#window.silent();
        this.#lastWord = now;
        this.#window.acknowledged(count - this.#acknowledged, delay, this.#sent - this.#acknowledged, now);
        this.#acknowledged = count;
        this.#wake?.();
        this.#onChange();
    }

    async #goOn(offset) {
        const known = this.#digests.findIndex((one) => one.end === offset);
        this.#run += 1;
        this.#wake?.();
        // A desk that has started anew has nothing of it.
        if (known < 0 && offset > 0) return this.#fail('broken');
        this.#digests = known < 0 ? [{ end: 0, digest: EMPTY }] : this.#digests.slice(known, known + 1);
        this.#sent = offset;
        this.#acknowledged = offset;
        this.done = offset;
        this.#lastWord = performance.now();
        const run = this.#run;
        try {
            while (this.#sent < this.size) if (!(await this.#sendBlock(run))) return;
            if (run === this.#run) this.#send(end(this.#transfer, this.size, this.#digests.at(-1).digest));
        } catch {
            // The file was changed or removed, or its disk is gone.
            if (run === this.#run) this.#fail('unreadable');
        }
    }

    /** @returns {Promise<boolean>} whether this run still is the current one */
    async #sendBlock(run) {
        const start = this.#sent;
        const bytes = new Uint8Array(await this.#file.slice(start, start + BLOCK).arrayBuffer());
        if (run !== this.#run) return false;
        if (bytes.length === 0) throw new RangeError();
        const digest = await digestOf(bytes);
        const whole = await adding(this.#digests.at(-1).digest, digest);
        for (let place = 0; place < bytes.length; place += PIECE) {
            while (run === this.#run && this.#sent - this.#acknowledged >= this.#window.bytes) {
                await new Promise((wake) => (this.#wake = wake));
            }
            if (run !== this.#run) return false;
            const part = bytes.subarray(place, place + PIECE);
            this.#send(piece(this.#transfer, this.#sent, stampNow(), part));
            this.#sent += part.length;
        }
        this.#digests.push({ end: this.#sent, digest: whole });
        this.#send(block(this.#transfer, this.#sent, digest));
        return true;
    }

    #send(message) {
        // What is closed in this moment is gone on with by another one.
        if (this.#channel?.readyState === 'open') this.#channel.send(message);
    }

    #fail(outcome) {
        this.cancel();
        this.failure = outcome;
        this.#onChange();
    }
}

/** To 1,024 bytes of UTF-8, with its ending. */
function cut(name) {
    const bytes = (text) => new TextEncoder().encode(text).length;
    if (bytes(name) <= LONGEST) return name;
    const dot = name.lastIndexOf('.');
    const ending = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : '';
    let stem = [...name.slice(0, name.length - ending.length)].slice(0, LONGEST);
    while (bytes(stem.join('') + ending) > LONGEST) stem = stem.slice(0, -1);
    return stem.join('') + ending;
}

const LONGEST = 1_024;
/** Milliseconds. */
const SILENCE = 2_000;
