"""The page for people who have no mouse, no sight, or a small screen."""

import pytest
from playwright.sync_api import expect

from desk import CENTRES, QUADRANTS
from waiting import eventually


def test_everything_can_be_done_with_the_keyboard(room, desk, visitor):
    ada = visitor()
    page = ada.tab.page
    page.goto(room.address)
    expect(page.get_by_label("Your name")).to_be_focused()
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")
    ada.wait_for_picture()
    control = page.get_by_role("button", name="Ask for control")
    for _ in range(12):
        if control.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(control).to_be_focused()
    page.keyboard.press("Enter")
    eventually(ada.holds_control, what="Enter takes the control")
    page.keyboard.type("k")
    eventually(lambda: desk.pattern.text() == "k", what="keys go to the desk")
    for key in ("Control", "Alt", "Shift"):
        page.keyboard.down(key)
    for key in ("Control", "Alt", "Shift"):
        page.keyboard.up(key)
    expect(page.get_by_role("button", name="You are in control")).to_be_focused()


def test_every_button_has_a_name_and_the_state_is_announced(room, visitor):
    ada = visitor().join(room.address)
    page = ada.tab.page
    for button in page.get_by_role("button").all():
        assert button.is_hidden() or (button.inner_text().strip() or button.get_attribute("aria-label"))
    expect(page.get_by_role("status").filter(has_text="Connected").first).to_be_visible()
    expect(page.get_by_label("Live picture of the shared desk")).to_be_visible()
    ada.take_control()
    expect(page.locator("#control")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("size", [{"width": 320, "height": 640}, {"width": 740, "height": 360}])
def test_the_page_fits_a_phone(room, visitor, size):
    ada = visitor(**size).join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    assert ada.ask("document.documentElement.scrollWidth <= innerWidth")
    assert ada.ask("document.documentElement.scrollHeight <= innerHeight")
    for button in ada.tab.page.get_by_role("button").all():
        box = button.bounding_box()
        if box and button.is_visible():
            assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"]
            assert box["width"] >= 24 and box["height"] >= 24, "large enough for a finger (WCAG 2.2, 2.5.8)"


def test_no_udp_is_told_in_words(room, visitor):
    ada = visitor()
    # Every candidate leads nowhere: the discard port of this machine.
    ada.tab.before_pages(
        "const set = RTCPeerConnection.prototype.setRemoteDescription;"
        "RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {"
        "  return set.call(this, { type, sdp: sdp.replace(/(a=candidate:\\S+ 1 \\S+ \\d+ \\S+) \\d+/g, '$1 9') });"
        "};"
    )
    ada.enter(room.address)
    eventually(
        lambda: ada.state()["problem"].endswith("NoPath"), 40, every=0.5, what="the page says that there is no way"
    )
    assert "UDP" in ada.tab.page.locator("#banner").inner_text()
