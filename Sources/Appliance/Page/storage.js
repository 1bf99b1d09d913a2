// Behind a proxy several rooms may share an origin, each below a path of its own: who somebody is in one of them is
// nothing that another one is told.
const place = new URL('.', location.href).pathname;
const HERE = place === '/' ? '' : ` ${place}`;

/** What this tab keeps of the room at this address, as long as it lives. */
export const tab = keeper(() => sessionStorage, HERE);

/** What this browser keeps of the room at this address. */
export const browserHere = keeper(() => localStorage, HERE);

/** What this browser keeps for all rooms of this origin: what its person likes. */
export const browser = keeper(() => localStorage, '');

/** A browser that keeps nothing for a site throws; the page then works, but forgets. */
function keeper(area, suffix) {
    return {
        /** Text, or `null`. */
        read(key) {
            try {
                return area().getItem(key + suffix);
            } catch {
                return null;
            }
        },
        /** @param {string | null} value `null` forgets it */
        write(key, value) {
            try {
                if (value === null) area().removeItem(key + suffix);
                else area().setItem(key + suffix, value);
            } catch {
                // As above.
            }
        },
        /** What `writeObject` has written; `null` for anything else. */
        readObject(key) {
            try {
                const value = JSON.parse(area().getItem(key + suffix));
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
