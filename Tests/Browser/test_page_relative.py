"""The mouse for games: motion instead of a place, against a room inside the page."""

from handspage import DOWN, LISTEN, MOVE, PATH, UP, drive, left
from pageroom import wait

MOTION = 10


def test_a_mouse_for_games_sends_its_motion_until_it_is_given_back(open_page):
    page = open_page(before=LISTEN)
    assert page.is_hidden("#relative-button")
    drive(page)
    page.click("#keys-button")
    page.click("#relative-button")
    wait(page, "document.pointerLockElement?.id === 'desk'")
    assert page.get_attribute("#relative-button", "aria-pressed") == "true"
    assert "Esc" in page.text_content("#notice")
    # From now on the desk does not look at positions.
    wait(page, f"left.some((one) => one[1] === {MOTION})")
    page.evaluate("left.length = 0")
    page.evaluate("""() => {
        const surface = document.getElementById('desk');
        const moved = (movementX, movementY) => surface.dispatchEvent(
            new MouseEvent('mousemove', { movementX, movementY, bubbles: true }));
        moved(3, -2);
        moved(4, -1);
        const pointer = (type, buttons, button) => surface.dispatchEvent(
            new PointerEvent(type, { pointerId: 1, pointerType: 'mouse', buttons, button, bubbles: true }));
        pointer('pointermove', 0, -1);
        pointer('pointerdown', 1, 0);
        pointer('pointerup', 0, 0);
    }""")
    # The pointer has moved before the button is pressed.
    sent = left(page, MOTION, DOWN, UP, MOVE, PATH)
    assert [kind for kind, _ in sent] == [MOTION, DOWN, UP]
    assert bytes(sent[0][1]).hex() == "0007fffd"
    page.evaluate("fake.control({ holder: null })")
    wait(page, "document.pointerLockElement === null")
    assert page.is_hidden("#relative-button")
