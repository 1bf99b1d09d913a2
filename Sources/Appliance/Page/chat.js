/**
 * What people write to one another, as long as this page is open. `change` is sent when there is something
 * new to show, `message` for each one of somebody else's.
 */
export class Chat extends EventTarget {
    #room;

    /**
     * `at`: milliseconds since 1970.
     * @type {{from: number, name: string, text: string, at: number, isMine: boolean, isWaiting: boolean}[]}
     */
    messages = [];
    isOpen = false;
    unread = 0;

    constructor(room) {
        super();
        this.#room = room;
        room.subscribe.addEventListener('chat', ({ detail }) => this.#receive(detail));
    }

    get canSend() {
        return this.#room.publish.chat?.readyState === 'open';
    }

    show(isOpen) {
        this.isOpen = isOpen;
        if (isOpen) this.unread = 0;
        this.#changed();
    }

    /** Returns why the text cannot be sent, in words, or `null` when it has been. */
    send(text) {
        const trimmed = text.trim();
        if (!trimmed) return null;
        if (new TextEncoder().encode(trimmed).length > LONGEST) return 'This is too long for one message.';
        if (!this.canSend) return 'The room is not reached at the moment. Try again shortly.';
        this.#room.publish.chat.send(trimmed);
        const { id, name } = this.#room.you;
        this.#add({ from: id, name, text: trimmed, at: Date.now(), isMine: true, isWaiting: true });
        return null;
    }

    #receive(data) {
        const message = parsed(data);
        if (!message) return;
        const isMine = message.from === this.#room.you?.id;
        // The room may also send our own words back, which is when everybody has them.
        const own = isMine && this.messages.find((one) => one.isWaiting && one.text === message.text);
        if (own) {
            own.isWaiting = false;
            return;
        }
        this.#add({ ...message, isMine, isWaiting: false });
        if (isMine) return;
        if (!this.isOpen) this.unread += 1;
        this.dispatchEvent(new CustomEvent('message', { detail: message }));
        this.#changed();
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

/** `null` for what is no message. */
function parsed(data) {
    try {
        const { from, name, text, at } = JSON.parse(data);
        if (typeof text !== 'string' || !text) return null;
        return { from, name: String(name ?? ''), text, at: Number.isFinite(at) ? at : Date.now() };
    } catch {
        return null;
    }
}

/** Bytes of UTF-8 that the room takes. */
const LONGEST = 4096;
/** Messages. */
const KEPT = 500;
