// What the test page says of what it has found. Pure: figures and judgements in, words out.

import { quantity, say } from './catalogue.js';

/** The name of a line. @param {{protocol: string, port: number | null} | undefined} way for those of ways */
export function lineName(line, way) {
    if (!way) return say(`test.${line}`);
    return way.protocol === 'relay' ? say('test.relay') : say(`test.way.${way.protocol}`, { port: String(way.port) });
}

/** What was found in one line. @param {string} grade as in `check-verdict.js` */
export function lineWords(line, grade, value) {
    if (grade === 'skipped') return say('test.skipped');
    const words = (values) => say(`test.${line}.${grade}`, values);
    switch (line) {
        case 'browser': return words({});
        case 'server':
        case 'webSocket': return grade === 'good' ? words({ delay: delay(value) }) : words({});
        case 'clock': return grade === 'good' ? words({}) : words({ difference: seconds(value) });
        case 'echo':
            return value ? words({ delay: delay(value.roundTrip), jitter: delay(value.jitter), share: share(value.loss) })
                : say('test.measure.none');
        default: return value === null ? say('test.measure.none') : words({ rate: rate(value) });
    }
}

/** What was found of one way to the room. @param {number | null} roundTrip milliseconds */
export function wayWords({ protocol, roundTrip }, grade) {
    if (roundTrip !== null) return say('test.through', { delay: delay(roundTrip) });
    return grade === 'spare' ? say('test.spare') : say(`test.blocked.${protocol}`);
}

/** Why the room has measured nothing. @param {number} status of HTTP */
export function refusalWords(status, hasToken) {
    if (status === 401) return say(hasToken ? 'test.refused.link' : 'test.refused.noLink');
    return say(status === 429 ? 'test.refused.many' : 'test.refused.other');
}

const delay = (milliseconds) =>
    quantity(Math.max(1, Math.round(milliseconds)), { style: 'unit', unit: 'millisecond', useGrouping: false });
const seconds = (value) => quantity(Math.round(Math.abs(value)), { style: 'unit', unit: 'second', unitDisplay: 'long' });
const share = (part) => quantity(part, { style: 'percent', maximumFractionDigits: 1 });
const rate = (bits) => quantity(bits / 1e6, { style: 'unit', unit: 'megabit-per-second', maximumFractionDigits: 1 });
