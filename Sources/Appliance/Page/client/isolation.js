/**
 * A name or another's words within a sentence that has no element to isolate them: the sentence goes on in its own
 * direction after it (Unicode UAX #9, FSI and PDI). Pure.
 * @param {'ltr' | 'rtl'} direction of the sentence; from left to right, names that run so stay as they are
 */
export const within = (text, direction = 'ltr') =>
    (direction === 'rtl' || RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text);

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
