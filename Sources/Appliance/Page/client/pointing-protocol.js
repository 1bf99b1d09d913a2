// Messages of the `pointing` channels (docs/pointing.md). All integers are big-endian.

/**
 * Where this person points.
 * @param {{isShown: boolean, sequence: number, at: {x: number, y: number}, presses: number, press: {x: number, y: number}}} said
 *     `presses`: so far; `press`: where the last one was; in desk pixels
 */
export function pointing({ isShown, sequence, at, presses, press }) {
    const view = new DataView(new ArrayBuffer(14));
    view.setUint8(0, TYPE);
    view.setUint8(1, isShown ? 1 : 0);
    [sequence, at.x, at.y, presses, press.x, press.y].forEach((value, i) => view.setUint16(2 + 2 * i, value));
    return view.buffer;
}

/**
 * Reads a message of the room: everybody whose pointer is to be seen; `null` for anything that is none.
 * @param {ArrayBuffer} buffer
 * @returns {{sequence: number, pointers: {person: number, x: number, y: number,
 *     press: {number: number, x: number, y: number} | null}[]} | null}
 */
export function parsePointers(buffer) {
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < 4) return null;
    const view = new DataView(buffer);
    const count = view.getUint8(1);
    if (view.getUint8(0) !== TYPE || buffer.byteLength !== 4 + count * LENGTH) return null;
    const pointers = Array.from({ length: count }, (_, index) => {
        const at = 4 + index * LENGTH;
        const number = view.getUint16(at + 12);
        return {
            person: view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4),
            x: view.getUint16(at + 8),
            y: view.getUint16(at + 10),
            press: number === 0 ? null : { number, x: view.getUint16(at + 14), y: view.getUint16(at + 16) },
        };
    });
    return { sequence: view.getUint16(2), pointers };
}

/** Whether a message comes after another one; they are counted modulo 65,536. */
export function isNewer(sequence, than) {
    const ahead = (sequence - than) & 0xffff;
    return ahead > 0 && ahead < 0x8000;
}

const TYPE = 0x43;
/** Bytes of one pointer. */
const LENGTH = 18;
