// The link that somebody has opened: what is in it after `#token=` lets them in. It never leaves the browser but to the
// room's WebSocket, and does not stay where others read it: neither in the address bar nor in the history.

import { tab } from './client/storage.js';

const TOKEN = 'deskroom token';

/** What the address has, taken out of it; `null` for an address without. */
export function takeLink() {
    const token = tokenInAddress();
    if (token === null) return null;
    history.replaceState(history.state, '', location.pathname + location.search);
    return token;
}

const tokenInAddress = () => new URLSearchParams(location.hash.slice(1)).get('token');

export const savedLink = () => tab.read(TOKEN);
export const saveLink = (token) => tab.write(TOKEN, token);

/** Whether the room lets nobody in without a link. */
export const isLinkNeeded = () => document.documentElement.dataset.link === 'needed';

/**
 * What the others will see of whoever comes by a link, if it says so; empty: what they like. The room alone finds out
 * whether the link is good.
 */
export function linkName(token) {
    try {
        const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
        const bytes = Uint8Array.from(atob(payload), (one) => one.charCodeAt(0));
        const { name } = JSON.parse(new TextDecoder().decode(bytes));
        return typeof name === 'string' ? name : '';
    } catch {
        return '';
    }
}

/** A link that is pasted into the address bar of this page is another way in. */
export function watchLink() {
    addEventListener('hashchange', () => {
        if (tokenInAddress() !== null) location.reload();
    });
}
