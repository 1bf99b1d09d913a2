import { currentLocale, quantity } from './catalogue.js';

/**
 * How long to wait, in words, rounded up, so that nobody comes back too early: `wait` (“5 minutes”) and `when` (“in 5
 * minutes”).
 */
export function waiting(seconds) {
    const [, unit] = UNITS.find(([most]) => seconds < most);
    const count = Math.max(1, Math.ceil(seconds / SECONDS[unit]));
    return {
        wait: quantity(count, { style: 'unit', unit, unitDisplay: 'long' }),
        when: new Intl.RelativeTimeFormat(currentLocale()).format(count, unit),
    };
}

const SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400 };
/** Below so many seconds it is told in this unit. */
const UNITS = [[60, 'second'], [3600, 'minute'], [172_800, 'hour'], [Infinity, 'day']];
