// Messages of the `files` channel (docs/files.md). All integers are big-endian.

/** What became of a transfer, by its number. */
const OUTCOMES = [
    'done', 'notAllowed', 'tooLarge', 'deskAway', 'notThere', 'changed', 'busy', 'broken', 'noSpace', 'folderFull',
    'cannotWrite', 'cannotRead',
];
const STEPS = ['declined', 'taken', 'offered', 'impossible'];

/** Bytes of content in one message. */
export const PIECE = 16_384 - 16;
/** Bytes that are hashed together. */
export const BLOCK = 262_144;

/**
 * @param {{size: number, key: Uint8Array, name: string, place: {lease: number, x: number, y: number} | null}} file
 *     `key`: 16 bytes by which it can be gone on with
 */
export function put(transfer, { size, key, name, place }) {
    const { lease, x, y } = place ?? { lease: 0, x: 0, y: 0 };
    const view = message(0x70, transfer, 32, name);
    view.setBigUint64(4, BigInt(size));
    new Uint8Array(view.buffer).set(key, 12);
    view.setUint32(28, lease);
    view.setUint16(32, x);
    view.setUint16(34, y);
    return view.buffer;
}

/** @param {{version: bigint, offset: number, offer: number, name: string}} wanted */
export function take(transfer, { version, offset, offer, name }) {
    const view = message(0x7a, transfer, 20, name);
    view.setBigUint64(4, version);
    view.setBigUint64(12, BigInt(offset));
    view.setUint32(20, offer);
    return view.buffer;
}

export function piece(transfer, offset, stamp, bytes) {
    const view = message(0x72, transfer, 12 + bytes.length);
    view.setBigUint64(4, BigInt(offset));
    view.setUint32(12, stamp);
    new Uint8Array(view.buffer).set(bytes, 16);
    return view.buffer;
}

export function received(transfer, count, delay) {
    const view = message(0x73, transfer, 12);
    view.setBigUint64(4, BigInt(count));
    view.setUint32(12, delay);
    return view.buffer;
}

/** @param {Uint8Array} digest */
export const block = (transfer, end, digest) => digested(0x74, transfer, end, digest);
export const end = (transfer, size, digest) => digested(0x76, transfer, size, digest);

export function confirmed(transfer, offset, isAgain) {
    const view = message(0x75, transfer, 8);
    view.setUint8(1, isAgain ? 1 : 0);
    view.setBigUint64(4, BigInt(offset));
    return view.buffer;
}

/** @param {string} outcome of a file that has come */
export function outcome(transfer, outcome) {
    const view = message(0x77, transfer, 0);
    view.setUint8(1, OUTCOMES.indexOf(outcome));
    return view.buffer;
}

export function watch(isOn) {
    const view = message(0x78, 0, 0);
    view.setUint8(1, isOn ? 1 : 0);
    return view.buffer;
}

export function hand(person, name) {
    const view = message(0x7c, 0, 8, name);
    view.setBigUint64(4, BigInt(person));
    return view.buffer;
}

export function decline(offer) {
    const view = message(0x7d, 0, 12);
    view.setUint32(4, offer);
    return view.buffer;
}

export const cancel = (transfer) => message(0x7e, transfer, 0).buffer;

/**
 * Reads a message of the room; `null` for anything that is none.
 * @param {ArrayBuffer} buffer
 */
export function parse(buffer) {
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < 4) return null;
    const view = new DataView(buffer);
    const transfer = view.getUint16(2);
    try {
        switch (view.getUint8(0)) {
            case 0x71: return { type: 'ready', transfer, offset: long(view, 4) };
            case 0x72:
                return {
                    type: 'piece', transfer, offset: long(view, 4), stamp: view.getUint32(12), bytes: new Uint8Array(buffer, 16),
                };
            case 0x73: return { type: 'received', transfer, count: long(view, 4), delay: view.getUint32(12) };
            case 0x74: return { type: 'block', transfer, end: long(view, 4), digest: new Uint8Array(buffer, 12, 32) };
            case 0x75: return { type: 'confirmed', transfer, offset: long(view, 4), isAgain: view.getUint8(1) === 1 };
            case 0x76: return { type: 'end', transfer, size: long(view, 4), digest: new Uint8Array(buffer, 12, 32) };
            case 0x77:
                return { type: 'outcome', transfer, outcome: OUTCOMES[view.getUint8(1)] ?? 'broken', name: text(buffer, 4) };
            case 0x79: return { type: 'listing', rest: view.getUint8(1), entries: entries(view) };
            case 0x7b:
                return {
                    type: 'file', transfer, size: long(view, 4), version: view.getBigUint64(12), offset: long(view, 20),
                    name: text(buffer, 28),
                };
            case 0x7d:
                return {
                    type: 'handed', step: STEPS[view.getUint8(1)] ?? 'impossible', offer: view.getUint32(4),
                    person: long(view, 8), name: text(buffer, 16),
                };
            default: return null;
        }
    } catch {
        return null;
    }
}

function entries(view) {
    const found = [];
    for (let place = 4; place < view.byteLength;) {
        const length = view.getUint8(place + 16);
        const name = new TextDecoder().decode(new Uint8Array(view.buffer, place + 17, length));
        found.push({ name, size: long(view, place), changed: long(view, place + 8) });
        place += 17 + length;
    }
    return found;
}

function message(type, transfer, length, name = '') {
    const bytes = new TextEncoder().encode(name);
    const view = new DataView(new ArrayBuffer(4 + length + bytes.length));
    view.setUint8(0, type);
    view.setUint16(2, transfer);
    new Uint8Array(view.buffer).set(bytes, 4 + length);
    return view;
}

function digested(type, transfer, offset, digest) {
    const view = message(type, transfer, 40);
    view.setBigUint64(4, BigInt(offset));
    new Uint8Array(view.buffer).set(digest, 12);
    return view.buffer;
}

const long = (view, at) => Number(view.getBigUint64(at));
const text = (buffer, at) => new TextDecoder().decode(new Uint8Array(buffer, at));
