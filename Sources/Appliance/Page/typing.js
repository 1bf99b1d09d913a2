import { HeldKeys, PLATFORM, isModifier, keysymOf, keysymOfCharacter, makesTextLater } from './keyboard.js';
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
        control.addEventListener('released', () => this.#keys.forget());
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
            // Windows reports AltGr as Control and AltGr; Control would make a shortcut of the character.
            if (event.key === 'AltGraph' && PLATFORM === 'windows') this.#letGo(MODIFIERS.Control);
        } else {
            const isCharacter = [...event.key].length === 1;
            const wasDead = this.#isAfterDeadKey;
            this.#isAfterDeadKey = false;
            if (wasDead && isCharacter) return;
            this.#letGoUnless(event);
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
        if (!this.#isLeaving) return;
        this.#isLeaving = false;
        this.#onLeave();
    }

    /** Modifiers that were let go while another window had the keyboard. */
    #letGoUnless({ shiftKey, ctrlKey, altKey, metaKey }) {
        if (!shiftKey) this.#letGo(MODIFIERS.Shift);
        if (!ctrlKey) this.#letGo(MODIFIERS.Control);
        if (!altKey) this.#letGo(MODIFIERS.Alt);
        if (!metaKey) this.#letGo(MODIFIERS.Meta);
    }

    #letGo(keysyms) {
        this.#keys.release((keysym) => keysyms.includes(keysym));
    }

    #read() {
        const { removed, added } = difference(this.#before, this.#sink.value);
        this.#before = this.#sink.value;
        if (this.#control.mine) {
            for (let i = 0; i < removed; i += 1) this.#tap(NAMED.Backspace);
            for (const character of added) this.#tap(keysymOfCharacter(character));
        }
        if (!this.#isComposing) this.#reset();
    }

    #tap(keysym) {
        if (keysym === null) return;
        this.#control.key(true, keysym);
        this.#control.key(false, keysym);
    }

    /** An on-screen keyboard reports Backspace only while there is something to delete. */
    #reset() {
        this.#before = this.isRaised ? FILLING : '';
        if (this.#sink.value === this.#before) return;
        this.#sink.value = this.#before;
        this.#sink.setSelectionRange(this.#before.length, this.#before.length);
    }
}

const FILLING = '_'.repeat(64);
