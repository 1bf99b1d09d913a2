// How this device's own network does, in words. Pure: facts in, words out.

import { quantity, say } from './catalogue.js';

/**
 * The one thing to tell about one's own connection, `{key, line}` with a line for the bar, or `null` while it is
 * good enough.
 * @param {{cameras: number, desk: boolean, isDeskSmall: boolean}} limits what the room keeps back
 * @param {object} network as `OwnNetwork.state`
 */
export function networkWords(limits, network) {
    if (limits.isDeskSmall) return { key: 'weakNetworkSmallDesk', line: say('network.smallDesk') };
    if (limits.cameras > 0) return { key: 'weakNetwork', line: say('network.cameras', { count: limits.cameras }) };
    switch (network.problem) {
        case 'loss': return { key: 'lossyNetwork', line: say('network.loss') };
        case 'delay': return { key: 'slowNetwork', line: say('network.delay', { delay: delay(network.roundTrip) }) };
        case 'uplink': return { key: 'weakUplink', line: say('network.uplink') };
        case 'processor': return { key: 'busyDevice', line: say('network.processor') };
        default: return null;
    }
}

/** The same in full sentences, with figures, for whoever looks them up. */
export function networkSentence(limits, network) {
    const { roundTrip, loss } = network;
    const words = limits.desk ? say('network.deskPaused') : networkWords(limits, network)?.line ?? say('network.good');
    if (roundTrip === null && loss === null) return say('sentence', { words });
    if (loss === null) return say('network.delayed', { words, delay: delay(roundTrip) });
    if (roundTrip === null) return say('network.lossy', { words, share: share(loss) });
    return say('network.measured', { words, delay: delay(roundTrip), share: share(loss) });
}

const delay = (seconds) =>
    quantity(Math.max(1, Math.round(seconds * 1000)), { style: 'unit', unit: 'millisecond', useGrouping: false });

function share(part) {
    const digits = part < 0.1 ? 1 : 0;
    return quantity(part, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits });
}
