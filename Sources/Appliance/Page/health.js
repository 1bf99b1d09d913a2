import { PathWatch } from './path.js';

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

    /** Asks the browser about the desk's picture and sound, which takes a moment. */
    async measure() {
        const connection = this.#parts.subscribe.connection;
        const result = { video: null, audio: null, roundTrip: null };
        const reports = connection ? await connection.getStats() : new Map();
        for (const report of reports.values()) {
            if (report.type === 'inbound-rtp' && this.#parts.subscribe.isDesk(report.mid)) {
                result[report.kind] = inbound(report, reports);
            }
            if (report.type === 'candidate-pair' && report.nominated && report.state === 'succeeded') {
                result.roundTrip = report.currentRoundTripTime ?? null;
            }
        }
        if (connection === this.#parts.subscribe.connection) this.frames = result.video?.framesDecoded ?? 0;
        return result;
    }
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
