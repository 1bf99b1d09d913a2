"""From a person's hand to the picture that shows what it did: what the page says of it is what one measures from outside."""

from inputdelay import OUTSIDE, compiled_flip, percentile, press
from waiting import eventually

PARTS = ["network", "inject", "application", "capture", "encode", "decode"]
KEYS = 30


def test_the_page_says_how_long_it_takes_from_a_key_to_its_picture(room, desk, folder, visitor):
    ada = visitor("Ada")
    ada.tab.before_pages(OUTSIDE)
    ada.join(room.address)
    assert ada.state()["input"] is None
    ada.take_control()
    desk.start(compiled_flip(folder))
    ada.wait_for_colours([(0, 0, 0)], [(100, 100)])
    samples = press(ada, KEYS)
    assert len(samples) >= KEYS - 2
    figures = eventually(lambda: ada.state()["input"], what="the page has measured")
    assert figures["count"] >= KEYS - 5, figures
    outside = percentile([one["painted"] for one in samples], 0.5)
    assert abs(figures["total"]["median"] - outside) <= 5, (figures, outside)
    # What it is made of is all of it: medians of parts that vary add up only about.
    parts = sum(figures[part]["median"] for part in PARTS)
    assert 0.6 <= parts / figures["total"]["median"] <= 1.4, figures
    assert all(figures[part]["p95"] >= figures[part]["median"] >= 0 for part in PARTS)
    # An application that draws at once, on a screen that was still, waits for no frame.
    assert figures["application"]["median"] > 0

    told = eventually(lambda: room.health()["control"].get("inputToPicture"), what="the room is told")
    assert told["total"]["median"] > 0 and told["count"] > 0
    assert f"input.total.median={figures['total']['median']:g}"[:20] in ada.ask("deskroom.details()")
    ada.click_element("settings-button")
    words = lambda: ada.ask("document.getElementById('quality-line').textContent")
    eventually(lambda: "From your hand to the picture" in words(), what=lambda: f"a person can read it: {words()!r}")


def test_what_changes_nothing_is_not_counted(room, visitor):
    """Keys that no program does anything with, on a screen that is still."""
    ada = visitor("Ada").join(room.address)
    ada.take_control()
    for _ in range(5):
        ada.press("Control")
    assert ada.state()["input"] is None
