/**
 * This person's camera on the publish connection: in the room's codec where the browser can send its layers, else
 * in VP8. VP8 and H.264 send each layer as an encoding of its own, VP9 and AV1 all of them in one.
 */
export class CameraSender {
    /** The scalability mode of all layers in one encoding; `null`: each has one of its own. */
    #mode;
    #count = LAYERS.length;
    #scales;
    /** @type {string[] | null} `null`: nothing was said, and everything is sent */
    #wanted = null;

    /**
     * @param {RTCPeerConnection} connection
     * @param {MediaStreamTrack} track
     * @param {'vp8' | 'h264' | 'vp9' | 'av1'} codec
     */
    constructor(connection, track, codec) {
        this.#scales = scalesOf(track);
        const codecs = globalThis.RTCRtpSender?.getCapabilities?.('video')?.codecs ?? [];
        const own = codecs.filter(({ mimeType }) => mimeType.toLowerCase() === `video/${codec}`);
        const modes = MODES[codec] ?? [];
        this.#mode = modes.find((mode) => own.some((one) => canSend(one, mode))) ?? null;
        const isUsable = own.length > 0 && (modes.length === 0 || this.#mode !== null);
        this.transceiver = this.#mode
            ? add(connection, track, [layered(this.#mode, this.#scales, this.#count)])
            : addSimulcast(connection, track, this.#scales, isUsable ? codec : 'vp8');
        if (codec === 'vp8' || own.length === 0) return;
        const others = codecs.filter((one) => !own.includes(one));
        // What the room is not offered it does not ask for.
        this.transceiver.setCodecPreferences?.(isUsable ? [...own, ...others] : others);
    }

    /** @param {string[]} wanted the layers that somebody watches: rids, or numbers of layers in one encoding */
    async setLayers(wanted) {
        this.#wanted = wanted;
        // Those of one encoding that nobody watches are not made; what is left begins with a key frame.
        if (wanted.length > 0) this.#count = Math.min(wanted.length, LAYERS.length);
        await this.#apply();
    }

    /** Another track, perhaps of another size, is sent from now on. */
    async fit(track) {
        this.#scales = scalesOf(track);
        await this.#apply();
    }

    async #apply() {
        const { sender } = this.transceiver;
        const parameters = sender.getParameters();
        const { encodings } = parameters;
        const before = JSON.stringify(encodings);
        if (this.#mode) Object.assign(encodings[0], layered(this.#mode, this.#scales, this.#count));
        const isWanted = ({ rid }) => (rid ? this.#isWanted(rid) : this.#wanted.length > 0);
        encodings.forEach((encoding, index) => {
            if (encodings.length === LAYERS.length) encoding.scaleResolutionDownBy = this.#scales[index];
            if (this.#wanted) encoding.active = isWanted(encoding);
        });
        if (JSON.stringify(encodings) !== before) await sender.setParameters(parameters);
    }

    /** Of a small picture the second encoding is the whole, and the third is not made. */
    #isWanted(rid) {
        const isWhole = rid === 'h' && this.#scales[1] === 1;
        return this.#wanted.includes(rid) || isWhole && this.#wanted.includes('f');
    }
}

const add = (connection, track, sendEncodings) =>
    connection.addTransceiver(track, { direction: 'sendonly', sendEncodings });

function addSimulcast(connection, track, scales, codec) {
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
function layered(mode, scales, count) {
    const scalabilityMode = mode === 'L1T3' || count === 1 ? 'L1T3' : `L${count}T3_KEY`;
    return { scalabilityMode, scaleResolutionDownBy: scales[count - 1], maxBitrate: LAYERS[count - 1].maxBitrate };
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
