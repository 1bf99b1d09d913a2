import { latinLetter, PLATFORM } from './keyboard.js';

/**
 * Whether a key belongs to the browser, or the system, of somebody who wants to keep theirs: tabs and windows, going back,
 * reload, the address, its own zoom, full screen and tools. What browsers share with every program, such as Control and C, S, F
 * or P, is the desk's.
 */
export function isBrowserShortcut(event, platform = PLATFORM) {
    const { key, code = '', ctrlKey, altKey, shiftKey, metaKey } = event;
    if (FUNCTIONS.has(key)) return true;
    const isMac = platform === 'mac';
    // The Windows key and its combinations are the system's. With Shift held, X calls the Alt key Meta.
    if (!isMac && (metaKey || (key === 'Meta' && !code.startsWith('Alt')) || key === 'OS')) return true;
    const isMain = isMac ? metaKey && !ctrlKey : ctrlKey && !altKey;
    if (!isMain) return !isMac && altKey && !ctrlKey && WITH_ALT.has(key);
    const letter = latinLetter(event).toLowerCase();
    return LETTERS.has(letter) || (shiftKey && TOOLS.has(letter)) || OTHERS.has(key) || /^[0-9]$/.test(key);
}

const FUNCTIONS = new Set(['F5', 'F11', 'F12']);
const WITH_ALT = new Set(['ArrowLeft', 'ArrowRight', 'F4', 'Home', 'Tab']);
// A new tab and window, the same closed, reload, and the address.
const LETTERS = new Set(['t', 'n', 'w', 'r', 'l']);
const TOOLS = new Set(['i', 'j', 'c']);
const OTHERS = new Set(['+', '-', '=', '_', 'Tab', 'PageUp', 'PageDown']);
