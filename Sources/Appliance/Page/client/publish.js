import { withOpusOptions } from './codecs.js';
import { configuration } from './ice.js';
import { Recovery } from './recovery.js';
import { Senders } from './senders.js';

/**
 * The connection that the browser offers: its control channels, chat, microphone and camera. `change` is sent
 * for every change of state.
 */
export class Publish extends EventTarget {
    #send;
    #recovery = null;
    #negotiation = Promise.resolve();
    #generation = 0;
    #isOutdated = false;

    /** @type {RTCPeerConnection | null} */
    connection = null;
    /** @type {{control: RTCDataChannel, pointer: RTCDataChannel} | null} */
    channels = null;
    /** @type {RTCDataChannel | null} */
    chat = null;
    /** @type {RTCDataChannel | null} */
    clipboard = null;
    /** @type {RTCDataChannel | null} */
    files = null;
    pointing = null;

    /** @param {(message: object) => boolean} send */
    constructor(send) {
        super();
        this.#send = send;
        this.senders = new Senders(() => this.#renegotiate());
    }

    open() {
        this.close();
        const connection = new RTCPeerConnection(configuration());
        this.connection = connection;
        this.channels = {
            control: connection.createDataChannel('control', { ordered: true }),
            pointer: connection.createDataChannel('pointer', { ordered: false, maxRetransmits: 0 }),
        };
        const changed = () => this.dispatchEvent(new Event('change'));
        for (const channel of Object.values(this.channels)) {
            channel.binaryType = 'arraybuffer';
            channel.onopen = channel.onclose = changed;
        }
        connection.onconnectionstatechange = connection.oniceconnectionstatechange = changed;
        this.#recovery = new Recovery(connection, () => this.#offer(true));
        this.senders.attach(connection);
        this.#offer(false);
    }

    /** For rooms that have a chat. */
    openChat() {
        if (!this.connection || this.chat) return;
        this.chat = this.connection.createDataChannel('chat', { ordered: true });
        this.chat.onopen = this.chat.onclose = () => this.dispatchEvent(new Event('change'));
    }

    /** For those who may use the desk's clipboard. Returns the channel; `null` without a connection. */
    openClipboard() {
        if (!this.connection || this.clipboard) return this.clipboard;
        this.clipboard = this.connection.createDataChannel('clipboard', { ordered: true });
        this.clipboard.binaryType = 'arraybuffer';
        return this.clipboard;
    }

    /** For those who may put files on the desk or take some. Returns the channel; `null` without a connection. */
    openFiles() {
        if (!this.connection || this.files) return this.files;
        this.files = this.connection.createDataChannel('files', { ordered: true });
        this.files.binaryType = 'arraybuffer';
        return this.files;
    }

    /** For those who point. Returns the channel; `null` without a connection. */
    openPointing() {
        if (!this.connection || this.pointing) return this.pointing;
        this.pointing = this.connection.createDataChannel('pointing', { ordered: false, maxRetransmits: 0 });
        return this.pointing;
    }

    /** The room's answer. */
    answer(sdp) {
        const connection = this.connection;
        this.#inTurn(async () => {
            // An answer to an offer that has been replaced since is of no use.
            if (connection?.signalingState !== 'have-local-offer') return;
            if (sections(sdp) !== sections(connection.localDescription.sdp)) return;
            await connection.setRemoteDescription({ type: 'answer', sdp: withOpusOptions(sdp) });
            if (this.#isOutdated) this.#offer(false);
        });
    }

    /** Signalling is back: an offer that was not answered may have been lost on the way. */
    resume() {
        if (!this.connection) return this.open();
        if (this.connection.signalingState === 'have-local-offer') this.#sendOffer(this.connection);
        else if (!isConnected(this.connection)) this.restart();
    }

    restart() {
        this.#recovery?.now();
    }

    close() {
        this.#recovery?.end();
        this.#generation += 1;
        this.connection?.close();
        this.connection = null;
        this.channels = null;
        this.chat = null;
        this.clipboard = null;
        this.files = null;
        this.pointing = null;
        this.senders.attach(null);
    }

    /** The room may take again what it has not taken. */
    renew() {
        if (!this.connection) return;
        this.senders.renew();
        this.#renegotiate();
    }

    /** What is sent has changed. An offer that is on its way is answered first. */
    #renegotiate() {
        if (this.connection.signalingState === 'stable') this.#offer(false);
        else this.#isOutdated = true;
    }

    #offer(iceRestart) {
        const connection = this.connection;
        this.#inTurn(async () => {
            // Still unanswered: another offer would not be answered sooner.
            if (connection.signalingState === 'have-local-offer') {
                await connection.setLocalDescription({ type: 'rollback' });
            }
            this.#isOutdated = false;
            await connection.setLocalDescription(await connection.createOffer({ iceRestart }));
            this.#sendOffer(connection);
        });
        return true;
    }

    /**
     * At once and without candidates: the room is ICE-lite and learns the browser's addresses from its
     * checks.
     */
    #sendOffer(connection) {
        this.#send({ type: 'publishOffer', sdp: connection.localDescription.sdp });
    }

    #inTurn(step) {
        const generation = this.#generation;
        this.#negotiation = this.#negotiation.then(async () => {
            if (generation !== this.#generation) return;
            try {
                await step();
            } catch (error) {
                if (generation !== this.#generation) return;
                this.dispatchEvent(new CustomEvent('failure', { detail: error }));
            }
        });
    }
}

const sections = (sdp) => sdp.split('\nm=').length;

export const isConnected = (connection) =>
    connection?.iceConnectionState === 'connected' || connection?.iceConnectionState === 'completed';
