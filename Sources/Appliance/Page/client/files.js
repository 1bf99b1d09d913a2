import { decline, hand, parse, watch } from './files-protocol.js';
import { Download } from './files-download.js';
import { Upload } from './files-upload.js';

/**
 * Files between this device and the folder on the desk: one at a time in each direction, the others wait. What was cut goes on by the
 * next connection.
 *
 * Events: `change`; `began` and `ended` (the transfer in `detail`); `handed` (what became of a file that was handed to somebody, in
 * `detail`); `offered` (a file that somebody hands this person, in `detail`).
 */
export class Files extends EventTarget {
    #channel = null;
    #number = 0;
    #transfer = 0;
    #isWatched = false;
    #coming = [];
    #timer = 0;

    /** Whether the room lets this person put files on the desk, take some, and hand one to somebody. */
    toDesk = false;
    fromDesk = false;
    hand = false;
    /** Bytes of one file. */
    limit = 0;
    /** Files that somebody hands this person: `{id, from, name, size}`. */
    offers = [];
    /** What the folder has: `{name, size, changed}`; `null` until it is known. */
    entries = null;
    /** Whether it has more than is told. */
    hasMore = false;
    /**
     * In the order in which they were asked for: `{id, file: Upload | Download, state, outcome, name}`; `state`: `queued`,
     * `running`, `cut` or `ended`.
     */
    transfers = [];

    /** @param {object} state as the room tells it */
    update(state) {
        const { toDesk = false, fromDesk = false, hand: mayHand = false, limit = 0, offers = [] } = state ?? {};
        const news = offers.filter(({ id }) => !this.offers.some((offer) => offer.id === id));
        Object.assign(this, { toDesk, fromDesk, hand: mayHand, limit, offers });
        if (!fromDesk) this.entries = null;
        for (const offer of news) this.dispatchEvent(new CustomEvent('offered', { detail: offer }));
        if (fromDesk && this.#isWatched) this.#send(watch(true));
        this.#changed();
    }

    /** @param {RTCDataChannel | null} channel */
    attach(channel) {
        if (channel === this.#channel) return;
        this.#channel = channel;
        for (const one of this.transfers) if (one.state === 'running') this.#cut(one);
        channel?.addEventListener('message', ({ data }) => {
            if (channel === this.#channel) this.#handle(parse(data));
        });
        channel?.addEventListener('close', () => {
            if (channel === this.#channel) this.attach(null);
        });
        channel?.addEventListener('open', () => this.#opened());
        if (channel?.readyState === 'open') this.#opened();
        this.#changed();
    }

    /** This person is not in the room any more. */
    forget() {
        for (const one of this.transfers) one.file.pause();
        this.transfers = [];
        this.update(null);
        this.attach(null);
    }

    get isOpen() {
        return this.#channel?.readyState === 'open';
    }

    /** Whether there is anything for this person to do with files. */
    get isThere() {
        return this.toDesk || this.fromDesk;
    }

    /** Whether a way to the room is needed. */
    get isNeeded() {
        return this.isThere || this.offers.length > 0 || this.transfers.some(({ state }) => state !== 'ended');
    }

    /** No names. */
    get diagnosis() {
        const { toDesk, fromDesk, isOpen, offers, entries } = this;
        return {
            toDesk, fromDesk, isOpen, offers: offers.length, entries: entries?.length ?? null,
            transfers: this.transfers.map(({ file, state, outcome }) => ({
                direction: file.direction, size: file.size, done: file.done, state, outcome,
            })),
        };
    }

    /** @param {File[]} files @param {object | null} place where they were dropped on the desk @returns {object[]} of `transfers` */
    upload(files, place = null) {
        const added = [...files].map((file) => {
            const one = this.#add((changed) => new Upload(file, place, changed));
            if (!this.toDesk) this.#end(one, 'notAllowed');
            else if (file.size > this.limit) this.#end(one, 'tooLarge');
            return one;
        });
        this.#next();
        return added;
    }

    /** @param {{name: string, size: number, offer?: number}} file @returns {object} of `transfers` */
    download(file) {
        const one = this.#add((changed) => new Download(file, changed));
        this.#next();
        return one;
    }

    cancel(id) {
        const one = this.transfers.find((transfer) => transfer.id === id);
        if (!one) return;
        if (one.state === 'ended') this.transfers = this.transfers.filter((other) => other !== one);
        else {
            one.file.cancel();
            this.#end(one, 'cancelled');
        }
        this.#next();
    }

    decline(offer) {
        this.#send(decline(offer));
    }

    handTo(person, name) {
        return this.#send(hand(person, name));
    }

    /** Whether the list is looked at, and kept current therefore. */
    watch(isWatched) {
        if (isWatched === this.#isWatched) return;
        this.#isWatched = isWatched;
        if (this.fromDesk) this.#send(watch(isWatched));
        if (!isWatched) this.entries = null;
    }

    #add(make) {
        const one = { id: 0, file: null, state: 'queued', outcome: null, name: '', transfer: 0, tries: 0, begun: false };
        one.id = this.#number += 1;
        one.file = make(() => this.#progressed(one));
        // What is over makes room.
        const over = this.transfers.filter(({ state }) => state === 'ended');
        if (over.length >= MOST_ENDED) this.transfers = this.transfers.filter((other) => other !== over[0]);
        this.transfers.push(one);
        return one;
    }

    #opened() {
        if (this.#isWatched && this.fromDesk) this.#send(watch(true));
        this.#next();
    }

    /** Begins what can begin, and goes on with what was cut. */
    #next() {
        for (const direction of ['in', 'out']) {
            const mine = this.transfers.filter(({ file, state }) => file.direction === direction && state !== 'ended');
            const [first] = mine;
            if (!this.isOpen || !first || first.state === 'running' || first.isResting) continue;
            first.state = 'running';
            this.#transfer = (this.#transfer % 0xffff) + 1;
            first.transfer = this.#transfer;
            first.file.start(this.#channel, first.transfer);
            if (!first.begun) this.dispatchEvent(new CustomEvent('began', { detail: first }));
            first.begun = true;
        }
        this.#changed();
    }

    #handle(message) {
        if (!message) return;
        if (message.type === 'listing') return this.#listed(message);
        if (message.type === 'handed') return this.dispatchEvent(new CustomEvent('handed', { detail: message }));
        const one = this.transfers.find(({ transfer, state }) => state === 'running' && transfer === message.transfer);
        if (!one) return;
        if (message.type !== 'outcome') return one.file.handle(message);
        one.name = message.name;
        if (AGAIN[message.outcome] > one.tries) this.#rest(one);
        else this.#end(one, message.outcome);
    }

    #listed({ entries, rest }) {
        this.#coming.push(...entries);
        if (rest === 0) return;
        this.entries = this.#coming;
        this.hasMore = rest === 2;
        this.#coming = [];
        this.#changed();
    }

    #progressed(one) {
        if (one.state === 'ended') return;
        if (one.file.done > (one.before ?? 0)) one.tries = 0;
        one.before = one.file.done;
        if (one.file.failure) this.#end(one, one.file.failure);
        else if (one.file.isWhole) this.#end(one, 'done');
        else this.#changed();
    }

    /** Something is in the way that passes. */
    #rest(one) {
        this.#cut(one);
        one.tries += 1;
        one.isResting = true;
        setTimeout(() => {
            one.isResting = false;
            this.#next();
        }, REST);
    }

    #cut(one) {
        one.file.pause();
        one.state = 'cut';
        this.#changed();
    }

    #end(one, outcome) {
        one.file.pause();
        one.state = 'ended';
        one.outcome = outcome;
        this.dispatchEvent(new CustomEvent('ended', { detail: one }));
        this.#next();
    }

    #send(message) {
        if (this.isOpen) this.#channel.send(message);
        return this.isOpen;
    }

    /** Some hundred pieces a second come: they are told of ten times. */
    #changed() {
        if (this.#timer) return;
        this.#timer = setTimeout(() => {
            this.#timer = 0;
            this.dispatchEvent(new Event('change'));
        }, 100);
    }
}

/** How often in a row it is tried again, without anything having come of it. */
const AGAIN = { broken: 3, busy: 10, deskAway: 15 };
/** Milliseconds. */
const REST = 2_000;
const MOST_ENDED = 30;
