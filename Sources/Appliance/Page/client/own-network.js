/**
 * Judges this device's own network from one measurement a second: only what lasts is a problem, and only what
 * has been good for a while is good again.
 */
export class OwnNetwork {
    #before = null;
    #samples = [];
    #candidate = null;
    #since = 0;

    /**
     * `problem`: `loss`, `delay`, `uplink` (the network takes less of the camera than there is), `processor`
     * (the device does), or `null`. `roundTrip`: seconds, `loss`: 0…1 over the last seconds; `null` while
     * unknown.
     */
    state = { problem: null, roundTrip: null, loss: null };

    /** @param {object} measured as in `health.js` */
    update({ roundTrip, packets, limitation }) {
        this.#sample(packets);
        const loss = this.#loss();
        const found = this.#problem(roundTrip, loss, limitation);
        if (found !== this.#candidate) {
            this.#candidate = found;
            this.#since = 0;
        }
        this.#since += 1;
        const { problem } = this.state;
        const isSettled = this.#since >= (found === null ? RECOVERY : PATIENCE);
        this.state = { problem: isSettled ? found : problem, roundTrip, loss };
    }

    /** What was counted so far belongs to a connection that is gone. */
    reset() {
        this.#before = null;
        this.#samples = [];
        this.#candidate = null;
        this.state = { problem: null, roundTrip: null, loss: null };
    }

    #sample({ received, lost }) {
        const before = this.#before;
        this.#before = { received, lost };
        // Sections come and go, and take their counts along.
        if (!before || received < before.received || lost < before.lost) return;
        this.#samples.push({ received: received - before.received, lost: lost - before.lost });
        if (this.#samples.length > WINDOW) this.#samples.shift();
    }

    #loss() {
        const sum = (key) => this.#samples.reduce((all, one) => all + one[key], 0);
        const all = sum('received') + sum('lost');
        // Of a handful of packets nothing can be said.
        return all < FEWEST ? null : sum('lost') / all;
    }

    #problem(roundTrip, loss, limitation) {
        const is = (name) => this.state.problem === name;
        // A little less of it is needed to go on than to begin.
        if (loss !== null && loss > (is('loss') ? LOSS / 2 : LOSS)) return 'loss';
        if (roundTrip !== null && roundTrip > (is('delay') ? DELAY * 0.75 : DELAY)) return 'delay';
        if (limitation === 'bandwidth') return 'uplink';
        return limitation === 'cpu' ? 'processor' : null;
    }
}

// Measurements, one a second.
const WINDOW = 5;
const PATIENCE = 4;
const RECOVERY = 5;
/** Packets in a window. */
const FEWEST = 50;
const LOSS = 0.05;
/** Seconds. */
const DELAY = 0.4;
