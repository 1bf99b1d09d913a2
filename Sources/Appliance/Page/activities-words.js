import { currentLocale, say } from './catalogue.js';
import { shownName } from './client/foreign.js';

/** A text of an activity in the page's language, if it has it. Pure. @param {Record<string, string>} texts by POSIX locale */
export function localized(text, texts = {}, locale = currentLocale()) {
    const [language, region] = locale.split('-');
    return texts[`${language}_${region}`] ?? texts[language] ?? text;
}

export const activityName = ({ id, name, names }) => shownName(localized(name, names), id);

/** How an activity does, in words. */
export function activityWords({ state, status, signal }) {
    if (state !== 'failed') return say(`activity.${state}`);
    if (status !== undefined) return say('activity.failed.status', { status: String(status) });
    return signal === undefined ? say('activity.failed') : say('activity.failed.signal', { signal: String(signal) });
}

/** What has happened, as a sentence. @param {{kind: string, activity?: object, reset?: object}} news */
export function activityNews({ kind, activity, reset }) {
    if (kind !== 'reset') return say(`activity.news.${kind}`, { name: activityName(activity) });
    const words = [say(`reset.done.${reset.home}`)];
    if (reset.left > 0) words.push(say('reset.left', { count: reset.left }));
    return words.join(' ');
}
