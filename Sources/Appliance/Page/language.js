import { current, setCatalogue } from './catalogue.js';
import { en } from './en.js';
import { es } from './es.js';
import { browser } from './client/storage.js';

/**
 * In which language the page speaks: that of the address (`?lang=es`), else that of an earlier choice in this browser,
 * else the first of the browser's own that the page knows, else English, for all of the page.
 *
 * All languages are in the page's one script: one is 9 kB compressed, which takes less time than to ask for it once
 * the script runs, and none of them can fail to arrive. `change` is sent when another one was chosen.
 */
class Language extends EventTarget {
    /** What there is to choose from. */
    get all() {
        return LANGUAGES.map(({ tag, name }) => ({ tag, name }));
    }

    get tag() {
        return current().tag;
    }

    /** Finds out which one it is to be. */
    start() {
        const asked = new URLSearchParams(location.search).get(PARAMETER);
        this.#use([asked, browser.read(KEPT), ...navigator.languages ?? []]);
    }

    /** Whoever uses the page has chosen another one, which is kept. */
    choose(tag) {
        browser.write(KEPT, tag);
        const address = new URL(location);
        if (address.searchParams.has(PARAMETER)) {
            // Or it would come back when the page is loaded again.
            address.searchParams.delete(PARAMETER);
            history.replaceState(history.state, '', address);
        }
        this.#use([tag]);
        this.dispatchEvent(new Event('change'));
    }

    #use(wanted) {
        const { words, locale } = chosen(wanted, LANGUAGES, navigator.languages ?? []);
        setCatalogue(words, locale);
        document.documentElement.lang = words.tag;
        document.documentElement.dir = words.direction;
    }
}

/**
 * The first language that is wanted and known, a region being no obstacle (RFC 4647 §3.4), and the locale for its
 * numbers and dates: that of the browser's region if the browser speaks the language. Pure.
 * @param {(string | null)[]} wanted tags, best first
 */
export function chosen(wanted, known, ofBrowser) {
    for (const tag of wanted) {
        const words = known.find((one) => primary(one.tag) === primary(tag));
        if (words) return { words, locale: localeOf(words, [tag, ...ofBrowser]) };
    }
    return { words: known[0], locale: localeOf(known[0], ofBrowser) };
}

const localeOf = (words, tags) =>
    tags.find((tag) => primary(tag) === primary(words.tag) && tag.includes('-') && isLocale(tag)) ?? words.tag;

const primary = (tag) => (tag ?? '').split('-')[0].toLowerCase();

function isLocale(tag) {
    try {
        return Intl.getCanonicalLocales(tag).length > 0;
    } catch {
        return false;
    }
}

/** The first is for whoever speaks none of them. */
const LANGUAGES = [en, es];
const PARAMETER = 'lang';
const KEPT = 'deskroom language';

export const language = new Language();
