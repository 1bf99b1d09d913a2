"""A terminal on the desk, whatever the locale is that the room was started in."""

import pytest

from desk import CLIENTS
from test_confinement import others_may_write, place, plainly  # noqa: F401
from waiting import eventually


@pytest.mark.parametrize("locale", [["-u", "LANG"], ["LC_ALL=C"], ["LANG=C.UTF-8"]], ids=["none", "C", "UTF-8"])
@others_may_write
def test_a_letter_with_an_accent_is_one_character(locale, open_room, place, visitor):  # noqa: F811
    said = place / "columns.txt"
    # xterm does not run as root without root's rights.
    room = open_room(
        prefix=[*plainly(place), "env", *locale], RUNTIME_DIR=str(place / "run"),
        DESK_APPS=f"xterm -geometry 80x24+0+0 -e {CLIENTS / 'columns'} {said}",
    )
    lines = lambda: said.read_text().splitlines() if said.exists() else []  # noqa: E731
    eventually(lambda: len(lines()) >= 2, what=lambda: f"the terminal runs: {room.log()}")
    assert lines()[0] == "printed 2"
    ada = visitor("Ada").join(room.address)
    ada.wait_for_picture()
    ada.take_control()
    ada.click(150, 120)
    ada.tab.page.keyboard.insert_text("é")
    eventually(lambda: len(lines()) == 3, what=lambda: f"it was typed: {lines()}")
    assert lines()[2] == "typed 2 c3a9"
