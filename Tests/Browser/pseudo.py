"""Languages that nobody speaks, made of English, for what a language does to a page: words that are longer by half, with
accents that stand out where a sentence is not from the catalogue, and words from right to left.
"""

LONG, MIRRORED = "eo-XA", "ar-XB"

# Instead of Spanish, so that the page knows it without having heard of it.
MODULE = """
import { en } from './en.js';
const changed = (form, change) => form.split(/(\\{\\w+\\})/).map((part, i) => (i % 2 ? part : change(part))).join('');
const accents = Object.fromEntries([...'aáeéiíoóuúcçnñyýAÁEÉIÍOÓUÚ'.matchAll(/(.)(.)/gu)].map(([, a, b]) => [a, b]));
const long = (form) => {
    const more = ['uno', 'dos', 'tres', 'quatro', 'cinco', 'seis', 'siete', 'ocho'].join(' ').repeat(9);
    const accented = changed(form, (part) => part.replace(/./gu, (one) => accents[one] ?? one));
    return `[${accented} ${more.slice(0, Math.ceil(form.length * .4)).trim()}]`;
};
const hebrew = 'אבגדהוזחטיכלמנסעפצקרשתאבגד';
const mirrored = (form) => changed(form, (part) => part.replace(/[a-z]/giu, (one) => hebrew[one.toLowerCase().charCodeAt(0) - 97]));
const change = { long, mirrored }['CHANGE'];
const each = (message) => (typeof message === 'string' ? change(message)
    : Object.fromEntries(Object.entries(message).map(([form, words]) => [form, change(words)])));
export const es = {
    tag: 'TAG', name: 'TAG', direction: 'DIRECTION',
    messages: Object.fromEntries(Object.entries(en.messages).map(([id, message]) => [id, each(message)])),
};
"""


def serve(context, tag):
    """Pages of this context know the language `tag`, if it is one of the two above."""
    if tag not in (LONG, MIRRORED):
        return
    change, direction = ("long", "ltr") if tag == LONG else ("mirrored", "rtl")
    module = MODULE.replace("CHANGE", change).replace("TAG", tag).replace("DIRECTION", direction)
    context.route("**/es.js", lambda route: route.fulfill(content_type="text/javascript", body=module))
