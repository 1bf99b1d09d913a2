import { Recovery } from './recovery.js';

/**
 * The connection that the browser offers: its control channels. `change` is sent for every change of state.
 */
export class Publish extends EventTarget {
    #send;
    #recovery = null;
    #negotiation = Promise.resolve();
    #generation = 0;

    /** @type {RTCPeerConnection | null} */
    connection = null;
    /** @type {{control: RTCDataChannel, pointer: RTCDataChannel} | null} */
    channels = null;

    /** @param {(message: object) => boolean} send */
    constructor(send) {
        super();
        this.#send = send;
    }

    open() {
        this.close();
        const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
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
        this.#offer(false);
    }

    /** The room's answer. */
    answer(sdp) {
        const connection = this.connection;
        this.#inTurn(async () => {
            // An answer to an offer that has been replaced since is of no use.
            if (connection?.signalingState !== 'have-local-offer') return;
            await connection.setRemoteDescription({ type: 'answer', sdp });
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
    }

    #offer(iceRestart) {
        const connection = this.connection;
        this.#inTurn(async () => {
            // Still unanswered: another offer would not be answered sooner.
            if (connection.signalingState === 'have-local-offer') {
                await connection.setLocalDescription({ type: 'rollback' });
            }
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

export const isConnected = (connection) =>
    connection?.iceConnectionState === 'connected' || connection?.iceConnectionState === 'completed';
