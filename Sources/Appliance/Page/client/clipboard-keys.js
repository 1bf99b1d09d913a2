import { say } from './catalogue.js';
import { canWrite, pasted, write } from './clipboard-local.js';
import { clipboardWords } from './clipboard-words.js';
import { Gate } from './gate.js';
/** @import { Clipboard } from './clipboard.js' */
/** @import { Control } from './control.js' */

/**
 * Copying and pasting by the keyboard, while keys go to the desk. This device's clipboard is read when the browser says what is
 * pasted, and at no other time; the key follows once the content is on the desk. It is written when something has been
 * copied there since the key was pressed.
 *
 * Whichever was copied last is pasted: after something was copied on the desk, the key alone goes there, until this device's
 * clipboard may be another one.
 */
export class ClipboardKeys {
    #clipboard;
    #tell;
    #announce;
    /** Whether something may have been copied on this device since the two were the same. */
    #isLocalNew = true;
    /** Whoever waits for what is pasted. */
    #expect = null;
    /** Until when a paste is not typed that came too late for its key. */
    #ignoredUntil = -Infinity;
    #isPutting = false;

    /**
     * @param {HTMLTextAreaElement} sink
     * @param {{clipboard: Clipboard, control: Control, tell: (words: string) => void,
     *     announce: (words: string) => void}} parts
     */
    constructor(sink, { clipboard, control, tell, announce }) {
        this.#clipboard = clipboard;
        this.#tell = tell;
        this.#announce = announce;
        sink.addEventListener('paste', (event) => this.#paste(event));
        // Somewhere else something else may be copied, and on this page outside of the desk.
        addEventListener('blur', () => (this.#isLocalNew = true));
        for (const type of ['copy', 'cut']) document.addEventListener(type, () => (this.#isLocalNew = true));
        let wasMine = false;
        control.addEventListener('change', () => {
            if (control.mine && !wasMine) this.#isLocalNew = true;
            wasMine = control.mine;
        });
    }

    /** Whether a key has to do with clipboards that this person may use. */
    isAbout(event, keysym) {
        return (isPaste(event, keysym) && this.#clipboard.mayPut) || (isCopy(event, keysym) && this.#clipboard.mayTake);
    }

    /** Something has been put on the desk by other means. */
    handlePut() {
        this.#isLocalNew = false;
    }

    /**
     * What a key has to wait for that pastes; `null` for all others. The browser must be left to act on the event.
     * @returns {Gate | null}
     */
    pasting(event, keysym) {
        if (!isPaste(event, keysym) || event.repeat || !this.#clipboard.mayPut || !this.#isLocalNew) return null;
        this.#expect?.(null);
        return new Gate(new Promise((settle) => {
            const timer = setTimeout(() => {
                this.#ignoredUntil = performance.now() + LATE;
                this.#expect?.(null);
            }, WAIT);
            this.#expect = (parts) => {
                this.#expect = null;
                clearTimeout(timer);
                settle(this.#put(parts));
            };
        }));
    }

    /** Whether a key has ended what others wait for. */
    cancels({ key }) {
        if (key !== 'Escape' || !this.#isPutting) return false;
        this.#clipboard.cancelPut();
        return true;
    }

    /** A key was sent that may copy something there. */
    async copying(event, keysym) {
        if (!isCopy(event, keysym) || event.repeat) return;
        const wasNew = this.#isLocalNew;
        this.#isLocalNew = false;
        if (!this.#clipboard.mayTake) return;
        const { outcome, parts } = await this.#clipboard.take(true);
        // A later one has its own answer.
        if (outcome === 'replaced') return;
        // The key copies only where something is selected.
        if (outcome === 'unchanged') {
            this.#isLocalNew ||= wasNew;
            return;
        }
        if (outcome !== 'done') return this.#tell(clipboardWords(outcome, this.#clipboard.limit));
        try {
            if (!canWrite()) throw new Error();
            await write(parts);
            this.#announce(say('clipboard.copied'));
        } catch {
            this.#tell(say('clipboard.ready'));
        }
    }

    #paste(event) {
        const isLate = performance.now() < this.#ignoredUntil;
        // What comes by a menu is typed.
        if (!this.#expect && !isLate) return;
        event.preventDefault();
        this.#expect?.(pasted(event.clipboardData));
    }

    /** Returns whether the key may follow. */
    async #put(coming) {
        const parts = await coming;
        this.#isLocalNew = false;
        // The desk has its own.
        if (!parts?.length) return true;
        this.#isPutting = true;
        const timer = setTimeout(() => this.#tell(say('clipboard.putting')), LONG);
        const outcome = await this.#clipboard.put(parts);
        clearTimeout(timer);
        this.#isPutting = false;
        if (outcome === 'done') return true;
        this.#isLocalNew = true;
        if (outcome !== 'replaced') this.#tell(clipboardWords(outcome, this.#clipboard.limit));
        return false;
    }
}

const isPaste = (event, keysym) => (isWith(event) && V.has(keysym)) || (keysym === INSERT && isOnly(event, 'shiftKey'));
const isCopy = (event, keysym) => (isWith(event) && COPIES.has(keysym)) || (keysym === INSERT && isOnly(event, 'ctrlKey'));
const isWith = ({ ctrlKey, metaKey, altKey }) => ctrlKey !== metaKey && !altKey;
const isOnly = (event, one) =>
    ['shiftKey', 'ctrlKey', 'metaKey', 'altKey'].every((modifier) => event[modifier] === (modifier === one));

// Keysyms: with Shift held, terminals copy and paste.
const V = new Set([0x56, 0x76]);
const COPIES = new Set([0x43, 0x63, 0x58, 0x78]);
const INSERT = 0xff63;
// Milliseconds: the browser says what is pasted at once, or not at all; and when somebody wants to know why nothing happens.
const WAIT = 1000;
const LATE = 5000;
const LONG = 1000;
