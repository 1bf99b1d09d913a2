"""The desk is seen and heard."""

from desk import CENTRES, HEIGHT, QUADRANTS, WIDTH
from waiting import eventually

MIDDLE = (WIDTH // 2, HEIGHT // 2)


def test_the_picture_is_right_in_every_quadrant(room, visitor):
    ada = visitor().join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    # Close to every corner, too: nothing is cut off, shifted or stretched.
    corners = [(4, 4), (WIDTH - 5, 4), (4, HEIGHT - 5), (WIDTH - 5, HEIGHT - 5)]
    ada.wait_for_colours(QUADRANTS, corners)
    assert ada.ask("probe.size()") == [WIDTH, HEIGHT]
    assert ada.inbound()["codec"] == "video/H264"
    assert ada.state()["problem"] == "connected"
    assert (ada.dropped(), ada.problems()) == ([], [])


def test_a_change_is_seen_at_once(room, desk, visitor):
    ada = visitor().join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    for colour in ("ff8000", "00c0c0", "202020"):
        desk.pattern.obey(f"block {colour}")
        took = ada.wait_for_colours([tuple(bytes.fromhex(colour))], [MIDDLE])
        # A small part of what joining takes.
        assert took < ada.joined_in / 2


def test_whoever_comes_later_sees_a_still_desk_too(room, visitor):
    visitor("Ada").join(room.address).wait_for_colours(QUADRANTS, CENTRES)
    for name in ("Ben", "Cleo"):
        visitor(name).join(room.address).wait_for_colours(QUADRANTS, CENTRES)


def test_a_tone_on_the_desk_is_heard(room, desk, visitor):
    ada = visitor().join(room.address)
    for frequency in (440, 1000):
        player = desk.sound.play(frequency)
        ada.hears(frequency)
        player.kill()
    energy = ada.inbound("audio")["totalAudioEnergy"]
    desk.sound.play(440)
    eventually(lambda: ada.inbound("audio")["totalAudioEnergy"] > energy, what="the page plays it")
    assert ada.state()["sound"] == "on"
