// The TURN servers that the room has told this page of, with a name and a password that expire.

let servers = [];
let isRelayed = false;

/** @param {{servers: RTCIceServer[], only: boolean} | null | undefined} told by the room; nothing: there are none */
export function setServers(told) {
    servers = told?.servers ?? [];
    isRelayed = told?.only === true;
}

/** For a new connection to the room. */
export function configuration() {
    return {
        bundlePolicy: 'max-bundle',
        iceServers: servers,
        iceTransportPolicy: isRelayed ? 'relay' : 'all',
    };
}

/** The next restart of this connection's ICE uses what the room has told since. */
export function renew(connection) {
    if (!connection || connection.signalingState === 'closed') return;
    try {
        connection.setConfiguration({ ...connection.getConfiguration(), ...configuration() });
    } catch {
        // A browser that takes no other servers later goes on with those it has.
    }
}
