// The ways to the room that its description offers. Pure.

/**
 * Each by itself, best first: `{protocol, port}`.
 * @param {string} sdp of the room
 */
export function waysIn(sdp) {
    const ways = new Map();
    for (const { protocol, port } of candidates(sdp)) ways.set(`${protocol} ${port}`, { protocol, port });
    return [...ways.values()].sort((one, other) => rank(one) - rank(other));
}

/** The same description with the candidates of one way only. */
export function onlyWay(sdp, way) {
    return sdp.split('\r\n').filter((line) => {
        const found = FORM.exec(line);
        return !found || (found[1].toLowerCase() === way.protocol && Number(found[2]) === way.port);
    }).join('\r\n');
}

function candidates(sdp) {
    return sdp.split('\r\n').map((line) => FORM.exec(line)).filter(Boolean)
        .map(([, protocol, port]) => ({ protocol: protocol.toLowerCase(), port: Number(port) }));
}

const rank = ({ protocol }) => (protocol === 'udp' ? 0 : 1);
const FORM = /^a=candidate:\S+ \d+ (\w+) \d+ \S+ (\d+) /;
