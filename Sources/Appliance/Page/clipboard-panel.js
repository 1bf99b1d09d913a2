import { say } from './catalogue.js';
import { canRead, canWrite, part, pasted, read, textOf, writeSoon } from './client/clipboard-local.js';
import { clipboardContent, clipboardWords } from './client/clipboard-words.js';

/**
 * Copying and pasting by buttons; and where the browser does not let a page at the clipboard, by a text field: whoever copies from
 * it or pastes into it needs nobody's leave.
 */
export class ClipboardPanel {
    #at;
    #clipboard;
    #tell;
    #onPut;
    /** What was pasted into the field, as long as nobody has changed it. */
    #parts = null;

    /**
     * @param {{at: Record<string, HTMLElement>, clipboard: Clipboard, tell: (words: string) => void,
     *     onPut: () => void}} parts
     */
    constructor({ at, clipboard, tell, onPut }) {
        this.#at = at;
        this.#clipboard = clipboard;
        this.#tell = tell;
        this.#onPut = onPut;
        at['clipboard-copy'].addEventListener('click', () => this.#copy());
        at['clipboard-paste'].addEventListener('click', () => this.#paste());
        at['clipboard-field'].addEventListener('paste', (event) => {
            const coming = pasted(event.clipboardData);
            queueMicrotask(() => (this.#parts = coming));
        });
        at['clipboard-field'].addEventListener('input', ({ inputType }) => {
            if (inputType !== 'insertFromPaste') this.#parts = null;
        });
        at['clipboard-close'].addEventListener('click', () => at['clipboard-box'].close());
        at['clipboard-form'].addEventListener('submit', async (event) => {
            event.preventDefault();
            const parts = await this.#parts ?? [part('text', at['clipboard-field'].value)];
            at['clipboard-box'].close();
            this.#put(parts.filter(({ bytes }) => bytes.length > 0));
        });
        // Nothing of it is left on the page.
        at['clipboard-box'].addEventListener('close', () => {
            at['clipboard-field'].value = '';
            this.#parts = null;
        });
        clipboard.addEventListener('change', () => this.render());
        this.render();
    }

    render() {
        const at = this.#at;
        const { isThere, fromDesk, toDesk, mayPut, mayTake, kinds } = this.#clipboard;
        at['clipboard-button'].hidden = !isThere;
        if (!isThere) at.clipboard.hidden = true;
        at['clipboard-copy'].hidden = !fromDesk;
        at['clipboard-content'].hidden = !fromDesk;
        at['clipboard-paste'].hidden = !toDesk;
        at['clipboard-copy'].setAttribute('aria-disabled', String(!mayTake || kinds.length === 0));
        at['clipboard-paste'].setAttribute('aria-disabled', String(!mayPut));
        const words = clipboardContent(this.#clipboard);
        if (at['clipboard-content'].textContent !== words) at['clipboard-content'].textContent = words;
    }

    async #copy() {
        const clipboard = this.#clipboard;
        if (!clipboard.mayTake || clipboard.kinds.length === 0) return this.#tell(clipboardContent(clipboard));
        const coming = clipboard.take();
        if (canWrite()) {
            try {
                await writeSoon(clipboard.kinds, coming.then(({ parts }) => parts ?? Promise.reject(new Error())));
                return this.#tell(say('clipboard.copied'));
            } catch {
                // What has become of it is told below.
            }
        }
        const { outcome, parts } = await coming;
        if (outcome !== 'done') return outcome !== 'replaced' && this.#tell(clipboardWords(outcome, clipboard.limit));
        const text = textOf(parts);
        if (text) this.#open('out', text);
        else this.#tell(say('clipboard.noText'));
    }

    async #paste() {
        if (!this.#clipboard.mayPut) return this.#tell(say('clipboard.not.notAllowed'));
        if (!canRead()) return this.#open('in');
        let parts;
        try {
            parts = await read();
        } catch {
            // The person or the browser does not want it.
            return this.#open('in');
        }
        this.#put(parts);
    }

    async #put(parts) {
        const outcome = await this.#clipboard.put(parts);
        if (outcome === 'replaced') return;
        if (outcome !== 'done') return this.#tell(clipboardWords(outcome, this.#clipboard.limit));
        this.#onPut();
        this.#tell(say('clipboard.put'));
    }

    /** @param {'in' | 'out'} direction */
    #open(direction, text = '') {
        const at = this.#at;
        const field = at['clipboard-field'];
        const isIn = direction === 'in';
        at['clipboard-title'].textContent = say(isIn ? 'clipboard.paste' : 'clipboard.copy');
        at['clipboard-note'].textContent = say(isIn ? 'clipboard.pasteNote' : 'clipboard.copyNote');
        at['clipboard-submit'].hidden = !isIn;
        field.readOnly = !isIn;
        field.value = text;
        at['clipboard-box'].showModal();
        field.focus();
        field.select();
    }
}
