/**
 * Where a key sits, as X numbers the places (evdev's numbers and 8), by `KeyboardEvent.code`; 0 if that is not known.
 * @param {string} code
 */
export const placeOf = (code) => PLACES.get(code) ?? 0;

/** Rows of neighbours, each with the number of its first. */
const ROWS = [
    [9, 'Escape Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal Backspace Tab'],
    [24, 'KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight Enter ControlLeft'],
    [38, 'KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote Backquote ShiftLeft Backslash'],
    [52, 'KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash ShiftRight NumpadMultiply AltLeft Space CapsLock'],
    [67, 'F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NumLock ScrollLock'],
    [79, 'Numpad7 Numpad8 Numpad9 NumpadSubtract Numpad4 Numpad5 Numpad6 NumpadAdd Numpad1 Numpad2 Numpad3 Numpad0'],
    [91, 'NumpadDecimal'],
    [94, 'IntlBackslash F11 F12 IntlRo Lang3 Lang4 Convert KanaMode NonConvert'],
    [104, 'NumpadEnter ControlRight NumpadDivide PrintScreen AltRight'],
    [110, 'Home ArrowUp PageUp ArrowLeft ArrowRight End ArrowDown PageDown Insert Delete'],
    [121, 'AudioVolumeMute AudioVolumeDown AudioVolumeUp'],
    [125, 'NumpadEqual'],
    [127, 'Pause'],
    [129, 'NumpadComma Lang1 Lang2 IntlYen MetaLeft MetaRight ContextMenu'],
    [191, 'F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24'],
];
const PLACES = new Map(ROWS.flatMap(([first, codes]) => codes.split(' ').map((code, i) => [code, first + i])));
