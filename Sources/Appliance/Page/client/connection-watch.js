import { ConnectionSteps } from './connection-steps.js';
import { isTelling } from './ice.js';
import { probe } from './probe.js';
import { browserName, supportDetails } from './support-details.js';
/** @import { Room } from './room.js' */

/**
 * Tells `ConnectionSteps` what happens to this page's connections, and asks, where something does not come about: the
 * browser for its statistics, the page's server by HTTP, and the room for what it sees. `change` when the verdict is another one.
 */
export class ConnectionWatch extends EventTarget {
    #room;
    #probe;
    #steps = new ConnectionSteps();
    #socket = 'idle';
    #connections = new Map();
    #isProbing = false;
    #asked = 0;
    #told = '';

    /** @param {Room} room @param {() => Promise<{outcome: string}>} ask as `probe` */
    constructor(room, ask = probe) {
        super();
        this.#room = room;
        this.#probe = ask;
        room.signalling.addEventListener('change', () => this.#socketChanged());
        room.signalling.addEventListener('message', ({ detail }) => this.#heard(detail));
        for (const name of PARTS) room[name].addEventListener('change', () => this.#partChanged(name));
        room.addEventListener('change', () => PARTS.forEach((name) => this.#partChanged(name)));
        setInterval(() => this.#tick(), PERIOD);
    }

    get verdict() {
        return this.#steps.verdict(performance.now());
    }

    /** For support, as a text. @param {object} further what else is known */
    details(further) {
        const facts = { ...this.#steps.facts(performance.now()), ...further };
        return supportDetails(this.verdict, facts, browserName(navigator.userAgent));
    }

    #handle(event) {
        this.#steps.handle(event, performance.now());
    }

    #socketChanged() {
        const { state, closeCode } = this.#room.signalling;
        if (state === this.#socket) return;
        this.#socket = state;
        if (state === 'connecting' || state === 'open') this.#handle({ type: 'socket', state });
        else if (state === 'waiting') this.#handle({ type: 'socket', state: 'closed', code: closeCode });
        else this.#handle({ type: 'idle' });
    }

    #heard(message) {
        this.#handle({ type: 'heard' });
        if (message.type !== 'connections') return;
        for (const part of PARTS) if (message[part]) this.#handle({ type: 'room', part, ...message[part] });
        this.#changed();
    }

    #partChanged(name) {
        const { connection } = this.#room[name];
        if (connection !== (this.#connections.get(name) ?? null)) this.#replace(name, connection);
        if (!connection) return;
        this.#handle({ type: 'state', part: name, ice: connection.iceConnectionState, connection: connection.connectionState });
        const sdp = connection.remoteDescription?.sdp;
        if (sdp) this.#handle({ type: 'offered', part: name, ways: waysOf(sdp) });
    }

    #replace(part, connection) {
        this.#connections.delete(part);
        if (!connection) return this.#handle({ type: 'end', part });
        this.#connections.set(part, connection);
        this.#handle({ type: 'begin', part });
        connection.addEventListener('icecandidateerror', ({ errorCode, url }) => {
            if (this.#connections.get(part) !== connection) return;
            this.#handle({ type: 'candidateError', part, code: errorCode, isTurn: isTelling(url) });
        });
    }

    async #tick() {
        const now = performance.now();
        this.#handle({ type: 'online', is: navigator.onLine !== false });
        if (this.#steps.wantsProbe(now)) this.#ask();
        const isTrouble = this.#steps.wantsReport(now);
        if (isTrouble && now - this.#asked > ASK_AGAIN && this.#room.isJoined) {
            this.#asked = now;
            this.#room.signalling.send({ type: 'connections' });
        }
        for (const [part, connection] of this.#connections) {
            this.#partChanged(part);
            if (isTrouble || part === 'subscribe') await this.#measure(part, connection).catch(() => {});
        }
        this.#changed();
    }

    async #ask() {
        if (this.#isProbing) return;
        this.#isProbing = true;
        const found = await this.#probe();
        this.#isProbing = false;
        this.#handle({ type: 'probe', ...found });
        this.#changed();
    }

    async #measure(part, connection) {
        const reports = [...(await connection.getStats()).values()];
        if (this.#connections.get(part) !== connection) return;
        const byId = new Map(reports.map((one) => [one.id, one]));
        const hasGathered = connection.iceGatheringState === 'complete';
        const local = reports.filter(({ type }) => type === 'local-candidate').length;
        const pairs = reports.filter(({ type }) => type === 'candidate-pair').slice(0, MOST_PAIRS).map((pair) => ({
            way: byId.get(pair.remoteCandidateId)?.protocol ?? 'udp',
            isRelay: byId.get(pair.localCandidateId)?.candidateType === 'relay',
            state: pair.state, sent: pair.requestsSent ?? 0, received: pair.responsesReceived ?? 0,
        }));
        this.#handle({ type: 'stats', part, local: local > 0 || hasGathered ? local : null, pairs });
        if (part !== 'subscribe') return;
        const desk = reports.find(({ type, kind, mid }) =>
            type === 'inbound-rtp' && kind === 'video' && this.#room.subscribe.isDesk(mid));
        const isExpected = this.#room.desk?.state === 'live';
        if (isExpected) {
            this.#handle({ type: 'media', part, packets: desk?.packetsReceived ?? 0, frames: desk?.framesDecoded ?? 0 });
        }
    }

    #changed() {
        const { step = null, part = null } = this.verdict ?? {};
        const now = `${part} ${step}`;
        if (now === this.#told) return;
        this.#told = now;
        this.dispatchEvent(new Event('change'));
    }
}

/** By which protocols the other side can be reached. */
export const waysOf = (sdp) =>
    [...new Set([...sdp.matchAll(/^a=candidate:\S+ \d+ (\w+) /gm)].map(([, way]) => way.toLowerCase()))];

const PARTS = ['subscribe', 'publish'];
const MOST_PAIRS = 12;
// Milliseconds.
const PERIOD = 1000;
const ASK_AGAIN = 4000;
