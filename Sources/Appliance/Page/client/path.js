/**
 * How far a peer connection has come, and since when.
 *
 * `none`, `connecting`, `connected`, `lost` (was connected, ICE is looking for a path), `noPath` (no UDP gets
 * through), `insecure` (there is a path, but DTLS failed on it).
 */
export class PathWatch {
    state = 'none';
    since = 0;
    #connection = null;
    #began = 0;
    #pathAt = 0;
    #wasConnected = false;

    update(connection, now) {
        if (connection !== this.#connection) {
            this.#connection = connection;
            this.#began = now;
            this.#pathAt = 0;
            this.#wasConnected = false;
        }
        const hasPath = ['connected', 'completed'].includes(connection?.iceConnectionState);
        if (!hasPath) this.#pathAt = 0;
        else this.#pathAt ||= now;
        if (connection?.connectionState === 'connected') this.#wasConnected = true;
        const next = pathState({
            ice: connection?.iceConnectionState,
            connection: connection?.connectionState,
            wasConnected: this.#wasConnected,
            untried: now - (hasPath ? this.#pathAt : this.#began),
        });
        if (next === this.state) return;
        this.state = next;
        this.since = now;
    }
}

/** @param {{untried: number}} facts `untried`: milliseconds in the phase that the connection is in */
export function pathState({ ice, connection, wasConnected, untried }) {
    if (!ice || connection === 'closed') return 'none';
    if (ice === 'connected' || ice === 'completed') {
        if (connection === 'connected') return 'connected';
        if (connection === 'failed') return 'insecure';
        return untried > PATIENCE ? 'insecure' : 'connecting';
    }
    if (ice === 'failed') return 'noPath';
    if (wasConnected) return 'lost';
    return untried > PATIENCE ? 'noPath' : 'connecting';
}

/** Milliseconds. */
const PATIENCE = 8000;
