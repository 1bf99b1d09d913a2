/**
 * The page is about to go, goes, or comes back from where the browser had kept it: it asks first while somebody
 * would miss it, says goodbye, and starts anew.
 *
 * A browser asks only on a page that has been clicked or typed on, and chooses the words itself.
 */
export class Departure {
    #isAsking = false;
    #hasGone = false;

    /**
     * @param {{isInRoom: () => boolean, goodbye: () => void, comeBack: () => void}} parts `goodbye`: lets go of everything, at once:
     *     nothing that takes a moment is done any more; `comeBack`: the browser shows the page again, which it had kept
     */
    constructor({ isInRoom, goodbye, comeBack }) {
        addEventListener('pagehide', () => {
            this.#hasGone = isInRoom();
            if (this.#hasGone) goodbye();
        });
        // As after a reload: the room still keeps the place.
        addEventListener('pageshow', ({ persisted }) => {
            if (persisted && this.#hasGone) comeBack();
        });
    }

    /** @param {boolean} isMissed whether to ask before the page goes: in control, or on camera or microphone */
    set(isMissed) {
        if (isMissed === this.#isAsking) return;
        this.#isAsking = isMissed;
        // Only while it is needed: a page that may ask is not kept for the way back.
        if (isMissed) addEventListener('beforeunload', ask);
        else removeEventListener('beforeunload', ask);
    }
}

function ask(event) {
    event.preventDefault();
    // For browsers that do not know the former.
    event.returnValue = true;
}
