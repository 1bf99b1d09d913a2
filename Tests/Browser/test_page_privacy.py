"""The curtain and what else is hidden of the desk, against a room inside the page."""

import pytest

from pageroom import fill, text, wait

MAY_HIDE = {"details": {"rectangles": [], "windows": [], "lost": [], "fallen": False}}


@pytest.fixture
def page(open_page):
    return open_page(reduced_motion="reduce")


def hide(page, **change):
    page.evaluate("(change) => fake.hide(change)", change)


def may_hide(page, **change):
    hide(page, **MAY_HIDE, **change)
    wait(page, "!document.getElementById('mask-button').hidden")


def last(page, kind):
    return page.evaluate("(kind) => fake.last(kind)", kind)


def focused(page):
    return page.evaluate("document.activeElement.id")


# Those from whom it is hidden.


def test_whoever_may_hide_nothing_has_neither_buttons_nor_the_key(page):
    assert not page.is_visible("#curtain-button") and not page.is_visible("#mask-button")
    page.keyboard.press("Alt+Shift+K")
    page.click("#help-button")
    assert not page.is_visible("#curtain-help")
    assert last(page, "curtain") is None


def test_behind_the_curtain_there_are_calm_words_and_no_picture(page):
    hide(page, curtain=True, sound=False, clear=False)
    wait(page, "!document.getElementById('curtain').hidden")
    assert "hidden for a moment" in text(page, "#curtain-title")
    assert page.is_visible("#curtain-silent")
    # Nothing of the picture is to be seen beside or below it, whatever the stream has.
    assert page.evaluate("""() => {
        const video = document.getElementById('desk').getBoundingClientRect();
        return [[0.1, 0.1], [0.5, 0.5], [0.9, 0.95]].every(([x, y]) => {
            const at = document.elementFromPoint(video.left + x * video.width, video.top + y * video.height);
            return at.closest('#curtain, #waiting, #banner') !== null || at.id !== 'desk';
        });
    }""")
    assert "It comes back by itself" in text(page, "#announcement")
    hide(page, curtain=False, sound=True, clear=True)
    wait(page, "document.getElementById('curtain').hidden")
    assert text(page, "#announcement") == "The desk can be seen again."


def test_a_lost_room_lifts_no_curtain(page):
    hide(page, curtain=True, clear=False)
    wait(page, "!document.getElementById('curtain').hidden")
    page.evaluate("fake.drop()")
    wait(page, "deskroom.state().signalling.state !== 'joined'")
    assert page.is_visible("#curtain")


def test_people_are_told_that_parts_are_hidden(page):
    hide(page, masked=True, clear=False)
    wait(page, "!document.getElementById('privacy-line').hidden")
    assert text(page, "#privacy-line") == "Parts of the desk are hidden"
    assert not page.is_visible("#curtain")


# Those who hide it.


def test_the_button_and_the_key_let_the_curtain_down_and_lift_it(page):
    may_hide(page)
    page.click("#curtain-button")
    wait(page, "document.getElementById('curtain-button').ariaPressed === 'true'")
    assert last(page, "curtain") == {"type": "curtain", "on": True, "sound": False}
    assert text(page, "#privacy-line") == "Curtain: only clinicians see the desk"
    assert not page.is_visible("#curtain"), "who sees behind it has the picture"
    page.keyboard.press("Alt+Shift+K")
    wait(page, "document.getElementById('curtain-button').ariaPressed === 'false'")
    assert last(page, "curtain")["on"] is False


def test_the_key_works_while_keys_go_to_the_desk_which_does_not_get_it(page):
    may_hide(page)
    page.click("#control")
    wait(page, "deskroom.state().control.mine && document.activeElement.id === 'keys'")
    page.evaluate("() => { window.got = []; document.getElementById('keys')"
                  ".addEventListener('keydown', ({ code }) => got.push(code)); }")
    page.keyboard.press("Alt+Shift+K")
    wait(page, "fake.last('curtain')?.on === true")
    assert focused(page) == "keys"
    assert "KeyK" not in page.evaluate("got")
    assert page.evaluate("fake.count('curtain')") == 1


def test_the_sound_stays_by_choice(page):
    may_hide(page)
    page.click("#mask-button")
    page.check("#curtain-sound")
    page.keyboard.press("Escape")
    page.click("#curtain-button")
    wait(page, "fake.last('curtain')?.on === true")
    assert last(page, "curtain")["sound"] is True
    page.click("#mask-button")
    page.uncheck("#curtain-sound")
    wait(page, "fake.last('curtain').sound === false")
    assert last(page, "curtain")["on"] is True


def test_a_rectangle_is_drawn_with_the_arrow_keys(page):
    may_hide(page)
    page.click("#mask-button")
    page.click("#mask-add")
    assert focused(page) == "mask-draft"
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight", "Control+ArrowLeft"):
        page.keyboard.press(key)
    assert "400 by 216" in text(page, "#announcement")
    page.keyboard.press("Enter")
    wait(page, "fake.last('mask') !== null")
    assert last(page, "mask")["rectangles"] == [{"x": 463, "y": 268, "width": 400, "height": 216}]
    assert focused(page) == "mask-button"
    assert not page.is_visible("#masks"), "the key presses nothing else"
    wait(page, "document.querySelectorAll('#mask-outlines div').length === 1")


def test_a_rectangle_is_drawn_with_the_pointer_and_shown_again(page):
    may_hide(page)
    page.click("#mask-button")
    page.click("#mask-add")
    content = page.evaluate("(() => { const { left, top, width, height } = document.getElementById('desk')"
                            ".getBoundingClientRect(); return { left, top, width, height }; })()")
    scale = min(content["width"] / 1280, content["height"] / 720)
    left = content["left"] + (content["width"] - 1280 * scale) / 2
    top = content["top"] + (content["height"] - 720 * scale) / 2
    page.mouse.move(left + 100 * scale, top + 50 * scale)
    page.mouse.down()
    page.mouse.move(left + 500 * scale, top + 350 * scale, steps=4)
    page.mouse.up()
    page.click("#mask-set")
    wait(page, "fake.last('mask') !== null")
    [drawn] = last(page, "mask")["rectangles"]
    for name, value in {"x": 100, "y": 50, "width": 400, "height": 300}.items():
        assert abs(drawn[name] - value) <= 3, drawn
    page.click("#mask-button")
    page.click("#mask-list button")
    wait(page, "fake.last('mask').rectangles.length === 0")


def test_escape_hides_nothing(page):
    may_hide(page)
    page.click("#mask-button")
    page.click("#mask-add")
    page.keyboard.press("Escape")
    assert not page.is_visible("#mask-layer")
    assert last(page, "mask") is None
    assert focused(page) == "mask-button"


def test_a_window_is_chosen_by_its_title(page):
    page.evaluate("() => { fake.windows = [{ id: 9, title: 'Notes \\u202e<b>x</b>' }, { id: 12, title: 'Mail' }]; }")
    may_hide(page)
    page.click("#mask-button")
    wait(page, "document.querySelectorAll('#window-list input').length === 2")
    assert page.query_selector("#window-list b") is None
    page.focus("#window-9")
    page.keyboard.press("Space")
    wait(page, "fake.last('mask')?.windows.length === 1")
    assert last(page, "mask")["windows"] == [9]
    assert focused(page) == "window-9"
    assert page.is_checked("#window-9")
    page.keyboard.press("Space")
    wait(page, "fake.last('mask').windows.length === 0")


def test_a_hidden_window_that_is_gone_is_said_and_can_be_shown(page):
    may_hide(page, masked=True)
    details = {"rectangles": [], "windows": [7], "lost": [7], "fallen": False}
    hide(page, details=details)
    wait(page, "document.getElementById('privacy-line').textContent.includes('last place')")
    page.click("#mask-button")
    page.click("#mask-list button")
    wait(page, "fake.last('mask') !== null")
    assert last(page, "mask")["windows"] == []


@pytest.mark.parametrize("width, height", [(1280, 800), (390, 844)])
def test_everything_is_within_the_page(open_page, width, height, pytestconfig):
    page = open_page(width=width, height=height, reduced_motion="reduce", has_touch=width < 500, is_mobile=width < 500)
    fill(page)
    may_hide(page, masked=True, curtain=True)
    page.click("#mask-button")
    wait(page, "document.querySelectorAll('#window-list input').length === 2")
    for name in ("curtain-button", "mask-button", "masks", "mask-add", "leave-button"):
        box = page.locator(f"#{name}").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, f"{name}: {box}"
        assert box["y"] >= 0 and box["y"] + box["height"] <= height, f"{name}: {box}"
    page.click("#mask-add")
    for name in ("mask-set", "mask-cancel", "mask-draft"):
        box = page.locator(f"#{name}").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, f"{name}: {box}"
