/**
 * Keeps the screen on while somebody is in the room: they watch and talk, and do not touch the device. Browsers
 * take it back whenever the page is hidden, and need not give it.
 */
export class WakeLock {
    #isWanted = false;
    #lock = null;

    constructor() {
        document.addEventListener('visibilitychange', () => this.#apply());
    }

    /** @param {boolean} isWanted */
    set(isWanted) {
        if (isWanted === this.#isWanted) return;
        this.#isWanted = isWanted;
        this.#apply();
    }

    async #apply() {
        if (!this.#isWanted) {
            await this.#lock?.release().catch(() => {});
            this.#lock = null;
        } else if (!document.hidden && (!this.#lock || this.#lock.released)) {
            this.#lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
        }
    }
}
