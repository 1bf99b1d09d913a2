// Who this tab is to the room. Kept for as long as the tab lives, and nowhere else.

const NAME = 'deskroom name';
const RESUME = 'deskroom resume';

export const savedName = () => read(NAME) ?? '';
export const saveName = (name) => write(NAME, name);

/**
 * The token to be the same person again with, if this tab may use it. A browser copies it into a duplicate of
 * the tab; the lock tells the two apart, where there are locks (they need HTTPS or localhost).
 */
export async function claimResume() {
    const token = read(RESUME);
    if (!token) return null;
    if (await lock(token)) return token;
    forgetResume();
    return null;
}

export function saveResume(token) {
    if (typeof token !== 'string' || token === read(RESUME)) return;
    write(RESUME, token);
    lock(token);
}

export function forgetResume() {
    write(RESUME, null);
}

/** Holds the lock until the page is gone. The page before a reload lets go of it, hence the wait. */
function lock(token) {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((resolve) => {
        const hold = () => {
            resolve(true);
            return new Promise(() => {});
        };
        const options = { signal: AbortSignal.timeout(500) };
        navigator.locks.request(`deskroom ${token}`, options, hold).catch(() => resolve(false));
    });
}

// A browser that keeps nothing for a site throws here; the page then works, but a reload starts anew.
function read(key) {
    try {
        return sessionStorage.getItem(key);
    } catch {
        return null;
    }
}

function write(key, value) {
    try {
        if (value === null) sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, value);
    } catch {
        // As above.
    }
}
