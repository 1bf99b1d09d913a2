// The result of the test page for support. Pure. Figures and judgements: no name, no device's name, no address.

/**
 * @param {{found: object, judged: object, devices: object, browser: string, at: number}} parts `at`: milliseconds since
 *     1970 @returns {object} that can be written as JSON
 */
export function resultOf({ found, judged, devices, browser, at }) {
    const lines = Object.fromEntries(Object.entries(judged.lines).map(([line, grade]) =>
        [line, { grade, ...figures(found[line]) }]));
    const ways = (found.ways ?? []).map(({ protocol, port, by, roundTrip }, index) =>
        ({ protocol, ...(port && { port }), ...(by && { by }), grade: judged.ways[index], milliseconds: rounded(roundTrip) }));
    return { version: 1, at: new Date(at).toISOString().slice(0, 16), browser, overall: judged.overall, devices, lines, ways };
}

/** The same as lines of text. */
export function resultText({ lines, ways, devices, ...head }) {
    const text = (value) => (typeof value === 'object' && value !== null
        ? Object.entries(value).map(([name, one]) => `${name}=${Array.isArray(one) ? one.join('+') : one}`).join(' ') : value);
    return [
        ...Object.entries(head).map(([name, value]) => `${name}=${value}`),
        `devices: ${text(devices)}`,
        ...Object.entries(lines).map(([name, value]) => `${name}: ${text(value)}`),
        ...ways.map(({ protocol, ...more }) => `${protocol}: ${text(more)}`),
    ].join('\n');
}

function figures(value) {
    if (typeof value === 'number') return { value: rounded(value) };
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).map(([name, one]) =>
        [name, typeof one === 'number' ? rounded(one) : one]));
}

const rounded = (value) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value);
