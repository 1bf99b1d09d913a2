// The binary control protocol (docs/control-protocol.md). All integers are big-endian.

const HEADER = 12;
const PRESSES = [0x02, 0x04, 0x05, 0x08];

/**
 * Modulo 2^32, so that it goes on rising over a reload of the page, which the room cannot tell from a pause.
 */
export const clientTime = () => Math.floor(performance.timeOrigin + performance.now()) % 0x1_0000_0000;

export function pointerMove(lease, time, sequence, x, y) {
    const view = event(0x01, lease, time, 4);
    view.setUint16(2, sequence & 0xffff);
    return position(view, x, y);
}

/** `points`, oldest first: `[x, y]`; `sequence` is that of the last. */
export function pointerPath(lease, time, sequence, points) {
    const view = event(0x09, lease, time, 4 * points.length);
    view.setUint16(2, sequence & 0xffff);
    points.forEach(([x, y], i) => {
        view.setUint16(HEADER + 4 * i, x);
        view.setUint16(HEADER + 4 * i + 2, y);
    });
    return view.buffer;
}

export const buttonDown = (lease, time, x, y, button) => pressed(0x02, lease, time, x, y, button);
export const buttonUp = (lease, time, x, y, button) => pressed(0x03, lease, time, x, y, button);

/** `dx` and `dy` in 1/120 notches, positive to the right and down. */
export function wheel(lease, time, x, y, dx, dy) {
    const view = event(0x04, lease, time, 8);
    view.setInt16(HEADER + 4, dx);
    view.setInt16(HEADER + 6, dy);
    return position(view, x, y);
}

/** `place` is where the key sits (key-places.js), 0 if that is not known. */
export function keyDown(lease, time, sequence, keysym, place) {
    const view = key(0x05, lease, time, keysym, place);
    view.setUint16(2, sequence & 0xffff);
    return view.buffer;
}

export const keyUp = (lease, time, keysym, place) => key(0x06, lease, time, keysym, place).buffer;

/** Pixels that the pointer moves by. */
export function pointerMotion(lease, time, dx, dy) {
    const view = event(0x0a, lease, time, 4);
    view.setInt16(HEADER, limited(dx));
    view.setInt16(HEADER + 2, limited(dy));
    return view.buffer;
}

const limited = (pixels) => Math.max(-0x8000, Math.min(0x7fff, pixels));

/** What is held: buttons, and keys as `[keysym, place]`, at most `HELD_KEYS`. */
export function held(lease, time, buttons, keys) {
    const view = event(0x0b, lease, time, 2 + 5 * keys.length);
    view.setUint16(HEADER, buttons.reduce((mask, button) => mask | buttonBit(button), 0));
    keys.forEach(([keysym, place], i) => {
        view.setUint32(HEADER + 2 + 5 * i, keysym);
        view.setUint8(HEADER + 6 + 5 * i, place);
    });
    return view.buffer;
}

export const HELD_KEYS = 24;
const BUTTONS = [1, 2, 3, 8, 9];
const buttonBit = (button) => 1 << (button - 1);

/** Keys that are pressed and let go one after the other; `isAgain`: by keys of the desk that are free. */
export function text(lease, time, sequence, keysyms, isAgain = false) {
    const view = event(0x08, lease, time, 4 * keysyms.length);
    view.setUint8(1, isAgain ? 1 : 0);
    view.setUint16(2, sequence & 0xffff);
    keysyms.forEach((keysym, i) => view.setUint32(HEADER + 4 * i, keysym));
    return view.buffer;
}

/** Whether a message presses or turns something: what a person waits to see the effect of. */
export const isPress = (message) => PRESSES.includes(new DataView(message).getUint8(0));

export const releaseAll = (lease, time) => event(0x07, lease, time, 0).buffer;

/**
 * Reads what has arrived of keys (`kind` 0) or a text (1); `null` for anything that is not that.
 * @param {ArrayBuffer} buffer
 */
export function parseEcho(buffer) {
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < 12 || buffer.byteLength % 4 !== 0) return null;
    const view = new DataView(buffer);
    if (view.getUint8(0) !== 0x52) return null;
    const keysyms = [];
    for (let at = 8; at < buffer.byteLength; at += 4) keysyms.push(view.getUint32(at));
    return { kind: view.getUint8(1), sequence: view.getUint16(2), lease: view.getUint32(4), keysyms };
}

/**
 * Reads what the desk does not hold; `null` for anything that is not that.
 * @param {ArrayBuffer} buffer
 */
export function parseHeld(buffer) {
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < 14 || (buffer.byteLength - 14) % 5 !== 0) return null;
    const view = new DataView(buffer);
    if (view.getUint8(0) !== 0x53) return null;
    const mask = view.getUint16(12);
    const keys = [];
    for (let at = 14; at < buffer.byteLength; at += 5) keys.push([view.getUint32(at), view.getUint8(at + 4)]);
    return {
        released: view.getUint16(2),
        lease: view.getUint32(4),
        time: view.getUint32(8),
        buttons: BUTTONS.filter((button) => mask & buttonBit(button)),
        keys,
    };
}

/**
 * Reads what the room says of a text; `null` for anything that is not that.
 * @param {ArrayBuffer} buffer
 */
export function parseReceipt(buffer) {
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== 10) return null;
    const view = new DataView(buffer);
    if (view.getUint8(0) !== 0x51) return null;
    return {
        outcome: view.getUint8(1),
        sequence: view.getUint16(2),
        lease: view.getUint32(4),
        delivered: view.getUint16(8),
    };
}

/**
 * Reads a message of the `cursor` channel; `null` for anything that is not one.
 * @param {ArrayBuffer} buffer
 */
export function parseCursor(buffer) {
    if (buffer.byteLength < 8) return null;
    const view = new DataView(buffer);
    const type = view.getUint8(0);
    if (type === 0x42 && buffer.byteLength === 8) {
        return { type: 'position', x: view.getUint16(4), y: view.getUint16(6) };
    }
    if (type !== 0x41 || buffer.byteLength < 16) return null;
    const width = view.getUint16(8);
    const height = view.getUint16(10);
    if (width < 1 || width > 64 || height < 1 || height > 64) return null;
    if (buffer.byteLength !== 16 + width * height * 4) return null;
    return {
        type: 'shape',
        serial: view.getUint32(4),
        width,
        height,
        hotX: Math.min(view.getUint16(12), width - 1),
        hotY: Math.min(view.getUint16(14), height - 1),
        pixels: new Uint8Array(buffer, 16),
    };
}

/** Browsers want colours that are not multiplied by alpha; X and the room send them multiplied. */
export function straightAlpha(pixels) {
    const out = new Uint8ClampedArray(pixels.length);
    for (let i = 0; i < pixels.length; i += 4) {
        const alpha = pixels[i + 3];
        out[i + 3] = alpha;
        if (alpha === 0) continue;
        for (let c = 0; c < 3; c += 1) out[i + c] = Math.round((pixels[i + c] * 255) / alpha);
    }
    return out;
}

function event(type, lease, time, bodyLength) {
    const view = new DataView(new ArrayBuffer(HEADER + bodyLength));
    view.setUint8(0, type);
    view.setUint32(4, lease);
    view.setUint32(8, time);
    return view;
}

function position(view, x, y) {
    view.setUint16(HEADER, x);
    view.setUint16(HEADER + 2, y);
    return view.buffer;
}

function pressed(type, lease, time, x, y, button) {
    const view = event(type, lease, time, 5);
    view.setUint8(HEADER + 4, button);
    return position(view, x, y);
}

function key(type, lease, time, keysym, place) {
    const view = event(type, lease, time, 5);
    view.setUint32(HEADER, keysym);
    view.setUint8(HEADER + 4, place);
    return view;
}
