"""The page's roles, names, contrast, focus and target sizes, in each of its states."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from pageroom import fill, join, text, wait

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


@pytest.mark.parametrize("size, scheme", SIZES)
def test_nothing_is_wrong_in_any_state_of_the_page(open_page, size, scheme):
    page = open_page(joined=False, color_scheme=scheme, reduced_motion="reduce", **size)
    found = {"welcome": problems(page)}
    join(page)
    fill(page)
    page.click("#microphone-button")
    wait(page, "fake.last('setMedia')?.audio === 'on'")
    page.evaluate("() => fake.send({ type: 'speakers', dominant: 4, speaking: [4, 6] })")
    page.evaluate("() => fake.send({ type: 'delivery', tracks: { [fake.midOf(2, 'camera')]: 'pausedByNetwork' } })")
    wait(page, "deskroom.state().tiles.some(({ delivery }) => delivery === 'pausedByNetwork')")
    found["room"] = problems(page)
    for panel in ("people", "help", "settings", "chat"):
        page.click(f"#{panel}-button")
        wait(page, f"!document.getElementById('{panel}').hidden")
        found[panel] = problems(page)
        page.keyboard.press("Escape")
        if page.is_visible(f"#{panel}"):
            page.click(f"#{panel}-button")
    page.click("#chat-button")
    page.fill("#chat-text", "Hello")
    page.keyboard.press("Enter")
    wait(page, "fake.chats.length === 1")
    page.evaluate("() => fake.send({ type: 'error', step: 'chat', message: 'Wait a moment.' })")
    wait(page, "document.querySelector('.undelivered') !== null")
    found["undelivered"] = problems(page)
    page.fill("#chat-text", "a" * 4000)
    found["little is left"] = problems(page)
    page.fill("#chat-text", "a" * 5000)
    page.keyboard.press("Enter")
    wait(page, "document.getElementById('chat-problem').textContent !== ''")
    found["too long"] = problems(page)
    page.fill("#chat-text", "")
    page.keyboard.press("Escape")
    page.click("#control")
    wait(page, "deskroom.state().control.mine")
    page.evaluate("() => { fake.ask(2); fake.ask(9, null); }")
    wait(page, "deskroom.state().control.asks === 2")
    page.evaluate("() => fake.send({ type: 'error', step: 'chat', message: 'Wait a moment.' })")
    wait(page, "!document.getElementById('notice').hidden")
    found["asked for control"] = problems(page)
    page.evaluate("() => { fake.holder = fake.people.at(-1); fake.control({ holder: fake.holder }); }")
    wait(page, "document.getElementById('control').dataset.state === 'other'")
    page.click("#control")
    wait(page, "deskroom.state().control.waiting")
    found["waiting for control"] = problems(page)
    page.click("#grid-button")
    found["grid"] = problems(page)
    page.evaluate("() => fake.send({ type: 'desk', state: 'restarting', message: '', width: 1280, height: 720 })")
    wait(page, "!document.getElementById('banner').hidden")
    found["banner"] = problems(page)
    page.click("#leave-button")
    found["left"] = problems(page)
    assert {state: lines for state, lines in found.items() if lines} == {}


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
    listed = page.evaluate(
        "[...document.querySelectorAll('#shortcuts dt')].map((one) => one.textContent).filter((one) => /^Alt/.test(one))"
    )
    keys = page.evaluate(
        "[...document.querySelectorAll('[aria-keyshortcuts]')].map((one) => one.getAttribute('aria-keyshortcuts'))"
    )
    assert sorted(one.replace(" ", "+") for one in listed) == sorted(keys), "the help lists every shortcut"
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
    assert page.evaluate("said") == ["Person 2, Person 3 and 12 others joined."]
    assert page.evaluate("document.getElementById('events').getAttribute('aria-live')") == "polite"


def test_nothing_moves_by_itself_for_those_who_do_not_want_it(open_page):
    page = open_page(reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.spinner')).animationName") == "none"
    assert page.evaluate("getComputedStyle(document.getElementById('control')).transitionDuration") in ("0s", "")
    assert text(page, "#status-line") == "Connected"
