import { PathWatch } from './path.js';
import { selectedPair } from './selected-pair.js';
/** @import { Publish } from './publish.js' */
/** @import { Subscribe } from './subscribe.js' */

/** What can be measured about the connections: for the page's own words, for tests and for diagnosis. */
export class Health {
    #parts;
    #publishPath = new PathWatch();
    #subscribePath = new PathWatch();

    /** Frames decoded on the subscribe connection at hand. */
    frames = 0;
    /** Milliseconds of `performance.now()` at which each step was first reached. */
    marks = {};

    /** @param {{publish: Publish, subscribe: Subscribe}} parts */
    constructor(parts) {
        this.#parts = parts;
    }

    mark(name) {
        this.marks[name] ??= Math.round(performance.now());
    }

    /** The states of both paths as of now. */
    paths(now) {
        this.#publishPath.update(this.#parts.publish.connection, now);
        this.#subscribePath.update(this.#parts.subscribe.connection, now);
        if (this.#publishPath.state === 'connected') this.mark('publishConnected');
        if (this.#subscribePath.state === 'connected') this.mark('subscribeConnected');
        return { publish: this.#publishPath, subscribe: this.#subscribePath };
    }

    /**
     * Asks the browser about the desk's picture and sound, everybody's pictures, and the network, which takes a
     * moment. `cameras`: by mid; `packets`: of all that is received; `limitation`: why the own camera is sent
     * smaller than it is, `none` if it is not.
     */
    async measure() {
        const { subscribe, publish } = this.#parts;
        const { connection } = subscribe;
        const result = { video: null, audio: null, roundTrip: null, cameras: {},
            packets: { received: 0, lost: 0 }, limitation: 'none' };
        const reports = connection ? await connection.getStats() : new Map();
        for (const report of reports.values()) {
            if (report.type === 'inbound-rtp') {
                result.packets.received += report.packetsReceived ?? 0;
                result.packets.lost += Math.max(0, report.packetsLost ?? 0);
                if (subscribe.isDesk(report.mid)) result[report.kind] = inbound(report, reports);
                else if (report.kind === 'video') result.cameras[report.mid] = inbound(report, reports);
            }
        }
        result.roundTrip = selectedPair(reports)?.currentRoundTripTime ?? null;
        for (const { sender } of publish.connection?.getTransceivers() ?? []) {
            if (sender.track?.kind === 'video') result.limitation = await limitation(sender);
        }
        if (connection === subscribe.connection) this.frames = result.video?.framesDecoded ?? 0;
        return result;
    }
}

/** What keeps the smallest layer that is sent from being larger, which nobody but this device can know. */
async function limitation(sender) {
    const reports = [...(await sender.getStats()).values()];
    const reasons = reports.filter(({ type, active }) => type === 'outbound-rtp' && active !== false)
        .map(({ qualityLimitationReason }) => qualityLimitationReason);
    return ['cpu', 'bandwidth'].find((reason) => reasons.includes(reason)) ?? 'none';
}

/** Seconds, bytes, packets and frames, as in `RTCInboundRtpStreamStats`. */
function inbound(report, reports) {
    const result = { codec: reports.get(report.codecId)?.mimeType ?? null };
    for (const field of FIELDS) if (report[field] !== undefined) result[field] = report[field];
    return result;
}

const FIELDS = [
    'bytesReceived', 'concealedSamples', 'frameHeight', 'frameWidth', 'framesDecoded', 'framesDropped',
    'framesPerSecond', 'freezeCount', 'jitter', 'jitterBufferDelay', 'jitterBufferEmittedCount',
    'keyFramesDecoded', 'nackCount', 'packetsLost', 'packetsReceived', 'pliCount', 'totalAudioEnergy',
    'totalDecodeTime', 'totalSamplesDuration', 'totalSamplesReceived',
];
