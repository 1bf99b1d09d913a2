import { onlyWay } from './check-ways.js';
import { selectedPair } from './client/selected-pair.js';

/**
 * One connection to the room by one way, on which nothing runs but what is measured: `open`, then `echo`, `down` and `up`,
 * each once, and `close`. The room ends it after half a minute.
 */
export class CheckConnection {
    #connection;
    #echo;
    #load;

    /** @param {{iceServers?: object[], isRelay?: boolean}} relay */
    constructor({ iceServers = [], isRelay = false } = {}) {
        this.#connection = new RTCPeerConnection({ iceServers, iceTransportPolicy: isRelay ? 'relay' : 'all' });
        this.#echo = this.#connection.createDataChannel('echo', { ordered: false, maxRetransmits: 0 });
        this.#load = this.#connection.createDataChannel('load');
        this.#echo.binaryType = this.#load.binaryType = 'arraybuffer';
    }

    async offer() {
        await this.#connection.setLocalDescription();
        return this.#connection.localDescription.sdp;
    }

    /**
     * Resolves with milliseconds there and back once it stands, with `null` if it does not.
     * @param {string} answer the room's @param {{protocol: string, port: number} | null} way `null`: any
     */
    async open(answer, way) {
        const sdp = way ? onlyWay(answer, way) : answer;
        await this.#connection.setRemoteDescription({ type: 'answer', sdp });
        const isOpen = await Promise.race([
            Promise.all([opened(this.#echo), opened(this.#load)]).then(() => true), after(PATIENCE, false),
        ]);
        if (!isOpen) return null;
        const { delays } = await this.echo(10, 20);
        return delays.length > 0 ? Math.min(...delays) : null;
    }

    /** Sends messages that are not sent again, and waits for them: `{sent, delays}`, in milliseconds. */
    async echo(count, period) {
        const sent = new Map();
        const delays = [];
        this.#echo.onmessage = ({ data }) => {
            const number = new DataView(data).getUint32(0);
            if (!sent.has(number)) return;
            delays.push(performance.now() - sent.get(number));
            sent.delete(number);
        };
        for (let number = 0; number < count && this.#echo.readyState === 'open'; number += 1) {
            const message = new DataView(new ArrayBuffer(MESSAGE));
            message.setUint32(0, number);
            sent.set(number, performance.now());
            this.#echo.send(message.buffer);
            await after(period);
        }
        const end = performance.now() + LATE;
        while (sent.size > 0 && performance.now() < end) await after(20);
        this.#echo.onmessage = null;
        return { sent: count, delays };
    }

    /** Bits per second that come from the room; `null` if nothing does. */
    async down() {
        let bytes = 0;
        let first = 0;
        let last = 0;
        await new Promise((done) => {
            setTimeout(done, LOAD + PATIENCE);
            this.#load.onclose = done;
            this.#load.onmessage = ({ data }) => {
                if (typeof data === 'string') return done();
                last = performance.now();
                // The first one begins the time, and is none of what came in it.
                if (first === 0) first = last;
                else bytes += data.byteLength;
            };
            this.#send(this.#load, 'down');
        });
        return last > first ? (bytes * 8000) / (last - first) : null;
    }

    /** Bits per second that the room has received; `null` if it has told of none. */
    async up() {
        const channel = this.#load;
        const piece = new Uint8Array(PIECE);
        const told = new Promise((done) => {
            setTimeout(() => done(null), LOAD + PATIENCE);
            channel.onclose = () => done(null);
            channel.onmessage = ({ data }) => typeof data === 'string' && done(JSON.parse(data));
        });
        this.#send(channel, 'up');
        const began = performance.now();
        for (let sent = 0; channel.readyState === 'open';) {
            const elapsed = performance.now() - began;
            if (elapsed > LOAD) break;
            while (sent < (elapsed * RATE) / 8000 && channel.bufferedAmount < WAITING && channel.readyState === 'open') {
                channel.send(piece);
                sent += PIECE;
            }
            await after(5);
        }
        this.#send(channel, 'end');
        const found = await told;
        return found?.milliseconds > 0 ? (found.bytes * 8000) / found.milliseconds : null;
    }

    /** The protocol in which the browser speaks to the relay (`udp`, `tcp`, `tls`); `null` where there is none in use. */
    async relayProtocol() {
        const all = await this.#connection.getStats();
        return all.get(selectedPair(all)?.localCandidateId)?.relayProtocol ?? null;
    }

    close() {
        this.#connection.close();
    }

    #send(channel, text) {
        if (channel.readyState === 'open') channel.send(text);
    }
}

const after = (milliseconds, value) => new Promise((done) => setTimeout(() => done(value), milliseconds));

const opened = (channel) => new Promise((done) => {
    if (channel.readyState === 'open') done();
    else channel.onopen = done;
});

// Milliseconds.
const PATIENCE = 6000;
const LATE = 1000;
const LOAD = 2000;
// Bytes.
const MESSAGE = 64;
const PIECE = 8192;
const WAITING = 131_072;
/** Bits per second: more than a session takes, and what the room takes at most. */
const RATE = 20_000_000;
