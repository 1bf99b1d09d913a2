// What support wants to know, as a text that can be sent. Pure. Codes, states and numbers; nobody's name, address or device.

/**
 * @param {{step: string, code: string, part: string | null} | null} verdict of `ConnectionSteps`
 * @param {object} facts likewise
 * @param {string} browser from `browserName`
 */
export function supportDetails(verdict, facts, browser) {
    const head = verdict ? { code: verdict.code, step: verdict.step, ...(verdict.part && { connection: verdict.part }) } : {};
    return [...lines({ ...head, browser }), ...lines(facts)].join('\n');
}

/** One line for each value that is there: `subscribe.ice=checking`. */
function lines(value, name = '') {
    if (value === null || value === undefined || value === '') return [];
    if (typeof value !== 'object') return [`${name}=${value}`];
    return Object.entries(value).flatMap(([key, one]) => lines(one, name ? `${name}.${key}` : key));
}

/** The browser's name and major version, which is all that support needs. @param {string} agent as in `navigator` */
export function browserName(agent) {
    for (const [name, form] of BROWSERS) {
        const found = form.exec(agent);
        if (found) return `${name}/${found[1]}`;
    }
    return 'other';
}

// The more special one first: all of them name the others.
const BROWSERS = [
    ['edge', /Edg(?:A|iOS)?\/(\d+)/], ['opera', /OPR\/(\d+)/], ['firefox', /(?:Firefox|FxiOS)\/(\d+)/],
    ['chrome', /(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/], ['safari', /Version\/(\d+)[\d.]* .*Safari/],
];
