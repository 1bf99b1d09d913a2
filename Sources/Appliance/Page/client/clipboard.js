import { ClipboardTransfers } from './clipboard-transfers.js';
/** @import { Control } from './control.js' */

/**
 * The desk's clipboard, as far as this person may use it.
 *
 * Events: `change`.
 */
export class Clipboard extends EventTarget {
    #control;
    #transfers = new ClipboardTransfers();

    /** Whether the room lets this person put something there, and take what is there. */
    toDesk = false;
    fromDesk = false;
    /** Bytes that the room carries. */
    limit = 0;
    /** Counts what is copied on the desk; 0: nothing that is known of. */
    serial = 0;
    /** What the desk has: some of `text`, `html`, `png`. */
    kinds = [];
    /** How much that is. */
    bytes = 0;
    /** Whether the desk has more, which is too large. */
    tooLarge = false;

    /** @param {Control} control */
    constructor(control) {
        super();
        this.#control = control;
        control.addEventListener('change', () => this.#changed());
    }

    /** @param {object | null | undefined} state as the room tells it; without one nothing can be done */
    update(state) {
        const { toDesk = false, fromDesk = false, limit = 0, serial = 0, kinds = [], bytes = 0, tooLarge = false }
            = state ?? {};
        Object.assign(this, { toDesk, fromDesk, limit, serial, kinds, bytes, tooLarge });
        this.#changed();
    }

    /** @param {RTCDataChannel | null} channel */
    attach(channel) {
        this.#transfers.attach(channel);
        channel?.addEventListener('open', () => this.#changed());
        this.#changed();
    }

    /** Nothing of what is on it. */
    get diagnosis() {
        const { toDesk, fromDesk, kinds, bytes, tooLarge } = this;
        return { toDesk, fromDesk, kinds, bytes, tooLarge, isOpen: this.#transfers.isOpen };
    }

    /** Whether there is anything for this person to do with it. */
    get isThere() {
        return this.toDesk || this.fromDesk;
    }

    /** Only who types on the desk puts something there. */
    get mayPut() {
        return this.toDesk && this.#control.mayType && this.#transfers.isOpen;
    }

    get mayTake() {
        return this.fromDesk && this.#transfers.isOpen;
    }

    /** @returns {Promise<string>} what became of it: `done`, or why it is not there */
    async put(parts) {
        if (!this.mayPut) return 'notAllowed';
        if (parts.length === 0) return 'nothing';
        if (parts.reduce((sum, { bytes }) => sum + bytes.length, 0) > this.limit) return 'tooLarge';
        return this.#transfers.put(parts, this.#control.lease);
    }

    cancelPut() {
        this.#transfers.cancelPut();
    }

    /**
     * What the desk has.
     * @param {boolean} isNews only what is copied from now on
     * @returns {Promise<{outcome: string, parts?: {kind: string, bytes: Uint8Array}[]}>}
     */
    async take(isNews = false) {
        if (!this.mayTake) return { outcome: 'notAllowed' };
        return this.#transfers.take(isNews ? this.serial || NONE : 0);
    }

    #changed() {
        this.dispatchEvent(new Event('change'));
    }
}

/** Of which no content is: what was copied before is not wanted. */
const NONE = 0xffff_ffff;
