// How this device's own network does, in words. Pure: facts in, words out.

/**
 * The one thing to tell about one's own connection, `{key, line}` with a line for the bar, or `null` while it is
 * good enough.
 * @param {{cameras: number, desk: boolean, isDeskSmall: boolean}} limits what the room keeps back
 * @param {object} network as `OwnNetwork.state`
 */
export function networkWords(limits, network) {
    const weak = (key, words) => ({ key, line: `Your connection is ${words}` });
    if (limits.isDeskSmall) return weak('weakNetworkSmallDesk', 'weak: showing a smaller desk');
    if (limits.cameras > 0) return weak('weakNetwork', `weak: ${cameras(limits.cameras)} paused`);
    switch (network.problem) {
        case 'loss': return weak('lossyNetwork', 'unsteady: some of it gets lost');
        case 'delay': return weak('slowNetwork', `slow: ${milliseconds(network.roundTrip)}`);
        case 'uplink': return weak('weakUplink', 'weak: your camera is sent smaller');
        case 'processor': return { key: 'busyDevice', line: 'This device is busy: camera sent smaller' };
        default: return null;
    }
}

/** The same in full sentences, with figures, for whoever looks them up. */
export function networkSentence(limits, network) {
    const told = networkWords(limits, network);
    const figures = [];
    if (network.roundTrip !== null) figures.push(`${milliseconds(network.roundTrip)} to the room and back`);
    if (network.loss !== null) figures.push(`${percent(network.loss)} lost on the way`);
    const words = limits.desk ? 'Your connection is weak: the desk’s picture is paused' : told?.line;
    return `${words ?? 'Your connection is good'}${figures.length > 0 ? ` (${figures.join(', ')})` : ''}.`;
}

const cameras = (count) => (count === 1 ? 'one camera' : `${count} cameras`);
const milliseconds = (seconds) => `${Math.max(1, Math.round(seconds * 1000))} ms`;
const percent = (share) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
