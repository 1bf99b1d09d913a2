import { isBrowserShortcut } from './browser-shortcuts.js';
import {
    goneModifiers, HeldKeys, PLATFORM, isModifier, keysymOf, keysymOfCharacter, makesTextLater,
} from './keyboard.js';
import { MODIFIERS } from './keysyms.js';
import { difference, isLeaveChord } from './text.js';
import { WithheldModifiers } from './withheld-modifiers.js';
/** @import { ClipboardKeys } from './clipboard-keys.js' */
/** @import { Control } from './control.js' */
/** @import { KeyboardLock } from './keyboard-lock.js' */
/** @import { LatchedModifiers } from './latched-modifiers.js' */

/**
 * Sends what is typed into a text field that nobody sees. Keys go out as keys; what comes out of dead keys,
 * input methods and on-screen keyboards goes out as the characters that the field receives.
 *
 * Control, Alt and Shift together, with no other key, lead out of it.
 */
export class Typing {
    #sink;
    #control;
    #latch;
    #lock;
    #onLeave;
    #clipboard;
    #keys;
    #withheld = new WithheldModifiers();
    /** What the key waits for that is being pressed. */
    #gate = null;
    #before = '';
    #isComposing = false;
    #isAfterDeadKey = false;
    #isLeaving = false;
    /** Modifiers that the desk has let go of although they may still be down here, by their places. */
    #lost = new Map();
    /** When a modifier was pressed last, by the browser's clock of events. */
    #modified = -Infinity;

    /** Whether the on-screen keyboard has been asked for. */
    isRaised = false;

    /**
     * @param {HTMLTextAreaElement} sink
     * @param {{control: Control, latch: LatchedModifiers, lock: KeyboardLock, clipboard: ClipboardKeys,
     *     onLeave: () => void}} parts
     */
    constructor(sink, { control, latch, lock, clipboard, onLeave }) {
        this.#sink = sink;
        this.#control = control;
        this.#latch = latch;
        this.#lock = lock;
        this.#onLeave = onLeave;
        this.#clipboard = clipboard;
        this.#keys = new HeldKeys((isDown, keysym, place) => {
            control.key(isDown, keysym, isDown ? this.#gate : null, place);
        });
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
        sink.addEventListener('blur', () => {
            this.#keys.release(() => true);
            this.#withheld.clear();
        });
        // Before anybody acts on them.
        for (const type of CARRIERS) {
            addEventListener(type, (event) => this.#carry(event), { capture: true, passive: true });
        }
        control.addEventListener('released', () => {
            this.#keys.forget();
            this.#lost.clear();
            this.#withheld.clear();
            // Their release may go elsewhere, and another one that comes here later must not lead out.
            this.#isLeaving = false;
        });
        control.addEventListener('dropped', ({ detail }) => {
            for (const [keysym, number] of detail.keys) {
                const place = this.#keys.drop(keysym, number);
                if (place !== null && isModifier(keysym)) this.#lost.set(place, keysym);
            }
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
        if (this.#clipboard.cancels(event)) return event.preventDefault();
        if (!this.#lock.isDesks && isBrowserShortcut(event)) return this.#withheld.handedOver();
        if (makesTextLater(event)) {
            this.#isAfterDeadKey = event.key === 'Dead';
            return;
        }
        const alone = keysymOf(event);
        if (alone === null) return;
        if (isModifier(alone)) return this.#modifier(event, alone);
        const isCharacter = [...event.key].length === 1;
        const wasDead = this.#isAfterDeadKey;
        this.#isAfterDeadKey = false;
        if (wasDead && isCharacter) return;
        this.#compare(event);
        this.#pass();
        if (!event.repeat) this.#latch.use();
        const held = this.#latch.held(event);
        const keysym = keysymOf(held);
        // The browser knows nothing of what has been latched, and would not say what is pasted.
        this.#gate = this.#clipboard.pasting(event, keysym);
        // It says so only if the key is left to it.
        if (!this.#gate) event.preventDefault();
        const place = event.code || event.key;
        const isCommand = PLATFORM === 'mac' && event.metaKey && this.#clipboard.isAbout(event, keysym);
        if (isCommand) this.#press(keysym);
        else this.#keys.down(place, keysym, event.repeat);
        this.#gate = null;
        this.#clipboard.copying(held, keysym);
        if (isCommand) return;
        // While Command is down, macOS does not say when another key is let go; a key without a place may be
        // another one by then.
        const isUnsure = !event.code || (PLATFORM === 'mac' && event.metaKey);
        if (!isUnsure) return;
        this.#keys.up(place);
        this.#latch.releaseUsed();
    }

    #modifier(event, keysym) {
        event.preventDefault();
        this.#compare(event);
        this.#modified = event.timeStamp;
        // Windows reports AltGr as Control and AltGr; Control would make a shortcut of the character.
        if (event.key === 'AltGraph' && PLATFORM === 'windows') this.#letGo(MODIFIERS.Control);
        const place = event.code || event.key;
        this.#latch.giveWay(keysym);
        const mayBeBrowsers = !this.#lock.isDesks && WithheldModifiers.concerns(keysym);
        if (mayBeBrowsers && !event.repeat) this.#withheld.hold(place, keysym);
        if (!mayBeBrowsers) this.#keys.down(place, keysym, event.repeat);
    }

    /** Command on a Mac is Control on the desk. */
    #press(keysym) {
        this.#letGo(MODIFIERS.Meta);
        const [control] = MODIFIERS.Control;
        for (const [isDown, key] of [[true, control], [true, keysym], [false, keysym], [false, control]]) {
            this.#control.key(isDown, key, this.#gate);
        }
    }

    #up(event) {
        const place = event.code || event.key;
        this.#lost.delete(place);
        const withheld = this.#withheld.up(place);
        if (withheld !== null && !this.#isLeaving) this.#keys.down(place, withheld);
        if (this.#keys.up(place)) event.preventDefault();
        if (!MODIFIER_KEYS.has(event.key)) this.#latch.releaseUsed();
        this.#compare(event);
        if (!this.#isLeaving) return;
        this.#isLeaving = false;
        this.#onLeave();
    }

    /** What is pressed or turned with modifiers is the desk's; Control and the wheel are the browser's zoom. */
    #carry(event) {
        this.#compare(event);
        if (event.type === 'pointerdown' || (event.type === 'wheel' && !event.ctrlKey)) this.#pass();
    }

    #pass() {
        if (this.#control.mine) this.#withheld.pass((place, keysym) => this.#keys.down(place, keysym));
    }

    /**
     * Lets go of modifiers that are not down any more, and presses those again that still are although the desk has let go of
     * them; an event from before they were pressed does not know.
     */
    #compare(event) {
        const isNone = this.#keys.isEmpty && this.#withheld.isEmpty && this.#lost.size === 0;
        if (isNone || !this.#control.mine || event.timeStamp < this.#modified) return;
        const gone = goneModifiers(event);
        this.#letGo(gone);
        for (const [place, keysym] of this.#lost) if (!gone.includes(keysym)) this.#keys.down(place, keysym);
        this.#lost.clear();
    }

    #letGo(keysyms) {
        this.#keys.release((keysym) => keysyms.includes(keysym));
        this.#withheld.drop(keysyms);
    }

    #read() {
        const { removed, added } = difference(this.#before, this.#sink.value);
        this.#before = this.#sink.value;
        const typed = [...Array(removed).fill(BACKSPACE), ...added];
        if (this.#control.mine && typed.length > 0) {
            // Text is no shortcut, but the first key of an on-screen keyboard is one with what has been latched.
            this.#letGo([...MODIFIERS.Control, ...MODIFIERS.Alt, ...MODIFIERS.Meta]);
            if (!this.#latch.isEmpty) this.#withLatched(typed.shift());
            const keysyms = typed.map(keysymOfCharacter).filter((keysym) => keysym !== null);
            if (keysyms.length > 0) this.#control.text(keysyms);
        }
        if (!this.#isComposing) this.#reset();
    }

    #withLatched(character) {
        this.#latch.use();
        const keysym = character === BACKSPACE || character === '\n'
            ? keysymOfCharacter(character)
            : keysymOf(this.#latch.held({ key: character }));
        if (keysym !== null) {
            this.#control.key(true, keysym);
            this.#control.key(false, keysym);
        }
        this.#latch.releaseUsed();
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
const MODIFIER_KEYS = new Set(Object.keys(MODIFIERS));
const BACKSPACE = '\b';
const FILLING = '_'.repeat(64);
