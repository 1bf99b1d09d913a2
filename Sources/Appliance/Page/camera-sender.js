/**
 * This person's camera on the publish connection: in the room's codec where the browser can send its layers, else
 * in VP8. VP8 and H.264 send each layer as an encoding of its own, VP9 and AV1 all of them in one.
 */
export class CameraSender {
    /** The scalability mode of all layers in one encoding; `null`: each has one of its own. */
    #mode;
    #count = LAYERS.length;

    /**
     * @param {RTCPeerConnection} connection
     * @param {MediaStreamTrack} track
     * @param {'vp8' | 'h264' | 'vp9' | 'av1'} codec
     */
    constructor(connection, track, codec) {
        const codecs = globalThis.RTCRtpSender?.getCapabilities?.('video')?.codecs ?? [];
        const own = codecs.filter(({ mimeType }) => mimeType.toLowerCase() === `video/${codec}`);
        const modes = MODES[codec] ?? [];
        this.#mode = modes.find((mode) => own.some((one) => canSend(one, mode))) ?? null;
        const isUsable = own.length > 0 && (modes.length === 0 || this.#mode !== null);
        this.transceiver = this.#mode
            ? add(connection, track, [layered(this.#mode, track, this.#count)])
            : addSimulcast(connection, track, isUsable ? codec : 'vp8');
        if (codec === 'vp8' || own.length === 0) return;
        const others = codecs.filter((one) => !own.includes(one));
        // What the room is not offered it does not ask for.
        this.transceiver.setCodecPreferences?.(isUsable ? [...own, ...others] : others);
    }

    /** @param {string[]} wanted the layers that somebody watches: rids, or numbers of layers in one encoding */
    async setLayers(wanted, track) {
        const { sender } = this.transceiver;
        const parameters = sender.getParameters();
        if (this.#mode) {
            const [encoding] = parameters.encodings;
            encoding.active = wanted.length > 0;
            // Those that nobody watches are not made; the picture that is left begins with a key frame.
            if (encoding.active) this.#count = Math.min(wanted.length, LAYERS.length);
            if (track) Object.assign(encoding, layered(this.#mode, track, this.#count));
        } else {
            // Of a small picture the second is the whole, and the third is not made.
            const isWhole = wanted.includes('f') && track && scalesOf(track)[1] === 1;
            const rids = isWhole ? [...wanted, 'h'] : wanted;
            for (const encoding of parameters.encodings) {
                encoding.active = encoding.rid ? rids.includes(encoding.rid) : rids.length > 0;
            }
        }
        await sender.setParameters(parameters);
    }

    /** Another track, perhaps of another size, is sent from now on. */
    async fit(track) {
        const { sender } = this.transceiver;
        const parameters = sender.getParameters();
        const { encodings } = parameters;
        const scales = this.#mode ? [scalesOf(track)[this.#count - 1]] : scalesOf(track);
        if (encodings.length !== scales.length) return;
        if (encodings.every((encoding, i) => encoding.scaleResolutionDownBy === scales[i])) return;
        encodings.forEach((encoding, i) => (encoding.scaleResolutionDownBy = scales[i]));
        await sender.setParameters(parameters);
    }
}

const add = (connection, track, sendEncodings) =>
    connection.addTransceiver(track, { direction: 'sendonly', sendEncodings });

function addSimulcast(connection, track, codec) {
    const scales = scalesOf(track);
    const layers = LAYERS.map((layer, index) => ({ ...layer, scaleResolutionDownBy: scales[index] }));
    // Nobody on the way can tell the temporal layers of H.264 apart.
    if (codec === 'h264') return add(connection, track, layers);
    try {
        return add(connection, track, layers.map((layer) => ({ ...layer, scalabilityMode: 'L1T3' })));
    } catch {
        // A browser that knows of no temporal layers.
        return add(connection, track, layers);
    }
}

/** The lowest `count` of all layers in one encoding: the picture is as large as the highest of them. */
function layered(mode, track, count) {
    const scalabilityMode = mode === 'L1T3' || count === 1 ? 'L1T3' : `L${count}T3_KEY`;
    const scaleResolutionDownBy = scalesOf(track)[count - 1];
    return { scalabilityMode, scaleResolutionDownBy, maxBitrate: LAYERS[count - 1].maxBitrate };
}

/** Whether the browser sends this codec so; one that does not know the mode passes over it, or throws. */
function canSend(codec, scalabilityMode) {
    const connection = new RTCPeerConnection();
    try {
        const sendEncodings = [{ codec, scalabilityMode }];
        const { sender } = connection.addTransceiver('video', { direction: 'sendonly', sendEncodings });
        return sender.getParameters().encodings[0]?.scalabilityMode === scalabilityMode;
    } catch {
        return false;
    } finally {
        connection.close();
    }
}

/**
 * Of a picture below 960 × 540 Chromium sends the first two layers only, whatever they are: the second has to
 * be the whole picture then.
 */
function scalesOf(track) {
    const { width, height } = track.getSettings();
    return width * height < 960 * 540 ? [2, 1, 1] : [4, 2, 1];
}

/** By codec, best first. */
const MODES = { vp9: ['L3T3_KEY', 'L1T3'], av1: ['L3T3_KEY', 'L1T3'] };

/** Smallest first, as the room counts them; bit/s. */
const LAYERS = [
    { rid: 'q', maxBitrate: 150_000 },
    { rid: 'h', maxBitrate: 500_000 },
    { rid: 'f', maxBitrate: 1_500_000 },
];
