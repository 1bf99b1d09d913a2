// The TURN servers that the room has told this page of, with a name and a password that expire.

let servers = [];
/** Where the room is: whatever is in between passes TLS to it. @type {URL | Location} */
let home = location;
let isRelayed = false;

/**
 * @param {{servers: RTCIceServer[], own?: {username: string, credential: string}, only: boolean} | null | undefined} told by
 * the room; nothing: there are none
 */
export function setServers(told) {
    servers = serversOf(told);
    isRelayed = told?.only === true;
}

/** @param {URL} room where it is; without this where the page came from */
export function setHome(room) {
    home = room;
}

/** All that the room has told of, its own among them. @returns {RTCIceServer[]} */
export function serversOf(told) {
    return [...told?.servers ?? [], ...ownServers(told?.own)];
}

/** For a new connection to the room. */
export function configuration() {
    return {
        bundlePolicy: 'max-bundle',
        iceServers: servers,
        iceTransportPolicy: isRelayed ? 'relay' : 'all',
    };
}

/**
 * Whether an error of a server at this address says anything of why a connection does not come about: of a TURN server that is
 * needed. The room's own is there for those who get nothing else through, and a browser that does not trust the room's
 * certificate, whatever its person has said to the page's, refuses it.
 */
export function isTelling(url) {
    return /^turns?:/.test(url) && (isRelayed || url !== ownURL());
}

/** The room's own is where the room's page is. */
function ownServers(own) {
    return own && home.protocol === 'https:' ? [{ urls: [ownURL()], ...own }] : [];
}

const ownURL = () => `turns:${home.hostname}:${home.port || 443}?transport=tcp`;

/** The next restart of this connection's ICE uses what the room has told since. */
export function renew(connection) {
    if (!connection || connection.signalingState === 'closed') return;
    try {
        connection.setConfiguration({ ...connection.getConfiguration(), ...configuration() });
    } catch {
        // A browser that takes no other servers later goes on with those it has.
    }
}
