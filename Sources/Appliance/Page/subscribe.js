import { Recovery } from './recovery.js';
import { withStereo } from './codecs.js';
import { isConnected } from './publish.js';

/**
 * The connection that the room offers: the desk's picture, its sound, and the `cursor` channel.
 *
 * Events: `change` for every change of state, `track` (`{kind, stream}` in `detail`), `cursor` (an
 * `ArrayBuffer`).
 */
export class Subscribe extends EventTarget {
    #send;
    #recovery = null;
    #negotiation = Promise.resolve();
    #expecting = 0;

    /** @type {RTCPeerConnection | null} */
    connection = null;
    /** @type {RTCDataChannel | null} */
    cursor = null;

    /** @param {(message: object) => boolean} send */
    constructor(send) {
        super();
        this.#send = send;
    }

    /** The room is to offer by itself; asks for it if it does not. */
    expect() {
        clearTimeout(this.#expecting);
        this.#expecting = setTimeout(() => this.restart(), OFFER);
    }

    offer(sdp, id) {
        clearTimeout(this.#expecting);
        this.#negotiation = this.#negotiation.then(async () => {
            try {
                await this.#answer(sdp, id);
            } catch {
                // The offer does not continue what this connection was: it is the start of another one.
                this.close();
                try {
                    await this.#answer(sdp, id);
                } catch (error) {
                    this.dispatchEvent(new CustomEvent('failure', { detail: error }));
                }
            }
        });
    }

    /** Signalling is back after the room kept our place. */
    resume() {
        if (!isConnected(this.connection)) this.restart();
    }

    restart() {
        if (this.#recovery) this.#recovery.now();
        else this.#send({ type: 'restartSubscribe' });
    }

    close() {
        clearTimeout(this.#expecting);
        this.#recovery?.end();
        this.#recovery = null;
        this.connection?.close();
        this.connection = null;
        this.cursor = null;
    }

    async #answer(sdp, id) {
        const connection = this.connection ?? this.#open();
        await connection.setRemoteDescription({ type: 'offer', sdp });
        const answer = await connection.createAnswer();
        try {
            await connection.setLocalDescription({ type: 'answer', sdp: withStereo(answer.sdp, sdp) });
        } catch {
            await connection.setLocalDescription(answer);
        }
        this.#send({ type: 'subscribeAnswer', sdp: connection.localDescription.sdp, id });
    }

    #open() {
        const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
        this.connection = connection;
        const changed = () => this.dispatchEvent(new Event('change'));
        connection.onconnectionstatechange = connection.oniceconnectionstatechange = changed;
        connection.ontrack = ({ track, receiver }) => {
            playAtOnce(receiver);
            // A stream of its own for each: the picture must not wait for the sound.
            const detail = { kind: track.kind, stream: new MediaStream([track]) };
            this.dispatchEvent(new CustomEvent('track', { detail }));
        };
        connection.ondatachannel = ({ channel }) => {
            if (channel.label !== 'cursor') return;
            this.cursor = channel;
            channel.binaryType = 'arraybuffer';
            channel.onmessage = ({ data }) => this.dispatchEvent(new CustomEvent('cursor', { detail: data }));
            channel.onopen = channel.onclose = changed;
            changed();
        };
        this.#recovery = new Recovery(connection, () => this.#send({ type: 'restartSubscribe' }));
        return connection;
    }
}

/** Remote control is judged by its delay: no more buffering than the network forces on the browser. */
function playAtOnce(receiver) {
    if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = 0;
    if ('playoutDelayHint' in receiver) receiver.playoutDelayHint = 0;
}

/** Milliseconds. */
const OFFER = 3000;
