"""People show one another something on the desk with pointers of their own, and have control one after the other."""

import os
from pathlib import Path

import pytest

import links
from test_floor import act, press, text
from waiting import eventually

SHOTS = os.environ.get("DESKROOM_SHOTS")

# Where each pointer is drawn, by name: its middle in pixels of the desk.
POINTERS = """Object.fromEntries([...document.querySelectorAll('#pointers .pointer:not(.own)')].filter((one) => one.checkVisibility())
    .map((one) => {
        const { x, y } = one.getBoundingClientRect();
        const { left, top, scale } = probe.place();
        return [one.querySelector('bdi').textContent, [(x - left) / scale - .5, (y - top) / scale - .5]];
    }))"""
RINGS = """[...document.querySelectorAll('#pointers .ring')].map((one) => {
    const { x, y } = one.getBoundingClientRect();
    const { left, top, scale } = probe.place();
    return [(x - left) / scale - .5, (y - top) / scale - .5];
})"""
# What listens to the screen reader's part of the page.
LISTEN = """(() => {
    window.heard = [];
    const region = document.getElementById('announcement');
    new MutationObserver(() => heard.push(region.textContent)).observe(region, { childList: true });
})()"""


def shoot(visitor, name):
    if SHOTS:
        visitor.tab.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def pointers(visitor):
    return visitor.ask(POINTERS)


def is_near(found, wanted, within):
    return found is not None and all(abs(one - other) <= within for one, other in zip(found, wanted, strict=True))


def sees(visitor, name, at, within=2.0):
    eventually(
        lambda: is_near(pointers(visitor).get(name), at, within),
        what=lambda: f"{visitor.name} sees {name} point at {at}: {pointers(visitor)}",
    )


def sees_nobody(visitor):
    eventually(lambda: pointers(visitor) == {}, what=lambda: f"{visitor.name} sees nobody point: {pointers(visitor)}")


def is_pressed(visitor):
    return visitor.ask("document.getElementById('point-button').getAttribute('aria-pressed')") == "true"


def number(visitor, other):
    """By which the room knows somebody."""
    return int(visitor.ask(
        "[...document.querySelectorAll('#people-list li')].find((one) => one.querySelector('bdi').textContent"
        f" === {other!r}).dataset.person"
    ))


def switch(clinician, other, right, is_on):
    """In the dialogue about a person."""
    clinician.ask("document.getElementById('people-button').click()")
    press(clinician, f"#people-list [data-person='{number(clinician, other)}'] [data-action='manage']")
    box = f"#person-rights input[name={right}]"
    eventually(lambda: clinician.ask(f"document.querySelector('{box}').checked") is not is_on, what="the dialogue is there")
    press(clinician, box)
    eventually(lambda: clinician.ask(f"document.querySelector('{box}').checked") is is_on, what="the right is switched")
    press(clinician, "#person-close")


@pytest.fixture
def people(open_room, desk, visitor):
    """Cleo, a clinician; Ada, a client; and Otto, an observer with a telephone."""
    room = open_room(desk, **links.SETTINGS)
    cleo = visitor("Cleo", width=1280, height=800)
    ada = visitor("Ada", width=900, height=700)
    otto = visitor("Otto", width=390, height=844, has_touch=True, is_mobile=True)
    cleo.join(links.link(room, "cleo", "clinician"))
    ada.join(links.link(room, "ada", "client"))
    otto.tab.goto(links.link(room, "otto", "observer"))
    otto.ask("document.getElementById('name').value = 'Otto'")
    otto.tab.page.tap("#join")
    otto.wait_for_picture()
    for one in (cleo, ada, otto):
        eventually(lambda one=one: one.state()["people"] == 3, what=f"{one.name} sees everybody")
    return cleo, ada, otto


def test_everybody_sees_where_somebody_points_and_nobody_else_points(people, desk):
    cleo, ada, otto = people
    ada.ask(LISTEN)
    for one in (ada, otto):
        assert one.ask("document.getElementById('point-button').hidden")
    press(cleo, "#point-button")
    cleo.move(300, 200)
    for one in (ada, otto):
        sees(one, "Cleo", (300, 200))
    # It moves nothing on the desk, and a press is a ring and no click.
    cleo.click(900, 500)
    for one in (ada, otto):
        sees(one, "Cleo", (900, 500))
        eventually(lambda one=one: one.ask(RINGS), what=f"{one.name} sees a ring")
    assert is_near(cleo.ask(RINGS)[0], (900, 500), 2)
    shoot(ada, "pointing-900")
    shoot(otto, "pointing-390")
    shoot(cleo, "pointing-1280")
    assert pointers(cleo) == {}, "one's own is only a faint one"
    assert desk.pattern.events("buttonDown") == [] and desk.pattern.events("motion") == []
    assert not cleo.holds_control() and "Take control" not in text(cleo, "notice")
    # Elsewhere in the picture, at another size of the window and of the picture.
    ada.tab.page.set_viewport_size({"width": 1100, "height": 500})
    ada.ask("document.getElementById('zoom-button').click()")
    for _ in range(2):
        press(ada, "#zoom-larger")
    eventually(lambda: ada.state()["picture"]["zoom"] == 2, what="the desk is larger")
    cleo.move(640, 400)
    sees(ada, "Cleo", (640, 400))
    sees(otto, "Cleo", (640, 400))
    assert [one for one in ada.ask("heard") if "points" in one] == ["Cleo points at the desk."]
    # It goes by itself when it does not move, and at once when Cleo points no more.
    sees_nobody(ada)
    cleo.move(650, 410)
    sees(ada, "Cleo", (650, 410))
    press(cleo, "#point-button")
    sees_nobody(ada)
    sees_nobody(otto)

    # A client points when a clinician lets them.
    switch(cleo, "Ada", "point", True)
    eventually(lambda: not ada.ask("document.getElementById('point-button').hidden"), what="Ada may point")
    ada.ask("document.getElementById('zoom-whole').click()")
    ada.tab.key_down("Alt")
    ada.tab.key_down("Shift")
    ada.press("L")
    ada.tab.key_up("Shift")
    ada.tab.key_up("Alt")
    assert is_pressed(ada) and ada.ask("document.activeElement.id") == "point-pad"
    # With the keyboard alone.
    ada.press("ArrowRight")
    eventually(lambda: "Ada" in pointers(cleo), what="Ada's keys point")
    before = pointers(cleo)["Ada"]
    for _ in range(3):
        ada.press("ArrowRight")
    ada.tab.key_down("Shift")
    ada.press("ArrowDown")
    ada.tab.key_up("Shift")
    sees(cleo, "Ada", (before[0] + 24, before[1] + 64))
    ada.press("Enter")
    eventually(lambda: cleo.ask(RINGS), what="Cleo sees a ring")
    shoot(ada, "pointing-keys")
    ada.press("Escape")
    sees_nobody(cleo)
    assert not is_pressed(ada) and ada.ask("document.activeElement.id") == "point-button"

    # Behind the curtain nobody sees anything of it, and points at nothing.
    press(ada, "#point-button")
    press(cleo, "#point-button")
    ada.move(500, 300)
    cleo.move(200, 100)
    sees(cleo, "Ada", (500, 300))
    sees(ada, "Cleo", (200, 100))
    press(cleo, "#curtain-button")
    sees_nobody(ada)
    sees_nobody(cleo)
    assert not is_pressed(ada)
    cleo.move(210, 110)
    press(cleo, "#curtain-button")
    cleo.move(220, 120)
    sees(ada, "Cleo", (220, 120))
    # The right goes, and what a changed page sends goes nowhere.
    press(ada, "#point-button")
    ada.move(510, 310)
    sees(cleo, "Ada", (510, 310))
    switch(cleo, "Ada", "point", False)
    sees_nobody(cleo)
    eventually(lambda: ada.ask("document.getElementById('point-button').hidden"), what="Ada may not point")
    forged = [0x43, 1, 0x70, 0, 0, 9, 0, 9, 0, 0, 0, 0, 0, 0]
    ada.send_raw("pointing", forged)
    cleo.move(230, 130)
    sees(ada, "Cleo", (230, 130))
    assert pointers(cleo) == {}
    # A finger points, and a tap marks, to the pixel of its own screen.
    switch(cleo, "Otto", "point", True)
    eventually(lambda: not otto.ask("document.getElementById('point-button').hidden"), what="Otto may point")
    otto.tab.page.tap("#point-button")
    eventually(lambda: cleo.ask(RINGS) == [], what="there is no ring")
    otto.tab.tap(*otto.at(400, 300))
    eventually(lambda: cleo.ask(RINGS), what="Cleo sees Otto's ring")
    sees(cleo, "Otto", (400, 300), 1.5 / otto.scale())
    # Whoever holds control drives as ever, and is seen pointing.
    cleo.take_control()
    cleo.click(700, 450)
    eventually(lambda: desk.pattern.events("buttonDown"), what="Cleo drives")
    sees(ada, "Cleo", (700, 450))
    # And goes with whoever goes.
    cleo.move(710, 460)
    sees(otto, "Cleo", (710, 460))
    cleo.close()
    sees_nobody(ada)



def go_to(visitor, selector):
    """With Tab alone."""
    for _ in range(60):
        visitor.press("Tab")
        if visitor.ask(f"document.activeElement.matches({selector!r})"):
            return
    raise AssertionError(f"{visitor.name} does not come to {selector}")


def has_turn(visitor, *others):
    """Whose turn it is drives, and everybody sees it."""
    eventually(visitor.holds_control, what=lambda: f"{visitor.name} has control: {visitor.state()['control']}")
    eventually(lambda: text(visitor, "control-label") == "Your turn", what=lambda: text(visitor, "control-label"))
    for other in others:
        token = f".tile[data-turn=true][data-person='{number(other, visitor.name)}']"
        eventually(lambda other=other, token=token: other.ask(f"document.querySelector({token!r}) !== null"), what="the token")
        assert not other.holds_control()


def test_control_goes_from_one_to_the_next(open_room, desk, visitor):
    room = open_room(desk, **links.SETTINGS)
    cleo = visitor("Cleo", width=1280, height=800).join(links.link(room, "cleo", "clinician"))
    ada = visitor("Ada", width=390, height=844).join(links.link(room, "ada", "client"))
    ben = visitor("Ben", width=900, height=700).join(links.link(room, "ben", "client"))
    for one in (cleo, ada, ben):
        eventually(lambda one=one: one.state()["people"] == 3, what=f"{one.name} sees everybody")
    # With the keyboard alone: Ben first, then Ada.
    for key in ("Alt", "Shift"):
        cleo.tab.key_down(key)
    cleo.press("P")
    for key in ("Shift", "Alt"):
        cleo.tab.key_up(key)
    go_to(cleo, "#turns-button")
    cleo.press("Enter")
    go_to(cleo, f"#turns-order li[data-person='{number(cleo, 'Ben')}'] [data-step='-1']")
    cleo.press("Enter")
    assert cleo.ask("document.activeElement.dataset.step") == "-1"
    go_to(cleo, "#turns-start")
    cleo.press("Enter")
    has_turn(ben, cleo, ada)
    assert text(ada, "control-label") == "Ben’s turn, then you"
    assert text(cleo, "control-label") == "Ben’s turn, then Ada"
    shoot(cleo, "turns-1280")
    shoot(ada, "turns-390")
    # Nobody else asks.
    ada.click_element("control")
    eventually(lambda: "Control goes in turns" in text(ada, "notice"), what=lambda: text(ada, "notice"))
    # Whose turn it is passes it on, and so does the clinician.
    ben.click_element("control")
    has_turn(ada, cleo, ben)
    shoot(ada, "turn-390")
    press(cleo, "#turns-pass")
    has_turn(ben, cleo, ada)
    # Who is to watch is skipped.
    act(cleo, ada, "lock")
    press(cleo, "#turns-pass")
    eventually(lambda: "Nobody else is there" in text(cleo, "notice"), what=lambda: text(cleo, "notice"))
    act(cleo, ada, "lock")
    # The clinician takes it back for a moment.
    press(cleo, "#take-back")
    eventually(cleo.holds_control, what="Cleo has control")
    eventually(lambda: text(ada, "control-label") == "Turns are paused", what=lambda: text(ada, "control-label"))
    shoot(cleo, "turns-paused-1280")
    cleo.click_element("control")
    has_turn(ben, cleo, ada)
    cleo.ask("document.getElementById('people').hidden && document.getElementById('people-button').click()")
    press(cleo, "#turns-end")
    eventually(lambda: "no more" in text(ada, "notice"), what=lambda: text(ada, "notice"))
    assert ben.holds_control() and text(ada, "control-label") == "Ben is in control"
    # For five seconds each; the page offers minutes.
    cleo.ask("(document.querySelector('#turns-time option:nth-child(2)').value = '5', "
             "document.getElementById('turns-time').value = '5')")
    press(cleo, "#turns-start")
    has_turn(ben, cleo)
    eventually(lambda: text(ben, "control-time") != "", what="Ben sees how long it is his turn")
    has_turn(ada, cleo)
    # And with whoever leaves.
    ada.ask("document.getElementById('leave-button').click()")
    has_turn(ben, cleo)
