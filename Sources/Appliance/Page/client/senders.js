import { CameraSender } from './camera-sender.js';

/**
 * This person's tracks on the publish connection. A section is added when a track is first there, and stays:
 * later tracks take its place without another offer.
 */
export class Senders {
    #negotiate;
    #connection = null;
    #tracks = { audio: null, video: null };
    #transceivers = { audio: null, video: null };
    /** @type {CameraSender | null} */
    #camera = null;
    #turn = Promise.resolve();

    /** In which codec the room wants to have cameras; for sections that are added from now on. */
    codec = 'vp8';

    /** @param {() => void} negotiate makes a new offer */
    constructor(negotiate) {
        this.#negotiate = negotiate;
    }

    /** Another connection, before its first offer; `null` for none. */
    attach(connection) {
        this.#connection = connection;
        this.#transceivers = { audio: null, video: null };
        this.#camera = null;
        for (const kind of KINDS) this.#add(kind);
    }

    /** @param {MediaStreamTrack | null} track `null` sends nothing */
    set(kind, track) {
        this.#tracks[kind] = track;
        if (this.#transceivers[kind]) {
            this.#inTurn(async () => {
                await this.#transceivers[kind]?.sender.replaceTrack(this.#tracks[kind]);
                if (kind === 'video' && this.#tracks.video) await this.#camera?.fit(this.#tracks.video);
            });
        } else if (this.#add(kind)) {
            this.#negotiate();
        }
    }

    /** What was refused has a section of its own from now on. The caller makes an offer. */
    renew() {
        for (const kind of KINDS) {
            if (this.#transceivers[kind]?.currentDirection !== 'stopped') continue;
            this.#transceivers[kind] = null;
            this.#add(kind);
        }
    }

    /** @param {Record<string, string[]>} layers by mid, those that somebody watches */
    setLayers(layers) {
        const mid = this.#transceivers.video?.mid ?? null;
        const wanted = mid !== null && Object.hasOwn(layers, mid) ? layers[mid] : null;
        if (!Array.isArray(wanted)) return;
        this.#inTurn(() => this.#camera?.setLayers(wanted));
    }

    #add(kind) {
        const track = this.#tracks[kind];
        if (!this.#connection || !track) return false;
        if (kind === 'video') this.#camera = new CameraSender(this.#connection, track, this.codec);
        this.#transceivers[kind] = kind === 'video'
            ? this.#camera.transceiver : this.#connection.addTransceiver(track, { direction: 'sendonly' });
        return true;
    }

    /** A connection that is closed meanwhile takes what was to be done with it. */
    #inTurn(step) {
        this.#turn = this.#turn.then(step).catch(() => {});
    }
}

const KINDS = ['audio', 'video'];
