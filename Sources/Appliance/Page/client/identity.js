// Who this tab is to the room, kept for as long as the tab lives; and which browser it is in.

import { browserHere, tab } from './storage.js';

const NAME = 'deskroom name';
const RESUME = 'deskroom resume';
const BROWSER = 'deskroom browser';

let letGo = () => {};

/**
 * What this browser is known by to the room, so that a person who comes back by another tab is not taken for
 * somebody new: 32 digits that nobody guesses, kept for this room's address only.
 */
export function browserSecret() {
    let secret = browserHere.read(BROWSER);
    if (/^[0-9a-f]{32}$/.test(secret ?? '')) return secret;
    secret = Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, '0')).join('');
    browserHere.write(BROWSER, secret);
    return secret;
}

export const savedName = () => tab.read(NAME) ?? '';
export const saveName = (name) => tab.write(NAME, name);

/**
 * The token to be the same person again with, if this tab may use it. A browser copies it into a duplicate of
 * the tab; the lock tells the two apart, where there are locks (they need HTTPS or localhost).
 */
export async function claimResume() {
    const token = tab.read(RESUME);
    if (!token) return null;
    if (await lock(token)) return token;
    forgetResume();
    return null;
}

export function saveResume(token) {
    if (typeof token !== 'string' || token === tab.read(RESUME)) return;
    tab.write(RESUME, token);
    lock(token);
}

export function forgetResume() {
    tab.write(RESUME, null);
}

/** The page goes: the next one in this tab may be the same person. */
export function releaseResume() {
    letGo();
}

/** Holds the lock until the page is gone. The page before a reload lets go of it, hence the wait. */
function lock(token) {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((resolve) => {
        const hold = () => {
            resolve(true);
            return new Promise((done) => (letGo = done));
        };
        const options = { signal: AbortSignal.timeout(500) };
        navigator.locks.request(`deskroom ${token}`, options, hold).catch(() => resolve(false));
    });
}
