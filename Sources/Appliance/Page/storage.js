/** What this tab keeps, as long as it lives. */
export const tab = keeper(() => sessionStorage);

/** What this browser keeps for the room's address. */
export const browser = keeper(() => localStorage);

/** A browser that keeps nothing for a site throws; the page then works, but forgets. */
function keeper(area) {
    return {
        /** Text, or `null`. */
        read(key) {
            try {
                return area().getItem(key);
            } catch {
                return null;
            }
        },
        /** @param {string | null} value `null` forgets it */
        write(key, value) {
            try {
                if (value === null) area().removeItem(key);
                else area().setItem(key, value);
            } catch {
                // As above.
            }
        },
        /** What `writeObject` has written; `null` for anything else. */
        readObject(key) {
            try {
                const value = JSON.parse(area().getItem(key));
                return typeof value === 'object' ? value : null;
            } catch {
                return null;
            }
        },
        writeObject(key, value) {
            this.write(key, value === null ? null : JSON.stringify(value));
        },
    };
}
