import { Recovery } from './recovery.js';
import { withStereo } from './codecs.js';
import { configuration } from './ice.js';
import { isConnected } from './publish.js';

/**
 * The connection that the room offers: the desk's picture, its sound, the `cursor` channel, and in rooms that
 * have them the people's cameras and microphones and the `chat` channel.
 *
 * Events: `change` for every change of state, `track` (of the desk; `{kind, stream}` in `detail`), `people`
 * when `people` has changed, `cursor` and `pointing` (an `ArrayBuffer`), `chat` (a text), `pointingOpened`.
 */
export class Subscribe extends EventTarget {
    #send;
    #recovery = null;
    #negotiation = Promise.resolve();
    #expecting = 0;
    /** Whose each section is, by mid; `null` in a room that has nothing but the desk. */
    #owners = null;

    /** @type {RTCPeerConnection | null} */
    connection = null;
    /** @type {RTCDataChannel | null} */
    cursor = null;
    /** @type {{mid: string, person: number, source: 'camera' | 'microphone' | 'view', track: MediaStreamTrack}[]} */
    people = [];

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

    /** @param {Record<string, {person: number, source: string}> | null} owners by mid, whose a section is */
    offer(sdp, id, owners = null) {
        clearTimeout(this.#expecting);
        this.#negotiation = this.#negotiation.then(async () => {
            this.#owners = owners;
            // The offer does not continue what this connection was: it is the start of another one.
            if (!this.#isOwn(sdp)) this.close();
            try {
                await this.#answer(sdp, id);
            } catch {
                this.close();
                try {
                    await this.#answer(sdp, id);
                } catch (error) {
                    this.dispatchEvent(new CustomEvent('failure', { detail: error }));
                    // The room offers again, or something else.
                    this.#send({ type: 'subscribeFailed', id });
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
        if (this.people.length > 0) this.#setPeople([]);
    }

    /** Whether a section is the desk's; one that the browser does not name is taken for it. */
    isDesk(mid) {
        return !this.#owners || mid === undefined || this.#owners[mid]?.source === 'desk';
    }

    /** Whether an offer is of this connection: each has a name of its own in the `o=` line. */
    #isOwn(sdp) {
        const before = this.connection?.remoteDescription?.sdp;
        return !before || nameOf(before) === nameOf(sdp);
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
        // An answer before this one may have been refused; whoever shows so looks again.
        this.dispatchEvent(new Event('change'));
        if (!this.#owners) return;
        this.#setPeople(connection.getTransceivers()
            .filter(({ mid, currentDirection }) => currentDirection === 'recvonly' && this.#owners[mid])
            .map(({ mid, receiver }) => ({ mid, ...this.#owners[mid], track: receiver.track }))
            .filter(({ source }) => ['camera', 'microphone', 'view'].includes(source)));
    }

    #setPeople(people) {
        this.people = people;
        this.dispatchEvent(new Event('people'));
    }

    #open() {
        const connection = new RTCPeerConnection(configuration());
        this.connection = connection;
        const changed = () => this.dispatchEvent(new Event('change'));
        connection.onconnectionstatechange = connection.oniceconnectionstatechange = changed;
        connection.ontrack = ({ track, receiver, transceiver }) => {
            if (!this.isDesk(transceiver.mid)) return;
            playAtOnce(receiver);
            // A stream of its own for each: the picture must not wait for the sound.
            const detail = { kind: track.kind, stream: new MediaStream([track]) };
            this.dispatchEvent(new CustomEvent('track', { detail }));
        };
        connection.ondatachannel = ({ channel }) => {
            if (channel.label === 'chat') {
                channel.onmessage = ({ data }) => {
                    this.dispatchEvent(new CustomEvent('chat', { detail: data }));
                };
            }
            if (channel.label === 'pointing') {
                channel.binaryType = 'arraybuffer';
                channel.onmessage = ({ data }) => this.dispatchEvent(new CustomEvent('pointing', { detail: data }));
                this.dispatchEvent(new Event('pointingOpened'));
            }
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

const nameOf = (sdp) => sdp.match(/^o=\S+ (\S+)/m)?.[1];

/** Milliseconds. */
const OFFER = 3000;
