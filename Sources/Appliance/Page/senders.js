/**
 * This person's tracks on the publish connection. A section is added when a track is first there, and stays:
 * later tracks take its place without another offer.
 */
export class Senders {
    #negotiate;
    #connection = null;
    #tracks = { audio: null, video: null };
    #transceivers = { audio: null, video: null };
    #turn = Promise.resolve();

    /** @param {() => void} negotiate makes a new offer */
    constructor(negotiate) {
        this.#negotiate = negotiate;
    }

    /** Another connection, before its first offer; `null` for none. */
    attach(connection) {
        this.#connection = connection;
        this.#transceivers = { audio: null, video: null };
        for (const kind of KINDS) this.#add(kind);
    }

    /** @param {MediaStreamTrack | null} track `null` sends nothing */
    set(kind, track) {
        this.#tracks[kind] = track;
        if (this.#transceivers[kind]) {
            this.#inTurn(async () => {
                const sender = this.#transceivers[kind]?.sender;
                await sender?.replaceTrack(this.#tracks[kind]);
                if (kind === 'video' && this.#tracks.video) await rescale(sender, this.#tracks.video);
            });
        } else if (this.#add(kind)) {
            this.#negotiate();
        }
    }

    /** @param {Record<string, string[]>} layers by mid, the rids that somebody watches */
    setLayers(layers) {
        for (const { mid, sender } of Object.values(this.#transceivers).filter(Boolean)) {
            const wanted = mid !== null && Object.hasOwn(layers, mid) ? layers[mid] : null;
            if (!Array.isArray(wanted)) continue;
            this.#inTurn(async () => {
                const parameters = sender.getParameters();
                for (const encoding of parameters.encodings) {
                    encoding.active = encoding.rid ? wanted.includes(encoding.rid) : wanted.length > 0;
                }
                await sender.setParameters(parameters);
            });
        }
    }

    #add(kind) {
        const track = this.#tracks[kind];
        if (!this.#connection || !track) return false;
        this.#transceivers[kind] = kind === 'audio'
            ? this.#connection.addTransceiver(track, { direction: 'sendonly' })
            : addVideo(this.#connection, track);
        return true;
    }

    /** A connection that is closed meanwhile takes what was to be done with it. */
    #inTurn(step) {
        this.#turn = this.#turn.then(step).catch(() => {});
    }
}

function addVideo(connection, track) {
    const add = (sendEncodings) => connection.addTransceiver(track, { direction: 'sendonly', sendEncodings });
    const scales = scalesOf(track);
    const layers = LAYERS.map((layer, index) => ({ ...layer, scaleResolutionDownBy: scales[index] }));
    try {
        return add(layers.map((layer) => ({ ...layer, scalabilityMode: 'L1T3' })));
    } catch {
        // A browser that knows of no temporal layers.
        return add(layers);
    }
}

async function rescale(sender, track) {
    const parameters = sender.getParameters();
    const scales = scalesOf(track);
    if (parameters.encodings.length !== scales.length) return;
    if (parameters.encodings.every((encoding, i) => encoding.scaleResolutionDownBy === scales[i])) return;
    parameters.encodings.forEach((encoding, i) => (encoding.scaleResolutionDownBy = scales[i]));
    await sender.setParameters(parameters);
}

/**
 * Of a picture below 960 × 540 Chromium sends the first two layers only, whatever they are: the second has to
 * be the whole picture then.
 */
function scalesOf(track) {
    const { width, height } = track.getSettings();
    return width * height < 960 * 540 ? [2, 1, 1] : [4, 2, 1];
}

const KINDS = ['audio', 'video'];

/** Smallest first, as the room counts them; bit/s. */
const LAYERS = [
    { rid: 'q', maxBitrate: 150_000 },
    { rid: 'h', maxBitrate: 500_000 },
    { rid: 'f', maxBitrate: 1_500_000 },
];
