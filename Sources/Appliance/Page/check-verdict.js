// What the measurements of the test page are worth. Pure: figures in, judgements out.

/**
 * `good`, `fair` (one can join, and will notice), `bad` (one cannot), `skipped`, or `spare`: a way that does not come about and
 * is not needed.
 * @param {object} found figures by line; `null`: it failed; left out: not tested
 */
export function judge(found) {
    const lines = {};
    for (const [line, rule] of Object.entries(RULES)) {
        if (found[line] !== undefined) lines[line] = found[line] === 'skipped' ? 'skipped' : rule(found[line]);
    }
    const ways = (found.ways ?? []).map((way) => gradeOf(way, found.ways));
    return { lines, ways, overall: overall(lines, ways, found) };
}

function gradeOf({ protocol, roundTrip }, ways) {
    if (roundTrip !== null) return 'good';
    if (ways.every((way) => way.roundTrip === null)) return 'bad';
    return protocol === 'udp' ? 'fair' : 'spare';
}

/** `pictureAndSound`, `someTrouble`, `soundOnly`, `cannot`, `untested`. */
function overall(lines, ways, found) {
    if (['browser', 'server', 'webSocket'].some((line) => lines[line] === 'bad')) return 'cannot';
    if (ways.length > 0 && ways.every((way) => way === 'bad')) return 'cannot';
    if (ways.length === 0) return 'untested';
    if (lines.down === 'bad') return 'soundOnly';
    if (['browser', 'echo', 'down', 'up'].some((line) => ['bad', 'fair'].includes(lines[line]))) return 'someTrouble';
    // TCP repeats what is lost, and picture and sound wait for it.
    const isByUDP = found.ways.some(({ protocol, by, roundTrip }) => (by ?? protocol) === 'udp' && roundTrip !== null);
    return isByUDP ? 'pictureAndSound' : 'someTrouble';
}

const RULES = {
    browser: (codecs) => {
        if (!codecs) return 'bad';
        const shows = (name) => codecs.shows.includes(name);
        if (!shows('opus') || !(shows('VP8') || shows('H264'))) return 'bad';
        return shows('H264') && codecs.sends.includes('VP8') && codecs.sends.includes('opus') ? 'good' : 'fair';
    },
    server: (roundTrip) => (roundTrip === null ? 'bad' : 'good'),
    webSocket: (roundTrip) => (roundTrip === null ? 'bad' : 'good'),
    clock: (seconds) => (seconds === null ? 'skipped' : Math.abs(seconds) < CLOCK ? 'good' : 'fair'),
    echo: (echo) => {
        if (!echo || echo.loss > LOSS_BAD) return 'bad';
        return echo.loss <= LOSS && echo.roundTrip <= DELAY && echo.jitter <= JITTER ? 'good' : 'fair';
    },
    down: (rate) => graded(rate, 300_000, 1_500_000),
    up: (rate) => graded(rate, 100_000, 600_000),
};

function graded(rate, least, enough) {
    if (rate === null || rate < least) return 'bad';
    return rate < enough ? 'fair' : 'good';
}

/**
 * Of delays in milliseconds, in the order in which they came: the one in the middle, how much they differ from one to the
 * next, and the share that was lost on the way there or back.
 * @param {{sent: number, delays: number[]}} measured
 */
export function echoFigures({ sent, delays }) {
    if (delays.length === 0) return null;
    const sorted = [...delays].sort((one, other) => one - other);
    const steps = delays.slice(1).map((delay, index) => Math.abs(delay - delays[index]));
    const jitter = steps.length > 0 ? steps.reduce((sum, one) => sum + one, 0) / steps.length : 0;
    return { roundTrip: sorted[Math.floor(sorted.length / 2)], jitter, loss: Math.max(0, 1 - delays.length / sent) };
}

const CLOCK = 60;
const LOSS = 0.02;
const LOSS_BAD = 0.2;
// Milliseconds.
const DELAY = 300;
const JITTER = 50;
