"""The desk's keyboard layout in the panel, and which one a device's keyboard is taken for."""

from pagefiles import blank_page
from pageroom import wait
from xkbmap import PLACES, Layout

KNOWN = {
    "us": ("us", ""), "gb": ("gb", ""), "de": ("de", ""), "ch": ("ch", ""), "ch-fr": ("ch", "fr"), "fr": ("fr", ""),
    "be": ("be", ""), "ca": ("ca", ""), "es": ("es", ""), "latam": ("latam", ""), "it": ("it", ""), "pt": ("pt", ""),
    "br": ("br", ""), "dk": ("dk", ""), "no": ("no", ""), "se": ("se", ""), "cz": ("cz", ""), "hu": ("hu", ""), "tr": ("tr", ""),
    "us-dvorak": ("us", "dvorak"),
}


def test_a_keyboard_is_known_by_its_keys_or_not_at_all(chromium_browser):
    maps = {name: keys(*layout) for name, layout in KNOWN.items()}
    # Those write the same as others without modifiers, or are none of these.
    maps |= {"like us": keys("pl"), "like de": keys("at"), "like se": keys("fi"), "none": keys("hr"), "nothing": {}}
    with blank_page(chromium_browser) as page:
        found = page.evaluate("""async (maps) => {
            const { layoutOf, ownLayout } = await import('/desk-layout-guess.js');
            const all = Object.entries(maps).map(([name, keys]) => [name, layoutOf(new Map(Object.entries(keys)))]);
            const refuses = { getLayoutMap: () => Promise.reject(new DOMException('', 'SecurityError')) };
            return { ...Object.fromEntries(all), refuses: await ownLayout(refuses), lacks: await ownLayout({}) };
        }""", maps)
    expected = {name: name for name in KNOWN}
    expected |= {"like us": "us", "like de": "de", "like se": "se"}
    assert found == expected | dict.fromkeys(["none", "nothing", "refuses", "lacks"])


def keys(layout, variant=""):
    one = Layout(layout, variant)
    return {code: one.character(place) for code, place in PLACES.items() if one.character(place)}


def test_whoever_may_chooses_the_layout_and_tells_of_their_own_keyboard(open_page):
    page = open_page()
    page.evaluate("navigator.keyboard.getLayoutMap = async () => new Map(Object.entries(" + repr(keys("de")) + "))")
    page.evaluate("fake.send({ type: 'layout', layout: null, follows: true, mayChoose: false })")
    page.click("#control")
    wait(page, "deskroom.state().control.mine")
    assert page.evaluate("fake.last('setLayout')") is None and page.locator("#desk-button").is_hidden()
    page.evaluate("fake.send({ type: 'layout', layout: null, follows: true, mayChoose: true })")
    wait(page, "fake.last('setLayout')?.own === true")
    assert page.evaluate("fake.last('setLayout')") == {"type": "setLayout", "layout": "de", "own": True}
    page.evaluate("fake.send({ type: 'layout', layout: 'de', follows: true, mayChoose: true })")
    page.click("#desk-button")
    wait(page, "document.getElementById('layout-now').textContent === 'Now: German'")
    page.select_option("#layout-choice", "gr")
    wait(page, "fake.last('setLayout').layout === 'gr'")
    assert page.evaluate("fake.last('setLayout').own") is None
    page.evaluate("fake.send({ type: 'layout', layout: 'gr', follows: false, mayChoose: true })")
    wait(page, "document.getElementById('layout-now').textContent === ''")
    assert page.input_value("#layout-choice") == "gr"
    assert page.evaluate("fake.count('setLayout')") == 2
