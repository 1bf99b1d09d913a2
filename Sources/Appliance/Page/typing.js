import {
    goneModifiers, HeldKeys, PLATFORM, isModifier, keysymOf, keysymOfCharacter, makesTextLater,
} from './keyboard.js';
import { MODIFIERS, NAMED } from './keysyms.js';
import { difference, isLeaveChord } from './text.js';

/**
 * Sends what is typed into a text field that nobody sees. Keys go out as keys; what comes out of dead keys,
 * input methods and on-screen keyboards goes out as the characters that the field receives.
 *
 * Control, Alt and Shift together, with no other key, lead out of it.
 */
export class Typing {
    #sink;
    #control;
    #onLeave;
    #keys;
    #before = '';
    #isComposing = false;
    #isAfterDeadKey = false;
    #isLeaving = false;
    /** When a modifier was pressed last, by the browser's clock of events. */
    #modified = -Infinity;

    /** Whether the on-screen keyboard has been asked for. */
    isRaised = false;

    /**
     * @param {HTMLTextAreaElement} sink
     * @param {{control: Control, onLeave: () => void}} parts
     */
    constructor(sink, { control, onLeave }) {
        this.#sink = sink;
        this.#control = control;
        this.#onLeave = onLeave;
        this.#keys = new HeldKeys((isDown, keysym) => control.key(isDown, keysym));
        sink.addEventListener('keydown', (event) => this.#down(event));
        sink.addEventListener('keyup', (event) => this.#up(event));
        sink.addEventListener('compositionstart', () => (this.#isComposing = true));
        sink.addEventListener('compositionend', () => {
            this.#isComposing = false;
            this.#read();
        });
        sink.addEventListener('input', ({ isComposing }) => {
            // A phone composes every word: whoever types wants to see the letters. An input method of a
            // keyboard shows them itself, and its drafts are not for the desk.
            if (!isComposing || this.isRaised) this.#read();
        });
        sink.addEventListener('blur', () => this.#keys.release(() => true));
        // Before anybody acts on them.
        for (const type of CARRIERS) {
            addEventListener(type, (event) => this.#compare(event), { capture: true, passive: true });
        }
        control.addEventListener('released', () => {
            this.#keys.forget();
            // Their release may go elsewhere, and another one that comes here later must not lead out.
            this.#isLeaving = false;
        });
    }

    /** @param {boolean} isRaised whether the field asks for the on-screen keyboard */
    raise(isRaised) {
        this.isRaised = isRaised;
        this.#sink.blur();
        this.#sink.inputMode = isRaised ? 'text' : 'none';
        this.#reset();
        this.focus();
    }

    focus() {
        this.#sink.focus({ preventScroll: true });
    }

    #down(event) {
        if (!this.#control.mine) return;
        this.#isLeaving = isLeaveChord(event);
        if (makesTextLater(event)) {
            this.#isAfterDeadKey = event.key === 'Dead';
            return;
        }
        const keysym = keysymOf(event);
        if (keysym === null) return;
        if (isModifier(keysym)) {
            this.#compare(event);
            this.#modified = event.timeStamp;
            // Windows reports AltGr as Control and AltGr; Control would make a shortcut of the character.
            if (event.key === 'AltGraph' && PLATFORM === 'windows') this.#letGo(MODIFIERS.Control);
        } else {
            const isCharacter = [...event.key].length === 1;
            const wasDead = this.#isAfterDeadKey;
            this.#isAfterDeadKey = false;
            if (wasDead && isCharacter) return;
            this.#compare(event);
        }
        event.preventDefault();
        const place = event.code || event.key;
        this.#keys.down(place, keysym, event.repeat);
        // While Command is down, macOS does not say when another key is let go; a key without a place may be
        // another one by then.
        const isUnsure = !event.code || (PLATFORM === 'mac' && event.metaKey);
        if (isUnsure && !isModifier(keysym)) this.#keys.up(place);
    }

    #up(event) {
        if (this.#keys.up(event.code || event.key)) event.preventDefault();
        this.#compare(event);
        if (!this.#isLeaving) return;
        this.#isLeaving = false;
        this.#onLeave();
    }

    /** Lets go of modifiers that are not down any more; an event from before they were pressed does not know. */
    #compare(event) {
        if (this.#keys.isEmpty || !this.#control.mine || event.timeStamp < this.#modified) return;
        this.#letGo(goneModifiers(event));
    }

    #letGo(keysyms) {
        this.#keys.release((keysym) => keysyms.includes(keysym));
    }

    #read() {
        const { removed, added } = difference(this.#before, this.#sink.value);
        this.#before = this.#sink.value;
        const keysyms = [...Array(removed).fill(NAMED.Backspace), ...added.map(keysymOfCharacter)]
            .filter((keysym) => keysym !== null);
        if (this.#control.mine && keysyms.length > 0) {
            // Text is no shortcut.
            this.#letGo([...MODIFIERS.Control, ...MODIFIERS.Alt, ...MODIFIERS.Meta]);
            this.#control.text(keysyms);
        }
        if (!this.#isComposing) this.#reset();
    }

    /** An on-screen keyboard reports Backspace only while there is something to delete. */
    #reset() {
        this.#before = this.isRaised ? FILLING : '';
        if (this.#sink.value === this.#before) return;
        this.#sink.value = this.#before;
        this.#sink.setSelectionRange(this.#before.length, this.#before.length);
    }
}

/** Events that say which modifiers are down, besides keys. */
const CARRIERS = ['pointerdown', 'pointermove', 'pointerup', 'wheel', 'touchstart', 'touchend', 'click', 'dragover'];
const FILLING = '_'.repeat(64);
