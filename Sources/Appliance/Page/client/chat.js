import { say } from './catalogue.js';
import { bytesLeft } from './chat-length.js';
import { RoomError } from './room-error.js';
import { tab } from './storage.js';

/**
 * What people have written to one another since this person came. The room keeps it for pages that are loaded
 * again or were away, and repeats it on each new channel; the ids tell what is known already.
 *
 * `change` is sent when there is something new to show, `message` for each news of somebody else's,
 * `undelivered` when the way to the room has ended before the room sent this person's own words back.
 */
export class Chat extends EventTarget {
    #room;
    /** The last line that the room has sent. */
    #last = -1;
    /** Lines up to this one had been sent before this page was loaded: they are no news. */
    #read = -1;
    /** What each line that waits was sent on. */
    #channels = new WeakMap();
    /** Who wants to know what becomes of a line. */
    #waiting = new WeakMap();

    /**
     * `id`: counts up, `null` until the room has it; `at`: milliseconds since 1970 by the room's clock, `null` until
     * that is known.
     * @type {{id: number | null, from: number, name: string, text: string, at: number | null, isMine: boolean,
     *     state: 'delivered' | 'undelivered' | 'waiting'}[]}
     */
    messages = [];
    isOpen = false;
    unread = 0;

    constructor(room) {
        super();
        this.#room = room;
        room.subscribe.addEventListener('chat', ({ detail }) => this.#receive(detail));
        room.publish.addEventListener('change', () => this.#giveUp());
        room.addEventListener('change', () => this.#giveUp());
        room.addEventListener('refusal', ({ detail: { step } }) => {
            // Too many at once: it has taken the first of them.
            if (step === 'chat') this.#giveUp([this.messages.findLast(({ state }) => state === 'waiting')]);
        });
        room.addEventListener('welcome', ({ detail }) => {
            // Another person's ids, or another room's, start anew.
            if (!detail.isKnown) this.#startAnew();
            this.#read = Math.max(this.#read, tab.readObject(READ)?.id ?? -1);
        });
    }

    get canSend() {
        return this.#room.publish.chat?.readyState === 'open';
    }

    show(isOpen) {
        this.isOpen = isOpen;
        if (isOpen) this.#see();
        this.#changed();
    }

    /** This person has left: what was said is not for whoever uses the page next. */
    forget() {
        this.messages = [];
        this.unread = 0;
        this.#startAnew();
        this.show(false);
    }

    /** Returns why the text cannot be sent, in words, or `null` when it has been. */
    send(text) {
        const trimmed = text.trim();
        if (!trimmed) return null;
        if (bytesLeft(trimmed) < 0) return say('chat.tooLong');
        if (!this.canSend) return say('chat.unreached');
        const channel = this.#room.publish.chat;
        try {
            channel.send(trimmed);
        } catch {
            // The browser's own buffer is full.
            return say('chat.unreached');
        }
        const { id, name } = this.#room.you;
        const message = {
            id: null, from: id, name, text: trimmed, at: this.#room.time, isMine: true, state: 'waiting',
        };
        this.#channels.set(message, channel);
        this.#add(message);
        return null;
    }

    /** As `send`. @returns {Promise<object>} the line, once everybody has it; else a `RoomError` */
    post(text) {
        const before = this.messages.at(-1);
        const problem = this.send(text);
        const message = this.messages.at(-1);
        if (problem || message === before) {
            const code = bytesLeft(text) < 0 ? 'tooLong' : problem ? 'unreached' : 'empty';
            return Promise.reject(new RoomError({ code, step: 'chat', words: problem ?? say('client.noLine') }));
        }
        return new Promise((resolve, reject) => this.#waiting.set(message, { resolve, reject }));
    }

    /** Sends what was not delivered as if it had just been written; returns as `send` does. */
    sendAgain(message) {
        const problem = this.send(message.text);
        if (problem) return problem;
        this.messages = this.messages.filter((one) => one !== message);
        this.#changed();
        return null;
    }

    #receive(data) {
        const found = parsed(data);
        if (!found) return;
        const message = { ...found, name: this.#room.names.of(found.from, found.name) };
        if (message.id !== null) {
            if (message.id <= this.#last) return;
            this.#last = message.id;
        }
        const isMine = message.from === this.#room.you?.id;
        const own = isMine && this.#unconfirmed(message.text);
        if (own) {
            // The room has sent our own words back, which is when everybody has them: as these, at this time.
            const { id, at, text } = message;
            Object.assign(own, { state: 'delivered', id, at, text });
            this.#waiting.get(own)?.resolve(own);
            this.#settle(own);
            if (this.isOpen) this.#see();
            this.#changed();
            return;
        }
        this.#add({ ...message, isMine, state: 'delivered' });
        if (this.isOpen) this.#see();
        if (isMine || (message.id !== null && message.id <= this.#read)) return;
        if (!this.isOpen) this.unread += 1;
        this.dispatchEvent(new CustomEvent('message', { detail: message }));
        this.#changed();
    }

    /**
     * After a reconnection the room repeats what had reached it, though nobody heard of that before. Lines come back in
     * order, and without what cannot be seen.
     */
    #unconfirmed(text) {
        const seen = comparable(text);
        const find = (state) => this.messages.find((one) => one.state === state && comparable(one.text) === seen);
        return find('waiting') ?? find('undelivered') ?? this.messages.find(({ state }) => state === 'waiting');
    }

    /** @param messages by default what was sent on a channel that has ended: the browser does not repeat it */
    #giveUp(messages = this.messages.filter((one) => one.state === 'waiting' && this.#isCut(one))) {
        const lost = messages.filter(Boolean);
        if (lost.length === 0) return;
        for (const message of lost) {
            message.state = 'undelivered';
            this.#waiting.get(message)?.reject(new RoomError({ code: 'undelivered', step: 'chat', words: say('client.undelivered') }));
        }
        this.dispatchEvent(new Event('undelivered'));
        this.#changed();
    }

    #isCut(message) {
        const channel = this.#channels.get(message);
        return channel !== this.#room.publish.chat || channel.readyState !== 'open';
    }

    #startAnew() {
        this.#last = this.#read = -1;
        tab.write(READ, null);
    }

    /** All that has come so far is on the screen. */
    #see() {
        this.unread = 0;
        this.#read = this.#last;
        tab.writeObject(READ, { id: this.#last });
    }

    /** Everybody reads the lines in the order in which the room has taken them: so does whoever wrote one. */
    #settle(own) {
        const index = this.messages.indexOf(own);
        if (!this.messages.slice(index + 1).some(({ state }) => state === 'delivered')) return;
        this.messages.splice(index, 1);
        this.messages.splice(this.messages.findLastIndex(({ state }) => state === 'delivered') + 1, 0, own);
    }

    #add(message) {
        this.messages.push(message);
        if (this.messages.length > KEPT) this.messages.shift();
        this.#changed();
    }

    #changed() {
        this.dispatchEvent(new Event('change'));
    }
}

/** A text without what the room may leave out of it. */
const comparable = (text) => text.normalize('NFC').replace(/[\p{M}\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}\p{Co}\u2800]/gu, '');

/** `null` for what is no message. */
function parsed(data) {
    try {
        const { id, from, name, text, at } = JSON.parse(data);
        if (typeof text !== 'string' || !text) return null;
        return {
            id: Number.isInteger(id) ? id : null,
            from,
            name,
            text,
            at: Number.isFinite(at) ? at : null,
        };
    } catch {
        return null;
    }
}

/** Messages. */
const KEPT = 500;
const READ = 'deskroom chat read';
