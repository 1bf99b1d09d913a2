import { placeOf } from './key-places.js';
import { KEYPAD, MODIFIERS, NAMED } from './keysyms.js';
import { isOfComposition } from './text.js';

/** The keysym of a character, as the room wants it; `null` for control characters and surrogates. */
export function keysymOfCharacter(character) {
    const point = character.codePointAt(0);
    switch (point) {
        case 0x08: return NAMED.Backspace;
        case 0x09: return NAMED.Tab;
        case 0x0a:
        case 0x0d: return NAMED.Enter;
        case 0x1b: return NAMED.Escape;
    }
    if (point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0xd800 && point < 0xe000)) return null;
    return point < 0x100 ? point : 0x0100_0000 + point;
}

/**
 * The keysym of a `KeyboardEvent`; `null` for keys that are not sent: dead keys and keys of a composition
 * (what comes out of them is sent as text), locks (their effect is in the other keys), and keys without a
 * meaning.
 */
export function keysymOf(event, platform = PLATFORM) {
    const { code = '', location = 0, shiftKey, ctrlKey, altKey, metaKey } = event;
    // With Shift held, X calls the Alt key Meta, and so do browsers.
    const key = event.key === 'Meta' && code.startsWith('Alt') ? 'Alt' : event.key;
    if (platform === 'mac' && key === 'Alt') return MODIFIERS.AltGraph[0];
    if (Object.hasOwn(MODIFIERS, key)) return MODIFIERS[key][location === 2 ? 1 : 0];
    if (location === 3) {
        if (Object.hasOwn(KEYPAD, key)) return KEYPAD[key];
        if (/^[0-9]$/.test(key)) return 0xffb0 + Number(key);
    }
    // With Shift held, this is what X calls the key.
    if (key === 'Tab' && shiftKey) return 0xfe20;
    if (Object.hasOwn(NAMED, key)) return NAMED[key];
    const functionKey = /^F([1-9]|[12][0-9]|3[0-5])$/.exec(key);
    if (functionKey) return 0xffbd + Number(functionKey[1]);
    if ([...key].length !== 1) return null;
    // Control and Alt together are AltGr on Windows, and Option is AltGr on a Mac: those make characters.
    const isShortcut = metaKey || (altKey ? !ctrlKey && platform !== 'mac' : ctrlKey);
    return keysymOfCharacter(isShortcut ? shortcutLetter(event, shiftKey) : key);
}

/** What a key of a keyboard that writes Cyrillic or Greek is in a shortcut; any other key is itself. */
export function latinLetter({ key, code }) {
    const place = /^\p{L}$/u.test(key) && key.codePointAt(0) >= 0x370 ? /^Key([A-Z])$/.exec(code)?.[1] : null;
    return place ?? key;
}

/** A shortcut means the Latin letter, also with Caps Lock on. */
function shortcutLetter(event, shiftKey) {
    const letter = latinLetter(event);
    if (!/^[a-z]$/i.test(letter)) return letter;
    return shiftKey ? letter.toUpperCase() : letter.toLowerCase();
}

/** Keys whose text arrives later, by an `input` event. */
export const makesTextLater = (event) => isOfComposition(event) || LATER.has(event.key);
const LATER = new Set(['Compose', 'Dead', 'Process', 'Unidentified']);

/**
 * Which held modifiers are not down any more, as an event has it that carries them: a key, a press, a move of
 * the pointer or a turn of the wheel. A window manager may have kept their release to itself.
 */
export function goneModifiers(event, platform = PLATFORM) {
    const gone = [];
    if (!event.shiftKey) gone.push(...MODIFIERS.Shift);
    if (!event.ctrlKey) gone.push(...MODIFIERS.Control);
    if (!event.altKey) gone.push(...MODIFIERS.Alt);
    if (!event.metaKey) gone.push(...MODIFIERS.Meta);
    // Option is AltGr on a Mac; touch events do not tell of it elsewhere.
    const isThirdLevel = platform === 'mac' ? event.altKey : event.getModifierState?.('AltGraph') ?? true;
    if (!isThirdLevel) gone.push(...MODIFIERS.AltGraph);
    return gone;
}

export const isModifier = (keysym) => MODIFIER_KEYSYMS.has(keysym);

/**
 * Which keys are down on the desk, by the place (`code`) that they were pressed at: a key is let go as what
 * it was pressed as, whatever Shift has become since.
 */
export class HeldKeys {
    #send;
    #held = new Map();

    /** @param {(isDown: boolean, keysym: number, place: number) => void} send `place` as in key-places.js */
    constructor(send) {
        this.#send = send;
    }

    down(place, keysym, isRepeat = false) {
        const before = this.#held.get(place);
        if (before !== undefined && isModifier(before)) return;
        // The release was lost, or the key means something else by now.
        if (before !== undefined && (before !== keysym || !isRepeat)) this.#send(false, before, placeOf(place));
        this.#held.set(place, keysym);
        this.#send(true, keysym, placeOf(place));
    }

    up(place) {
        const keysym = this.#held.get(place);
        if (keysym === undefined) return false;
        this.#held.delete(place);
        this.#send(false, keysym, placeOf(place));
        return true;
    }

    /** Lets go of what `isGone` says is not down any more. */
    release(isGone) {
        for (const [place, keysym] of [...this.#held]) if (isGone(keysym, place)) this.up(place);
    }

    /** The desk does not hold this one: returns where it was pressed; `null` if it was not. */
    drop(keysym, number) {
        for (const [place, held] of this.#held) {
            if (held !== keysym || placeOf(place) !== number) continue;
            this.#held.delete(place);
            return place;
        }
        return null;
    }

    get isEmpty() {
        return this.#held.size === 0;
    }

    forget() {
        this.#held.clear();
    }
}

const MODIFIER_KEYSYMS = new Set(Object.values(MODIFIERS).flat());

/** `mac`, `windows` or `other`: they differ in how they report AltGr. */
export const PLATFORM = platformOf(globalThis.navigator);

function platformOf(navigator) {
    const name = navigator?.userAgentData?.platform ?? navigator?.platform ?? '';
    if (/mac|iphone|ipad/i.test(name)) return 'mac';
    return /win/i.test(name) ? 'windows' : 'other';
}
