import { browser } from './storage.js';

const KEY = 'deskroom devices';

/**
 * Which microphone, camera and speaker a person has chosen on this browser. Browsers give a device the same id
 * again for as long as they let the page use it; the label is for saying what is missing.
 */
export const deviceChoices = {
    /** @param {'microphone' | 'camera' | 'speaker'} part */
    of(part) {
        const { deviceId, label } = browser.readObject(KEY)?.[part] ?? {};
        const isText = typeof deviceId === 'string' && typeof label === 'string';
        return isText ? { deviceId, label } : { deviceId: '', label: '' };
    },
    keep(part, { deviceId, label }) {
        browser.writeObject(KEY, { ...browser.readObject(KEY), [part]: { deviceId, label } });
    },
};
