/**
 * Alt, Shift and K let the curtain down and lift it, also while keys go to the desk: then, too, the desk does not get the K.
 */
export class CurtainKey {
    /** @param {{isThere: () => boolean, press: () => void}} parts `isThere`: whether this person has a curtain */
    constructor({ isThere, press }) {
        // Before whoever sends keys to the desk.
        addEventListener('keydown', (event) => {
            const { altKey, shiftKey, ctrlKey, metaKey, code } = event;
            if (code !== 'KeyK' || !altKey || !shiftKey || ctrlKey || metaKey || !isThere()) return;
            event.preventDefault();
            event.stopImmediatePropagation();
            if (!event.repeat) press();
        }, { capture: true });
    }
}
