"""The page's roles, names, contrast, focus and target sizes, in each of its states."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from catalogue import LANGUAGES
from pageroom import fill, text, wait
from states import walk

SIZES = [
    ({"width": 1280, "height": 800}, "light"), ({"width": 1280, "height": 800}, "dark"),
    ({"width": 390, "height": 844, "has_touch": True, "is_mobile": True}, "light"),
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def problems(page):
    """What axe-core finds wrong with what can be seen now, one line each."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found for node in rule["nodes"]
    ]


# What a language changes is the length of words, and that shows where there is least room.
@pytest.mark.parametrize("size, scheme, language", [
    *((size, scheme, "en") for size, scheme in SIZES),
    *((*SIZES[-1], language) for language in LANGUAGES if language != "en"),
])
def test_nothing_is_wrong_in_any_state_of_the_page(open_page, size, scheme, language):
    page = open_page(joined=False, language=language, color_scheme=scheme, reduced_motion="reduce", **size)
    assert {state: found for state in walk(page) if (found := problems(page))} == {}


def test_a_page_that_is_broken_is_found_out(open_page):
    page = open_page(joined=False)
    page.evaluate("document.getElementById('join').style.color = '#1a7c72'")
    page.evaluate("document.querySelector('label').remove()")
    assert {line.split(":")[0] for line in problems(page)} >= {"color-contrast", "label"}


def test_every_control_is_reached_by_tab_in_the_order_of_the_page_and_shows_it(open_page):
    page = open_page()
    fill(page)
    page.evaluate("document.activeElement.blur()")
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id || document.activeElement.className")
        if name in seen or name == "":
            break
        seen.append(name)
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none" or name in ("strip", "tiles"), f"the focus on {name} can be seen"
    expected = [
        "pin", "enlarge", "microphone-button", "camera-button", "settings-button", "control", "people-button",
        "chat-button", "grid-button", "strip-button", "sound-button", "fullscreen-button", "help-button",
        "leave-button",
    ]
    assert [name for name in seen if name in expected] == expected


def test_targets_are_large_enough_for_a_finger(open_page):
    page = open_page(width=390, height=844, has_touch=True, is_mobile=True)
    fill(page)
    page.tap(".tile[data-person='3'] .picture")
    for button in page.query_selector_all("button:visible"):
        box = button.bounding_box()
        name = button.get_attribute("id") or button.get_attribute("aria-label")
        if button.evaluate("(one) => getComputedStyle(one.parentElement).pointerEvents") == "none":
            continue
        assert box["width"] >= 44 and box["height"] >= 44, f"{name}: {box}"


def test_a_tap_on_a_tile_only_brings_its_buttons(open_page):
    page = open_page(width=390, height=844, has_touch=True, is_mobile=True)
    fill(page)
    pin = page.locator(".tile[data-person='3'] .pin").bounding_box()
    middle = (pin["x"] + pin["width"] / 2, pin["y"] + pin["height"] / 2)
    page.touchscreen.tap(*middle)
    page.wait_for_timeout(400)
    assert page.evaluate("document.querySelectorAll('.tile[data-pinned=true]').length") == 0
    page.touchscreen.tap(*middle)
    wait(page, "document.querySelector('.tile[data-pinned=true]')?.dataset.person === '3'")


def test_shortcuts_press_buttons_unless_keys_go_to_the_desk(open_page):
    page = open_page()
    fill(page)
    page.keyboard.press("Alt+Shift+M")
    wait(page, "deskroom.state().media.audio === 'on'")
    page.keyboard.press("Alt+Shift+M")
    wait(page, "deskroom.state().media.audio === 'muted'")
    page.keyboard.press("Alt+Shift+G")
    wait(page, "document.getElementById('scene').dataset.layout === 'grid'")
    page.keyboard.press("Alt+Shift+H")
    assert page.is_visible("#help")
    assert page.evaluate("document.activeElement.id") == "help-button", "what was opened is where Tab goes on"
    listed = page.evaluate(
        "[...document.querySelectorAll('#shortcuts dt')].map((one) => one.textContent)"
        ".filter((one) => /^(Alt|Ctrl Alt) Shift .$/.test(one))"
    )
    keys = page.evaluate(
        "[...document.querySelectorAll('[aria-keyshortcuts]')].map((one) => one.getAttribute('aria-keyshortcuts'))"
    )
    listed = {one.replace("Ctrl", "Control").replace(" ", "+") for one in listed}
    assert listed == set(keys), "the help lists every shortcut"
    page.keyboard.press("Escape")
    # A letter alone does nothing, least of all turn a camera on.
    page.keyboard.press("v")
    page.keyboard.press("Alt+Shift+D")
    wait(page, "deskroom.state().control.mine && document.activeElement.id === 'keys'")
    page.keyboard.press("Alt+Shift+V")
    page.wait_for_timeout(200)
    assert page.evaluate("deskroom.state().media.video") == "none"


def test_fourteen_who_come_at_once_are_announced_in_one_sentence(open_page):
    page = open_page()
    page.evaluate("""() => {
        window.said = [];
        const region = document.getElementById('events');
        new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true });
        for (let i = 2; i < 16; i += 1) {
            fake.enter({ id: i, name: `Person ${i}`, audio: 'on', video: 'on' });
        }
    }""")
    wait(page, "said.length > 0")
    page.wait_for_timeout(1000)
    assert page.evaluate("said") == ["Person 2, Person 3, and 12 others joined."]
    assert page.evaluate("document.getElementById('events').getAttribute('aria-live')") == "polite"


def test_nothing_moves_by_itself_for_those_who_do_not_want_it(open_page):
    page = open_page(reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.spinner')).animationName") == "none"
    assert page.evaluate("getComputedStyle(document.getElementById('control')).transitionDuration") in ("0s", "")
    assert text(page, "#status-line") == "Connected"


# What axe-core cannot see.

ZOOMED = {"width": 640, "height": 400, "device_scale_factor": 2}

# Where the focus is, and whether any of it can be seen (WCAG 2.4.11).
FOCUS = """() => {
    const one = document.activeElement;
    const { left, top, width, height } = one.getBoundingClientRect();
    const points = [[.5, .5], [.1, .1], [.9, .1], [.1, .9], [.9, .9]].map(([x, y]) => [left + x * width, top + y * height]);
    const isSeen = points.some(([x, y]) => one.contains(document.elementFromPoint(x, y)));
    return { name: one.id || `${one.className} ${one.closest('.tile')?.dataset.person ?? ''}`, isSeen, isBody: one === document.body };
}"""
IN_ORDER = """(names) => {
    const all = names.map((name) => document.getElementById(name)).filter(Boolean);
    return all.every((one, i) => i === 0 || all[i - 1].compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
}"""


# From here the next Tab leads to what comes first.
FROM_THE_BEGINNING = """() => {
    const start = document.createElement('span');
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus();
    start.remove();
}"""


def stops(page, most=80):
    """Where the focus goes, from the beginning of the page until it comes round."""
    page.evaluate(FROM_THE_BEGINNING)
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at["name"] == "keys":
            # This Tab would be the desk's: the way out of it is another.
            page.keyboard.press("Tab")
            assert page.evaluate(FOCUS)["name"] == "keys"
            for press in (page.keyboard.down, page.keyboard.up):
                for key in ("Control", "Alt", "Shift"):
                    press(key)
            at = page.evaluate(FOCUS)
            assert at["name"] in ("control", "request")
        if at["isBody"] or at["name"] in [one["name"] for one in found]:
            return found
        found.append(at)
    raise AssertionError(f"the focus does not come round: {found}")


# Where there is less to do than elsewhere.
FEWEST = {"left": 2, "link refused": 2, "turned away": 1, "pasting by hand": 2, "a person's removal": 2, "the end, asked for": 1}


@pytest.mark.parametrize("size", [{}, ZOOMED, {"width": 390, "height": 844}])
def test_the_focus_is_never_hidden_nor_caught_and_goes_in_the_order_of_the_page(open_page, size):
    page = open_page(joined=False, reduced_motion="reduce", **size)
    hidden, disordered = {}, []
    for state in walk(page):
        if state in ("little is left", "too long"):
            continue
        focused = page.evaluate("document.activeElement.id")
        there = stops(page)
        hidden[state] = [one["name"] for one in there if not one["isSeen"]]
        names = [one["name"] for one in there]
        if not page.evaluate(IN_ORDER, names):
            disordered.append((state, names))
        assert len(there) >= FEWEST.get(state, 3), state
        if focused:
            page.focus(f"#{focused}")
    assert {state: names for state, names in hidden.items() if names} == {}
    assert disordered == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_can_be_focused_has_a_name_and_a_role(open_page, language):
    page = open_page(joined=False, language=language, reduced_motion="reduce")
    browser = page.context.new_cdp_session(page)
    nameless = {}
    for state in walk(page):
        for node in browser.send("Accessibility.getFullAXTree")["nodes"]:
            has = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
            role, name = node.get("role", {}).get("value"), node.get("name", {}).get("value", "").strip()
            if node.get("ignored") or not has.get("focusable") or role in ("RootWebArea", "listitem"):
                continue
            if not name or role in ("generic", "none", "paragraph"):
                nameless.setdefault(state, []).append((role, name))
    assert nameless == {}


# What whoever does not look hears, and has to (WCAG 4.1.3): what is done, and in which words it is told.
TOLD = [
    ("fake.send({ type: 'desk', state: 'restarting', message: '', width: 1280, height: 720 })", "The desk is starting again"),
    ("fake.send({ type: 'error', step: 'chat', message: 'Wait a moment.' })", "Wait a moment."),
    ("fake.control({ holder: fake.people[1] })", "Ben is in control."),
    ("fake.leave(2)", "Ben left."),
    ("fake.change(4, { audio: 'muted' })", "Dmitri is muted."),
    ("fake.drop()", "Reconnecting…"),
    ("document.getElementById('microphone-button').click()", "Microphone is on."),
    ("fake.raw(JSON.stringify({ id: 0, from: 2, name: 'Ben', text: 'Hi', at: 1 }))", "Ben wrote in the chat."),
    ("document.getElementById('leave-button').click()", "You have left the room."),
]
LISTEN = """() => {
    window.heard = [];
    const live = '[role="status"], [role="alert"], [role="log"], [aria-live]';
    new MutationObserver((changes) => {
        for (const { target } of changes) {
            const region = (target.closest ? target : target.parentElement).closest(live);
            if (region?.checkVisibility()) heard.push(region.textContent);
        }
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['hidden'] });
}"""


@pytest.mark.parametrize("action, words", TOLD)
def test_whatever_happens_is_heard_without_being_looked_for(open_page, action, words):
    # A network of this test's own reaches nothing but the room.
    page = open_page(reduced_motion="reduce", before="Object.defineProperty(navigator, 'onLine', { get: () => true });")
    fill(page)
    # Who came is told first.
    wait(page, "document.getElementById('events').textContent !== ''")
    wait(page, "fake.chat.readyState === 'open'")
    page.evaluate(LISTEN)
    page.evaluate(f"() => {{ {action}; }}")
    wait(page, f"heard.some((one) => one.includes({words!r}))")


TARGETS = """() => [...document.querySelectorAll('button, select, input, textarea, a[href]')]
    .filter((one) => one.id !== 'keys' && one.checkVisibility({ opacityProperty: true }) && !one.matches('.unseen, .skip'))
    .map((one) => [one.id || one.className, (one.closest('label') ?? one).getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 24 || height < 24).map(([name, { width, height }]) => [name, width, height])"""


def test_targets_are_large_enough_for_a_mouse(open_page):
    page = open_page(joined=False, reduced_motion="reduce")
    small = {state: found for state in walk(page) if (found := page.evaluate(TARGETS))}
    assert small == {}
