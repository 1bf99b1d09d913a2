// A browser hashes only what it has whole. So a file is hashed by blocks, and its digest is made of theirs, one after the other.

/** Of a file before its first block. */
export const EMPTY = new Uint8Array(32);

/** @param {Uint8Array} bytes of a block */
export const digestOf = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

/** A file's digest, once it has this block, too. */
export function adding(digest, block) {
    const both = new Uint8Array(64);
    both.set(digest);
    both.set(block, 32);
    return digestOf(both);
}

export const isSame = (one, other) => one.length === other.length && one.every((byte, index) => byte === other[index]);
