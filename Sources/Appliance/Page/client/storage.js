// Several rooms may share an origin: behind a proxy each is below a path of its own, and a page of another site may be a part of
// any. Who somebody is in one of them is nothing that another one is told.
let here = suffixOf(new URL('.', location.href));

/** Which room it is that things are kept of; without this the one that the page is of. @param {URL} room its address */
export function keepOf(room) {
    here = suffixOf(room);
}

function suffixOf({ origin, pathname, href }) {
    if (origin !== location.origin) return ` ${href}`;
    return pathname === '/' ? '' : ` ${pathname}`;
}

/** What this tab keeps of the room, as long as it lives. */
export const tab = keeper(() => sessionStorage, () => here);

/** What this browser keeps of the room. */
export const browserHere = keeper(() => localStorage, () => here);

/** What this browser keeps for all rooms of this origin: what its person likes. */
export const browser = keeper(() => localStorage, () => '');

/** A browser that keeps nothing for a site throws; the page then works, but forgets. */
function keeper(area, suffix) {
    return {
        /** Text, or `null`. */
        read(key) {
            try {
                return area().getItem(key + suffix());
            } catch {
                return null;
            }
        },
        /** @param {string | null} value `null` forgets it */
        write(key, value) {
            try {
                if (value === null) area().removeItem(key + suffix());
                else area().setItem(key + suffix(), value);
            } catch {
                // As above.
            }
        },
        /** What `writeObject` has written; `null` for anything else. */
        readObject(key) {
            try {
                const value = JSON.parse(area().getItem(key + suffix()));
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
