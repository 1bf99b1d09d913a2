/**
 * Restarts ICE when a path is lost, and again, ever more slowly, until there is one.
 *
 * ICE heals most losses by itself within a second or two, hence the patience at first; a restart gathers the
 * addresses of a network that was not there before.
 */
export class Recovery {
    #connection;
    #restart;
    #timer = 0;
    #attempts = 0;

    /**
     * @param {RTCPeerConnection} connection
     * @param {() => boolean} restart returns `false` if it cannot be asked for at present
     */
    constructor(connection, restart) {
        this.#connection = connection;
        this.#restart = restart;
        connection.addEventListener('iceconnectionstatechange', () => this.#changed());
        this.#schedule(FIRST);
    }

    /** Restarts at once: the network is another one now. */
    now() {
        if (this.#connection.iceConnectionState === 'closed') return;
        clearTimeout(this.#timer);
        const asked = this.#restart();
        if (asked) this.#attempts += 1;
        const delay = Math.min(SLOWEST, FIRST * 2 ** Math.max(0, this.#attempts - 1));
        this.#schedule(asked ? delay : SOON);
    }

    end() {
        clearTimeout(this.#timer);
    }

    #changed() {
        switch (this.#connection.iceConnectionState) {
            case 'connected':
            case 'completed':
                this.#attempts = 0;
                clearTimeout(this.#timer);
                break;
            case 'disconnected':
                this.#schedule(SOON);
                break;
            case 'failed':
                // The first loss is answered at once, those that follow keep the pace.
                if (this.#attempts === 0) this.now();
                break;
        }
    }

    #schedule(delay) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            const state = this.#connection.iceConnectionState;
            if (state !== 'connected' && state !== 'completed') this.now();
        }, delay);
    }
}

// Milliseconds.
const SOON = 1500;
const FIRST = 6000;
const SLOWEST = 20_000;
