"""Several people drive one desk at once, each with a pointer and a keyboard of their own, with real browsers and a real X server."""

from test_floor import act, chord, press, text, x  # noqa: F401
from waiting import eventually


def hands(x):
    """The pointers of the X server that are there for somebody who drives beside another one."""
    return [name for name in x.masters() if name.startswith("Deskroom hand") and name.endswith("pointer")]


def terminal(desk, folder, name, place):
    """A terminal at this place whose text goes to a file, line by line as it is typed."""
    typed = folder / name
    desk.start(
        "env", "LC_ALL=C.UTF-8", "xterm", "-u8", "-geometry", f"60x12{place}", "-e", "sh", "-c",
        f"stty -echo -icanon; cat > {typed}",
    )
    eventually(typed.exists, what=f"the terminal {name} runs")
    return lambda: typed.read_text()


def test_two_drive_two_terminals_at_once(open_room, desk, visitor, folder, x):  # noqa: F811
    room = open_room(desk, CONTROL_HANDS="2")
    # Only whoever has no business on the pattern's window may type: its record has what went astray.
    left = terminal(desk, folder, "left.txt", "+20+40")
    right = terminal(desk, folder, "right.txt", "+660+40")
    ada, ben = visitor("Ada").join(room.address), visitor("Ben").join(room.address)
    ada.take_control()
    act(ada, ben, "beside")
    eventually(ben.holds_control, what="Ben drives, too")
    assert ada.holds_control()
    assert text(ada, "control-label") == "You drive with Ben" and text(ben, "control-label") == "You drive with Ada"
    press(ada, "#people-button")
    ada.ask("document.getElementById('keys').focus()")

    # The first letters say when both terminals take them.
    for one, place, read in ((ada, 200, left), (ben, 860, right)):
        one.click(place, 120)
        eventually(lambda: (one.press("0"), read())[1], every=0.2, what=f"{one.name}'s terminal takes keys")
    before = left(), right()
    assert set(before[0] + before[1]) == {"0"}

    # Each other's letters in between, with Shift held by one of them; then characters that the layout lacks.
    ben.tab.key_down("Shift")
    for one, other in zip("the quick brown fox", "JUMPS OVER LAZY DOG", strict=True):
        ada.press(one)
        ben.press(other)
    ben.tab.key_up("Shift")
    ada.tab.page.keyboard.insert_text("größer Ελλά")
    ben.tab.page.keyboard.insert_text("naïve Пример")
    wanted = before[0] + "the quick brown foxgrößer Ελλά", before[1] + "JUMPS OVER LAZY DOGnaïve Пример"
    eventually(lambda: (left(), right()) == wanted, what=lambda: f"each has their own: {(left(), right())}")
    assert desk.pattern.text() == ""

    # Each sees where the other is, by name, and the bar's words are those of several.
    ben.move(900, 300)
    eventually(
        lambda: ada.ask("[...document.querySelectorAll('#pointers .pointer')].some((one) => one.textContent === 'Ben')"),
        what="Ada sees Ben's pointer",
    )
    ada.move(300, 300)
    eventually(
        lambda: ben.ask("[...document.querySelectorAll('#pointers .pointer')].some((one) => one.textContent === 'Ada')"),
        what="Ben sees Ada's pointer",
    )

    # It is taken back in the middle of a press: nothing stays down, and Ada goes on.
    assert len(hands(x)) == 1
    ben.tab.down()
    ben.tab.key_down("q")
    eventually(lambda: right().endswith("q"), what="Ben's key is down")
    act(ada, ben, "stop")
    eventually(lambda: not ben.holds_control(), what="Ben drives no more")
    eventually(lambda: hands(x) == [], what="Ben's hand is gone")
    ben.press("w")
    ben.tab.up()
    ben.tab.key_up("q")
    assert ada.holds_control()
    ada.click(200, 120)
    ada.press("z")
    eventually(lambda: left() == wanted[0] + "z", what="Ada goes on")
    assert right() == wanted[1] + "q"

    # Who asks can be let drive beside; the chord ends it for all.
    ben.click_element("control")
    eventually(lambda: text(ada, "request-line") == "Ben asks for control", what="Ada is asked")
    press(ada, "#request-beside")
    eventually(ben.holds_control, what="Ben drives again")
    health = room.health()
    assert health["control"]["undelivered"] == 0
    chord(ada)
    eventually(lambda: not ben.holds_control() and not ada.holds_control(), what="nobody drives any more")
    eventually(lambda: hands(x) == [], what="no hand is left")
    assert "the quick" not in room.log(10_000)
