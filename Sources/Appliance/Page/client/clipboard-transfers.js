import { cancel, parse, PIECE, piece, put, received, take, WINDOW } from './clipboard-protocol.js';

/**
 * Carries contents between this page and the room: one each way at a time; a newer one takes the place of the one before,
 * which ends as `replaced`.
 *
 * A content is `[{kind, bytes}]`, each kind of `text`, `html` and `png` at most once, in this order.
 */
export class ClipboardTransfers {
    #channel = null;
    #number = 0;
    #outgoing = null;
    #incoming = null;

    /** @param {RTCDataChannel | null} channel */
    attach(channel) {
        if (channel === this.#channel) return;
        this.#end('broken');
        this.#channel = channel;
        channel?.addEventListener('message', ({ data }) => {
            if (channel === this.#channel) this.#handle(parse(data));
        });
        channel?.addEventListener('close', () => {
            if (channel === this.#channel) this.attach(null);
        });
    }

    get isOpen() {
        return this.#channel?.readyState === 'open';
    }

    /** Puts a content on the desk. @returns {Promise<string>} what became of it */
    put(parts, lease) {
        this.#finishOutgoing('replaced');
        if (!this.isOpen) return Promise.resolve('broken');
        return new Promise((settle) => {
            const transfer = this.#next();
            const total = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
            this.#outgoing = { transfer, parts, total, sent: 0, acknowledged: 0, settle, timer: 0 };
            this.#channel.send(put(transfer, lease, parts));
            this.#pump();
        });
    }

    /** What is on its way to the desk is not wanted any more; it ends as `cancelled`. */
    cancelPut() {
        if (!this.#outgoing) return;
        if (this.isOpen) this.#channel.send(cancel(this.#outgoing.transfer));
        this.#finishOutgoing('cancelled');
    }

    /**
     * Takes what the desk has, once it is newer than `serial`; 0: at once.
     * @returns {Promise<{outcome: string, parts?: {kind: string, bytes: Uint8Array}[]}>}
     */
    take(serial) {
        this.#finishIncoming({ outcome: 'replaced' });
        if (!this.isOpen) return Promise.resolve({ outcome: 'broken' });
        return new Promise((settle) => {
            const transfer = this.#next();
            this.#incoming = { transfer, parts: [], count: 0, acknowledged: 0, settle, timer: 0 };
            this.#channel.send(take(transfer, serial));
            this.#awaitIncoming();
        });
    }

    #next() {
        this.#number = (this.#number + 1) & 0xffff;
        return this.#number;
    }

    #handle(message) {
        const { type, transfer } = message ?? {};
        const [out, into] = [this.#outgoing, this.#incoming];
        if (type === 'received' && transfer === out?.transfer) {
            out.acknowledged = message.count;
            this.#pump();
        } else if (type === 'outcome' && transfer === out?.transfer) {
            this.#finishOutgoing(message.outcome);
        } else if (type === 'outcome' && transfer === into?.transfer) {
            if (message.outcome !== 'done') this.#finishIncoming({ outcome: message.outcome });
        } else if (type === 'content' && transfer === into?.transfer && into.parts.length === 0) {
            into.parts = message.table.map(({ kind, length }) => ({ kind, bytes: new Uint8Array(length) }));
            this.#awaitIncoming();
        } else if (type === 'piece' && transfer === into?.transfer) {
            this.#take(message);
        }
    }

    #pump() {
        const { transfer, parts, total, acknowledged } = this.#outgoing;
        while (this.#outgoing.sent < total && this.#outgoing.sent - acknowledged < WINDOW) {
            const { sent } = this.#outgoing;
            const bytes = slice(parts, sent);
            this.#channel.send(piece(transfer, sent, bytes));
            this.#outgoing.sent += bytes.length;
        }
        clearTimeout(this.#outgoing.timer);
        this.#outgoing.timer = setTimeout(() => this.#giveUp(this.#outgoing), SILENCE);
    }

    #take({ transfer, offset, bytes }) {
        const into = this.#incoming;
        if (offset !== into.count) return this.#giveUp(into);
        let start = 0;
        for (const { bytes: whole } of into.parts) {
            if (into.count < start + whole.length && into.count >= start) {
                if (into.count - start + bytes.length > whole.length) return this.#giveUp(into);
                whole.set(bytes, into.count - start);
                into.count += bytes.length;
                break;
            }
            start += whole.length;
        }
        const total = into.parts.reduce((sum, { bytes: whole }) => sum + whole.length, 0);
        if (into.count === total || into.count - into.acknowledged >= ACKNOWLEDGEMENT) {
            into.acknowledged = into.count;
            this.#channel.send(received(transfer, into.count));
        }
        if (into.count === total) this.#finishIncoming({ outcome: 'done', parts: into.parts });
        else this.#awaitIncoming();
    }

    #awaitIncoming() {
        clearTimeout(this.#incoming.timer);
        this.#incoming.timer = setTimeout(() => this.#giveUp(this.#incoming), SILENCE);
    }

    #giveUp(one) {
        if (!one) return;
        if (this.isOpen) this.#channel.send(cancel(one.transfer));
        if (one === this.#outgoing) this.#finishOutgoing('broken');
        if (one === this.#incoming) this.#finishIncoming({ outcome: 'broken' });
    }

    #finishOutgoing(outcome) {
        const out = this.#outgoing;
        this.#outgoing = null;
        clearTimeout(out?.timer);
        out?.settle(outcome);
    }

    #finishIncoming(result) {
        const into = this.#incoming;
        this.#incoming = null;
        clearTimeout(into?.timer);
        into?.settle(result);
    }

    #end(outcome) {
        this.#finishOutgoing(outcome);
        this.#finishIncoming({ outcome });
    }
}

/** At most a piece of the parts' bytes from `offset` on, of one part. */
function slice(parts, offset) {
    let start = offset;
    for (const { bytes } of parts) {
        if (start < bytes.length) return bytes.subarray(start, start + PIECE);
        start -= bytes.length;
    }
    return new Uint8Array();
}

/** Bytes after which the room is told that they have come. */
const ACKNOWLEDGEMENT = 65_000;
/** Milliseconds: longer than the room waits for the desk. */
const SILENCE = 20_000;
