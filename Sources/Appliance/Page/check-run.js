import { CheckConnection } from './check-connection.js';
import { echoFigures } from './check-verdict.js';
import { waysIn } from './check-ways.js';
import { serversOf } from './client/ice.js';
import { probe } from './client/probe.js';

/**
 * Goes through the test of browser and connection, one line after the other. `change` whenever there is news.
 *
 * `found` has the figures as `check-verdict.js` judges them; `running` is the line at hand, `null` when it is over;
 * `refusal` the HTTP status with which the room has refused to measure.
 */
export class CheckRun extends EventTarget {
    #token;
    #connection = null;
    /** The relays (TURN) that the room has told of, as in `RTCConfiguration`. */
    #servers = [];
    found = {};
    running = null;
    refusal = null;

    /** @param {string | null} token from the link */
    constructor(token) {
        super();
        this.#token = token;
    }

    async run() {
        this.found = { browser: codecs() };
        await this.#line('server', () => serverTime());
        if (this.found.server !== null) {
            await this.#line('webSocket', () => socketTime());
            await this.#line('clock', () => clockDifference());
            if (this.found.browser) await this.#ways();
        }
        this.#connection?.close();
        this.#set(null);
    }

    async #ways() {
        this.#set('ways');
        const first = await this.#begin();
        if (!first) return this.#skip();
        const relays = this.#servers.length > 0 ? [{ protocol: 'relay', port: null }] : [];
        const direct = first.answer.iceServers?.only ? [] : waysIn(first.answer.sdp).slice(0, MOST - relays.length);
        if (direct.length === 0) first.connection.close();
        const ways = [...direct, ...relays].map((way) => ({ ...way, roundTrip: undefined }));
        this.found.ways = ways;
        for (const [index, way] of ways.entries()) {
            this.#set(`way ${index}`);
            way.roundTrip = await this.#way(way, index === 0 && way.protocol !== 'relay' ? first : null);
        }
        if (!this.#connection) return;
        await this.#line('echo', async () => echoFigures(await this.#connection.echo(100, 20)));
        await this.#line('down', () => this.#connection.down());
        await this.#line('up', () => this.#connection.up());
    }

    #skip() {
        for (const line of ['echo', 'down', 'up']) this.found[line] = 'skipped';
    }

    /** Milliseconds there and back by one way, `null` if it does not come about; the first that does is kept. */
    async #way(way, begun) {
        const isRelay = way.protocol === 'relay';
        const { connection, answer } = begun ?? await this.#begin(isRelay ? this.#servers : null) ?? {};
        if (!connection) return null;
        const roundTrip = await connection.open(answer.sdp, isRelay ? null : way).catch(() => null);
        if (isRelay && roundTrip !== null) way.by = await connection.relayProtocol().catch(() => null);
        if (roundTrip !== null && !this.#connection) this.#connection = connection;
        else connection.close();
        return roundTrip;
    }

    async #begin(iceServers = null) {
        const connection = new CheckConnection({ iceServers: iceServers ?? [], isRelay: iceServers !== null });
        try {
            const sdp = await connection.offer();
            const response = await fetch('check/session', {
                method: 'POST', headers: { 'Content-Type': 'application/json' }, cache: 'no-store',
                body: JSON.stringify({ sdp, ...(this.#token && { token: this.#token }) }),
                signal: AbortSignal.timeout(PATIENCE),
            });
            if (!response.ok) {
                this.refusal = response.status;
                connection.close();
                return null;
            }
            const answer = await response.json();
            this.#servers = serversOf(answer.iceServers);
            return { connection, answer };
        } catch {
            this.refusal ??= 0;
            connection.close();
            return null;
        }
    }

    async #line(line, measure) {
        this.#set(line);
        this.found[line] = await measure().catch(() => null);
        this.#set(line);
    }

    #set(line) {
        this.running = line;
        this.dispatchEvent(new Event('change'));
    }
}

/** What the browser shows and sends; `null` without WebRTC. */
function codecs() {
    if (typeof RTCPeerConnection !== 'function' || !globalThis.RTCRtpReceiver?.getCapabilities) return null;
    const names = (from) => ['video', 'audio'].flatMap((kind) => from.getCapabilities(kind)?.codecs ?? [])
        .map(({ mimeType }) => mimeType.split('/')[1]).filter((name, at, all) => CODECS.has(name) && all.indexOf(name) === at);
    return { shows: names(RTCRtpReceiver), sends: names(RTCRtpSender) };
}

/** Milliseconds that an answer by HTTP takes; `null`: there is none. */
async function serverTime() {
    const times = [];
    for (let i = 0; i < 3; i += 1) {
        const began = performance.now();
        if ((await probe()).outcome !== 'reached') return null;
        times.push(performance.now() - began);
    }
    return Math.min(...times);
}

/** Milliseconds that a word takes to the room and back by WebSocket. */
function socketTime() {
    const address = new URL('room', document.baseURI);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    let asked = 0;
    return new Promise((done) => {
        setTimeout(() => done(null), PATIENCE);
        socket.onclose = () => done(null);
        socket.onopen = () => {
            asked = performance.now();
            socket.send(JSON.stringify({ type: 'ping' }));
        };
        socket.onmessage = () => done(performance.now() - asked);
    }).finally(() => socket.close());
}

/** Seconds by which this device's clock is ahead of the room's. */
async function clockDifference() {
    const began = Date.now();
    const answer = await fetch('check/clock', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
    const { now } = await answer.json();
    return ((began + Date.now()) / 2 - now) / 1000;
}

const CODECS = new Set(['AV1', 'H264', 'VP8', 'VP9', 'opus']);
/** Ways that are tried: the room has places for as many tests from one address. */
const MOST = 4;
/** Milliseconds. */
const PATIENCE = 6000;
