import { offerWords } from './client/capture-words.js';

/** Offers a device that was just plugged in, until it is taken, declined or gone. */
export class DeviceOffer {
    /** @param {{at: Record<string, HTMLElement>, media: Media, announce: (words: string) => void}} parts */
    constructor({ at, media, announce }) {
        let device = null;
        const close = () => {
            const hadFocus = at.offer.contains(document.activeElement);
            at.offer.hidden = true;
            if (hadFocus) at['settings-button'].focus();
        };
        media.addEventListener('offer', ({ detail }) => {
            device = detail;
            if (!device) return close();
            at['offer-line'].textContent = offerWords(device);
            at.offer.hidden = false;
            announce(offerWords(device));
        });
        media.addEventListener('change', () => {
            // The page may speak another language by now.
            if (device) at['offer-line'].textContent = offerWords(device);
        });
        at['offer-yes'].addEventListener('click', () => media.accept(device));
        at['offer-no'].addEventListener('click', close);
        at.offer.addEventListener('keydown', ({ key }) => {
            if (key === 'Escape') close();
        });
    }
}
