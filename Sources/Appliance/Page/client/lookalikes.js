/**
 * A name as a quick eye takes it: two names that are the same here can be taken for one another (after the skeleton of
 * Unicode TS #39 §4, with the letters that matter between Latin, Greek and Cyrillic). Not for being shown. Pure.
 */
export const skeleton = (name) => Array.from(
    name.normalize('NFKD').replace(/[\p{M}\p{Cf}\p{DI}]/gu, ''),
    (letter) => LOOKALIKES.get(letter) ?? LOOKALIKES.get(letter.toLowerCase()) ?? letter.toLowerCase(),
).join('').replace(/rn/gu, 'm').replace(/vv/gu, 'w').replace(/[\s.\-_’'`´]+/gu, ' ').trim();

/** What each of the first looks like. Capitals are asked for first: В is no в. */
const LOOKALIKES = new Map(Object.entries({
    // Cyrillic.
    а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', у: 'y', х: 'x', ѕ: 's', і: 'l', ј: 'j', ԁ: 'd', һ: 'h', ԛ: 'q', ԝ: 'w',
    В: 'b', К: 'k', М: 'm', Н: 'h', Т: 't', З: '3', Ь: 'b', к: 'k', ӏ: 'l', ѵ: 'v',
    // Greek.
    α: 'a', Α: 'a', Β: 'b', ε: 'e', Ε: 'e', Ζ: 'z', η: 'n', Η: 'h', ι: 'l', Ι: 'l', κ: 'k', Κ: 'k', Μ: 'm', ν: 'v',
    Ν: 'n', ο: 'o', Ο: 'o', ρ: 'p', Ρ: 'p', τ: 't', Τ: 't', υ: 'u', Υ: 'y', χ: 'x', Χ: 'x', ϲ: 'c', ϳ: 'j',
    // Within Latin: what a capital i, a small L and the digit one have in common, and the like.
    I: 'l', i: 'l', l: 'l', 1: 'l', '|': 'l', ı: 'l', 0: 'o', O: 'o', ɑ: 'a', ɡ: 'g', ø: 'o', đ: 'd', ł: 'l', ħ: 'h',
}));
