// Which step of connecting has failed. Pure: what has happened goes in, with its time, and one verdict comes out.

/**
 * The steps, in the order in which a connection takes them; the first that fails is the one to tell. What each is called
 * in front of support stays what it is (docs/network.md has the table); words are those of `why.${step}`.
 */
const CODES = {
    offline: 'NET-1', server: 'NET-2', foreign: 'HTTP-1', webSocket: 'WS-1', silent: 'WS-2', browser: 'ICE-1',
    turnRefused: 'TURN-1', turnUnreached: 'TURN-2', udp: 'ICE-2', udpBack: 'ICE-3', udpTcp: 'ICE-4', tcp: 'ICE-5',
    dtls: 'DTLS-1', noMedia: 'MEDIA-1', codec: 'MEDIA-2',
};

/**
 * A machine that is told what happens, and says which step does not come about. Times are milliseconds on any one clock.
 *
 * Events, by `type`: `online` (`is`); `socket` (`state`: `connecting`, `open`, `closed`; with `code`); `heard`: the room
 * has said something; `idle`: nobody wants to be connected; `probe` (`outcome`: `reached`, `foreign`, `unreached`;
 * `status`): what became of asking the page's own server by HTTP; and of each connection (`part`: `publish`,
 * `subscribe`) `begin`, `end`, `state` (`ice`, `connection`), `offered` (`ways`: `udp`, `tcp`), `stats` (`local`: own
 * candidates, or `null`; `pairs`: `{way, isRelay, sent, received}`), `candidateError` (`code`, `isTurn`), `media`
 * (`packets`, `frames`), `room` (`step`, `alert`, `failure`): what the room sees of it.
 */
export class ConnectionSteps {
    #isOnline = true;
    #socket = fresh();
    #probe = null;
    #parts = new Map();

    handle(event, now) {
        switch (event.type) {
            case 'online': this.#isOnline = event.is; break;
            case 'idle':
                this.#socket = fresh();
                this.#probe = null;
                break;
            case 'socket': this.#handleSocket(event, now); break;
            case 'heard':
                this.#socket = { ...this.#socket, hasHeard: true, failures: 0, mute: 0, firstTry: null };
                break;
            case 'probe': this.#probe = { outcome: event.outcome, status: event.status ?? null, at: now }; break;
            case 'begin': this.#begin(event.part, now); break;
            case 'end': this.#parts.delete(event.part); break;
            default: this.#handlePart(this.#parts.get(event.part), event, now);
        }
    }

    /** The step that fails, `null` while none does. `{step, code, part, alert, status}` */
    verdict(now) {
        return this.#socketVerdict(now) ?? this.#partVerdict('subscribe', now) ?? this.#partVerdict('publish', now);
    }

    /** Whether it would help to ask the page's own server by HTTP now. */
    wantsProbe(now) {
        const { state, since, failures } = this.#socket;
        if (state === 'idle' || this.#hasRoom) return false;
        if (this.#probe && now - this.#probe.at < PROBE_AGAIN) return false;
        return failures > 0 || now - since > PROBE_AFTER;
    }

    /** Whether it would help to ask the room what it sees, and the browser for its statistics. */
    wantsReport(now) {
        return [...this.#parts.values()].some((one) => !isUp(one) && now - one.began > REPORT_AFTER);
    }

    /** All that is known, for support: states and numbers, and nothing about anybody. */
    facts(now) {
        const { state, code, failures } = this.#socket;
        return {
            online: this.#isOnline,
            socket: { state, code, failures },
            probe: this.#probe && { outcome: this.#probe.outcome, status: this.#probe.status },
            ...Object.fromEntries([...this.#parts].map(([name, one]) => [name, {
                seconds: Math.round((now - one.began) / 1000), ice: one.ice, connection: one.connection,
                offered: one.offered.join('+'), own: one.local, pairs: one.pairs, errors: one.errors, room: one.room,
                packets: one.packets, frames: one.frames,
            }])),
        };
    }

    /** One that takes the place of another which has not come about goes on with its time. */
    #begin(name, now) {
        const before = this.#parts.get(name);
        const { began, errors } = before && !isUp(before) ? before : part(now);
        this.#parts.set(name, { ...part(now), began, errors });
    }

    get #hasRoom() {
        return this.#socket.state === 'open' && this.#socket.hasHeard;
    }

    #handleSocket({ state, code = 0 }, now) {
        const before = this.#socket;
        const socket = { ...before, state, code: code || before.code };
        if (state === 'connecting') Object.assign(socket, { since: now, hasHeard: false, firstTry: before.firstTry ?? now });
        if (state === 'open') socket.openedAt = now;
        if (state === 'closed') {
            socket.failures += 1;
            if (before.state === 'open' && !before.hasHeard) socket.mute += 1;
        }
        this.#socket = socket;
    }

    #socketVerdict(now) {
        const { state, since, failures, mute, openedAt, hasHeard, firstTry } = this.#socket;
        if (state === 'idle' || this.#hasRoom) return null;
        if (!this.#isOnline) return told('offline');
        if (state === 'open' && !hasHeard) return now - openedAt > SILENCE ? told('silent') : null;
        if (mute > 0) return told('silent');
        // One attempt that fails is no news.
        const isLasting = failures > 1 || now - (firstTry ?? since) > PATIENCE_SOCKET;
        if (!this.#probe || !isLasting) return null;
        const { outcome, status } = this.#probe;
        if (outcome === 'unreached') return told('server');
        if (outcome === 'foreign') return told('foreign', { status });
        return told('webSocket');
    }

    #handlePart(one, event, now) {
        if (!one) return;
        switch (event.type) {
            case 'state':
                if (isPath(event.ice) && !isPath(one.ice)) one.pathAt = now;
                // A path that is lost is looked for anew.
                if (!isPath(event.ice) && isPath(one.ice)) one.began = now;
                Object.assign(one, { ice: event.ice, connection: event.connection });
                if (event.connection === 'connected') one.connectedAt ??= now;
                else one.connectedAt = null;
                break;
            case 'offered': one.offered = event.ways; break;
            case 'stats': Object.assign(one, { local: event.local, pairs: event.pairs }); break;
            case 'candidateError':
                if (event.isTurn && one.errors.length < MOST_ERRORS) one.errors = [...one.errors, event.code];
                break;
            case 'media':
                // What is decoded once can be decoded.
                Object.assign(one, { packets: event.packets, frames: event.frames });
                if (event.packets > 0) one.firstPacketAt ??= now;
                break;
            case 'room': one.room = { step: event.step, alert: event.alert ?? null, failure: event.failure ?? null }; break;
        }
    }

    #partVerdict(name, now) {
        const one = this.#parts.get(name);
        if (!one) return null;
        const found = one.connection === 'connected' ? media(one, now) : path(one, now);
        return found && { ...told(found), part: name, alert: one.room?.alert ?? null };
    }
}

const fresh = () => ({ state: 'idle', since: 0, code: 0, failures: 0, mute: 0, openedAt: 0, hasHeard: false, firstTry: null });

const part = (now) => ({
    began: now, ice: 'new', connection: 'new', pathAt: 0, connectedAt: null, offered: [], local: null, pairs: [], errors: [],
    room: null, packets: null, frames: 0, firstPacketAt: null,
});

const told = (step, more = {}) => ({ step, code: CODES[step], part: null, alert: null, status: null, ...more });

const isPath = (ice) => ice === 'connected' || ice === 'completed';
const isUp = (one) => one.connection === 'connected' && isPath(one.ice);

function path(one, now) {
    if (isPath(one.ice)) return one.connection === 'failed' || now - one.pathAt > PATIENCE ? 'dtls' : null;
    // The browser's own word comes first: of a handshake that the room has given up it may still have none.
    if (one.room?.step === 'handshakeFailed') return 'dtls';
    if (one.ice !== 'failed' && now - one.began <= PATIENCE) return null;
    if (one.local === 0) return 'browser';
    if (one.errors.some((code) => REFUSED.has(code))) return 'turnRefused';
    if (one.errors.length > 0) return 'turnUnreached';
    if (one.room?.step === 'heard') return 'udpBack';
    const [udp, tcp] = [one.offered.includes('udp'), one.offered.includes('tcp')];
    if (udp && tcp) return 'udpTcp';
    return tcp ? 'tcp' : 'udp';
}

function media(one, now) {
    if (one.packets === null || one.frames > 0) return null;
    if (one.packets > 0) return now - one.firstPacketAt > PATIENCE_MEDIA ? 'codec' : null;
    return now - one.connectedAt > PATIENCE_MEDIA ? 'noMedia' : null;
}

/** What a TURN server answers to wrong or outdated credentials, or to somebody who may not (RFC 8656 §19). */
const REFUSED = new Set([400, 401, 403, 437, 438, 441, 486, 508]);

// Milliseconds.
const PATIENCE = 8000;
const PATIENCE_MEDIA = 5000;
const PATIENCE_SOCKET = 4000;
const SILENCE = 4000;
const PROBE_AFTER = 2500;
const PROBE_AGAIN = 5000;
const REPORT_AFTER = 3000;
const MOST_ERRORS = 8;
