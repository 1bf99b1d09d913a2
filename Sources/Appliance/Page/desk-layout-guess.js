// Which layout a keyboard has, as far as the browser tells. Pure.

/**
 * The desk's name of the layout whose keys have these characters without modifiers; `null` if it is none of those that can be told
 * apart by them: no layout is better than a wrong one. Browsers tell of a layout with Latin letters only.
 * @param {{get: (code: string) => string | undefined} | null} keys as `navigator.keyboard.getLayoutMap()` gives them
 */
export function layoutOf(keys) {
    if (!keys) return null;
    const found = Object.entries(LAYOUTS).filter(([, marks]) => {
        return PLACES.every((place, index) => marks[index] === ANY || keys.get(place)?.toLowerCase() === marks[index]);
    });
    return found.length === 1 ? found[0][0] : null;
}

/** The layout of this device's keyboard; `null` where the browser does not tell. */
export async function ownLayout(keyboard = navigator.keyboard) {
    try {
        return layoutOf((await keyboard?.getLayoutMap?.()) ?? null);
    } catch {
        // A browser may keep it to itself.
        return null;
    }
}

const PLACES = [
    'KeyQ', 'KeyW', 'KeyY', 'KeyZ', 'Semicolon', 'Quote', 'BracketLeft', 'Minus', 'Backslash', 'Equal', 'Slash',
];
/** A dead key, which browsers call by different names, or one that does not matter. */
const ANY = ' ';
/** What is there, in the order of the places. The Austrian layout is the German one, and the Finnish the Swedish. */
const LAYOUTS = {
    us: 'qwyz;\'[-\\=/',
    gb: 'qwyz;\'[-#=/',
    de: 'qwzyöäüß# -',
    ch: 'qwzyöäü\'$  ',
    'ch-fr': 'qwzyéàè\'$  ',
    fr: 'azywmù )*=!',
    be: 'azywmù )µ-=',
    ca: 'qwyz;  -<=é',
    es: 'qwyzñ  \'ç¡-',
    latam: 'qwyzñ{ \'}¿-',
    it: 'qwyzòàè\'ùì-',
    pt: 'qwyzçº+\' «-',
    br: 'qwyzç  -]=;',
    dk: 'qwyzæøå+\' -',
    no: 'qwyzøæå+\' -',
    se: 'qwyzöäå+\' -',
    cz: 'qwzyů§ú=  -',
    hu: 'qwzyéáőüűó-',
    tr: 'qwyzşiğ*,-.',
    'us-dvorak': '\',f;s-/[\\]z',
};
