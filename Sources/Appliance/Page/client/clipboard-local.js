/** This device's clipboard, as browsers let a page at it: to be called while somebody presses a key or a button. */

const TYPES = { text: 'text/plain', html: 'text/html', png: 'image/png' };

export const canWrite = () =>
    typeof navigator.clipboard?.write === 'function' && typeof ClipboardItem === 'function';

export const canRead = () => typeof navigator.clipboard?.read === 'function';

/** @param {{kind: string, bytes: Uint8Array}[]} parts */
export const write = (parts) =>
    navigator.clipboard.write([new ClipboardItem(Object.fromEntries(parts.map((part) => [TYPES[part.kind], blob(part)])))]);

/**
 * Begins to write before the content has come, since only now the browser allows it.
 * @param {string[]} kinds that will come
 * @param {Promise<{kind: string, bytes: Uint8Array}[]>} coming
 */
export const writeSoon = (kinds, coming) =>
    navigator.clipboard.write([new ClipboardItem(Object.fromEntries(kinds.map((kind) => [
        TYPES[kind],
        coming.then((parts) => blob(parts.find((part) => part.kind === kind))),
    ])))]);

/** What is there; the browser may ask the person first. */
export async function read() {
    const [item] = await navigator.clipboard.read();
    const found = await Promise.all(Object.entries(TYPES).filter(([, type]) => item?.types.includes(type)).map(
        async ([kind, type]) => ({ kind, bytes: await bytesOf(await item.getType(type)) }),
    ));
    return found.filter(({ bytes }) => bytes.length > 0);
}

/**
 * What a paste has brought.
 * @param {DataTransfer} data which is empty once its event is over: everything is asked for before
 */
export function pasted(data) {
    const file = [...data.items].find(({ kind, type }) => kind === 'file' && type === TYPES.png)?.getAsFile();
    const parts = ['text', 'html'].map((kind) => part(kind, data.getData(TYPES[kind])));
    return (file ? bytesOf(file).then((bytes) => [...parts, { kind: 'png', bytes }]) : Promise.resolve(parts))
        .then((all) => all.filter(({ bytes }) => bytes.length > 0));
}

/** @param {string} text */
export const part = (kind, text) => ({ kind, bytes: new TextEncoder().encode(text) });

export const textOf = (parts) => new TextDecoder().decode(parts.find(({ kind }) => kind === 'text')?.bytes);

const blob = ({ kind, bytes }) => new Blob([bytes], { type: TYPES[kind] });
const bytesOf = async (from) => new Uint8Array(await from.arrayBuffer());
