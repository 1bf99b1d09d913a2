// Messages of the `clipboard` channel (docs/clipboard.md). All integers are big-endian.

/** Flavours by their numbers. */
const KINDS = [null, 'text', 'html', 'png'];
/** What became of a transfer, by its number. */
const OUTCOMES = [
    'done', 'notAllowed', 'tooLarge', 'deskAway', 'empty', 'unchanged', 'busy', 'broken', 'unanswered',
];

/** Bytes of content in one message. */
export const PIECE = 16_384 - 8;
/** Bytes that may be sent and not acknowledged. */
export const WINDOW = 262_144;

/** @param {{kind: string, bytes: Uint8Array}[]} parts in the order of `KINDS` */
export function put(transfer, lease, parts) {
    const view = message(0x61, transfer, 5 + 5 * parts.length);
    view.setUint32(4, lease);
    view.setUint8(8, parts.length);
    parts.forEach(({ kind, bytes }, i) => {
        view.setUint8(9 + 5 * i, KINDS.indexOf(kind));
        view.setUint32(10 + 5 * i, bytes.length);
    });
    return view.buffer;
}

/** Asks for what is newer than `serial`; 0: for whatever there is. */
export const take = (transfer, serial) => number(0x62, transfer, serial);
export const received = (transfer, count) => number(0x65, transfer, count);
export const cancel = (transfer) => message(0x67, transfer, 0).buffer;

export function piece(transfer, offset, bytes) {
    const view = message(0x64, transfer, 4 + bytes.length);
    view.setUint32(4, offset);
    new Uint8Array(view.buffer).set(bytes, 8);
    return view.buffer;
}

/**
 * Reads a message of the room; `null` for anything that is none.
 * @param {ArrayBuffer} buffer
 */
export function parse(buffer) {
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < 4) return null;
    const view = new DataView(buffer);
    const transfer = view.getUint16(2);
    switch (view.getUint8(0)) {
        case 0x63: {
            const table = tableOf(view, 4);
            return table && { type: 'content', transfer, table };
        }
        case 0x64:
            if (buffer.byteLength < 9) return null;
            return { type: 'piece', transfer, offset: view.getUint32(4), bytes: new Uint8Array(buffer, 8) };
        case 0x65:
            if (buffer.byteLength !== 8) return null;
            return { type: 'received', transfer, count: view.getUint32(4) };
        case 0x66: {
            const outcome = OUTCOMES[view.getUint8(1)];
            return outcome && buffer.byteLength === 4 ? { type: 'outcome', transfer, outcome } : null;
        }
        default: return null;
    }
}

/** `[{kind, length}]`, or `null` if it is none, or does not end where the message ends. */
function tableOf(view, start) {
    const count = view.byteLength > start ? view.getUint8(start) : 0;
    if (count === 0 || view.byteLength !== start + 1 + 5 * count) return null;
    const table = [];
    for (let at = start + 1; at < view.byteLength; at += 5) {
        const kind = KINDS[view.getUint8(at)];
        if (!kind) return null;
        table.push({ kind, length: view.getUint32(at + 1) });
    }
    return table;
}

function message(type, transfer, length) {
    const view = new DataView(new ArrayBuffer(4 + length));
    view.setUint8(0, type);
    view.setUint16(2, transfer);
    return view;
}

function number(type, transfer, value) {
    const view = message(type, transfer, 4);
    view.setUint32(4, value);
    return view.buffer;
}
