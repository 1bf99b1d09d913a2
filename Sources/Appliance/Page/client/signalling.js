/**
 * The WebSocket to the room, opened anew for as long as the page is joined.
 *
 * Events: `message` (the object is in `detail`), `change` when `state` changes. States: `idle`, `connecting`,
 * `open`, `waiting` (for the next attempt), `ended` (the room wants no more attempts).
 */
export class Signalling extends EventTarget {
    #url;
    #hello = null;
    #socket = null;
    #timer = 0;
    #beat = 0;
    #heard = 0;
    #asked = 0;

    state = 'idle';
    /** Attempts since the last connection that the room answered on. */
    failures = 0;
    endCode = 0;
    /** With which the last connection was closed, or did not come about (RFC 6455 §7.4). */
    closeCode = 0;
    /** Milliseconds that a message takes to the room and back; `null` until it is known. */
    roundTrip = null;

    constructor(url) {
        super();
        this.#url = url;
    }

    /** @param {() => object} hello makes the first message of each connection */
    start(hello) {
        this.#hello = hello;
        this.failures = 0;
        this.#open();
    }

    stop() {
        clearTimeout(this.#timer);
        this.#drop();
        this.#set('idle');
    }

    /**
     * Returns whether the message is on its way; after a new connection the caller decides what still
     * matters.
     */
    send(message) {
        if (this.#socket?.readyState !== WebSocket.OPEN) return false;
        this.#socket.send(JSON.stringify(message));
        return true;
    }

    /** Something has changed about the network: finds out at once whether the room is there. */
    hurry() {
        if (this.state === 'waiting') this.#open();
        else if (this.state === 'open') this.#ping(HURRY);
    }

    #open() {
        clearTimeout(this.#timer);
        this.#drop();
        this.#set('connecting');
        const socket = new WebSocket(this.#url);
        this.#socket = socket;
        this.#timer = setTimeout(() => this.#lost(socket), CONNECT);
        socket.onopen = () => {
            clearTimeout(this.#timer);
            this.#set('open');
            this.send(this.#hello());
            this.#ping(PATIENCE);
        };
        socket.onmessage = ({ data }) => this.#receive(data);
        socket.onclose = ({ code }) => this.#lost(socket, code);
    }

    #receive(data) {
        this.#heard = performance.now();
        this.failures = 0;
        let message;
        try {
            message = JSON.parse(data);
        } catch {
            return;
        }
        if (message?.type === 'pong') this.roundTrip = this.#heard - this.#asked;
        if (message?.type === 'pong' || typeof message?.type !== 'string') return;
        this.dispatchEvent(new CustomEvent('message', { detail: message }));
    }

    /**
     * Asks for a sign of life, takes the connection as lost if there is none, and asks again a while later.
     */
    #ping(patience) {
        clearTimeout(this.#beat);
        const socket = this.#socket;
        const asked = performance.now();
        this.#asked = asked;
        this.send({ type: 'ping' });
        this.#beat = setTimeout(() => {
            if (socket !== this.#socket) return;
            if (this.#heard < asked) this.#lost(socket);
            else this.#beat = setTimeout(() => this.#ping(PATIENCE), PERIOD);
        }, patience);
    }

    #lost(socket, code = 0) {
        if (socket !== this.#socket) return;
        clearTimeout(this.#timer);
        this.#drop();
        this.closeCode = code;
        if (FINAL.has(code)) {
            this.endCode = code;
            this.#set('ended');
            return;
        }
        const delay = Math.min(SLOWEST, FASTEST * 2 ** this.failures) * (0.8 + 0.4 * Math.random());
        this.failures += 1;
        this.#timer = setTimeout(() => this.#open(), delay);
        this.#set('waiting');
    }

    #drop() {
        clearTimeout(this.#beat);
        const socket = this.#socket;
        this.#socket = null;
        if (!socket) return;
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
    }

    #set(state) {
        if (this.state === state) return;
        this.state = state;
        this.dispatchEvent(new Event('change'));
    }
}

/**
 * Close codes of the room after which a page does not come back by itself: 4001, the same person joined
 * elsewhere; 4004, the place went to somebody else; 4005, the link was withdrawn;
 * 4006, the room has ended the stay.
 */
const FINAL = new Set([4001, 4004, 4005, 4006]);

// Milliseconds.
const CONNECT = 8000;
const PATIENCE = 5000;
const HURRY = 2000;
const PERIOD = 5000;
const FASTEST = 250;
const SLOWEST = 8000;
