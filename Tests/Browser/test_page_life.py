"""What the page says when the session comes to its end, against a room inside the page."""

import pytest

from pageroom import text, wait

STOPPING = "fake.send({ type: 'closing', code: 'roomStopping', values: { seconds: %d }, message: 'x' })"


def test_people_see_and_hear_how_much_time_is_left(open_page):
    page = open_page()
    page.evaluate(STOPPING % 25)
    wait(page, "!document.getElementById('notice').hidden")
    # A live region: who listens hears it.
    assert page.get_attribute("#notice", "role") == "status"
    assert text(page, "#notice") == "The room is being shut down: the session ends in 25 seconds."
    wait(page, "/The session ends in .?0:2[0-5]/.test(document.getElementById('closing').textContent)")
    # What counts is no live region, which would speak each second.
    assert page.evaluate("document.getElementById('closing').closest('[role=status], [aria-live]')") is None


def test_whoever_listens_is_told_once_more_before_the_end(open_page):
    page = open_page()
    page.evaluate(STOPPING % 12)
    wait(page, "/^Only .?(10|9|8) seconds.? left in this session.$/.test(document.getElementById('announcement').textContent)")


def test_long_before_the_end_it_is_only_said(open_page):
    page = open_page()
    page.evaluate("fake.send({ type: 'closing', code: 'timeAlmostOver', values: { seconds: 300 }, message: 'x' })")
    wait(page, "!document.getElementById('notice').hidden")
    assert text(page, "#notice") == "The time for this session is almost over: it ends in 5 minutes."
    assert page.is_hidden("#closing")


@pytest.mark.parametrize("code, words", [
    ("sessionEndedStopped", "The session has ended, because the room was shut down. You can close this page."),
    ("sessionEndedTime", "The time for this session is over. You can close this page."),
])
def test_the_end_is_told_with_its_reason(code, words, open_page):
    page = open_page()
    page.evaluate(STOPPING % 25)
    wait(page, "!document.getElementById('closing').hidden")
    page.evaluate(f"fake.end('{code}')")
    wait(page, "!document.getElementById('left').hidden")
    assert (text(page, "#left-title"), text(page, "#left-text")) == ("The session has ended", words)
    assert page.is_hidden("#closing")


def test_it_is_said_in_spanish_too(open_page):
    page = open_page(language="es")
    page.evaluate(STOPPING % 25)
    wait(page, "!document.getElementById('notice').hidden")
    assert text(page, "#notice") == "La sala se está cerrando: la sesión termina dentro de 25 segundos."
    wait(page, "/^La sesión termina en .?0:2[0-5]/.test(document.getElementById('closing').textContent)")


def test_on_a_small_page_it_fits(open_page):
    page = open_page(width=390, height=700)
    page.evaluate(STOPPING % 25)
    wait(page, "!document.getElementById('closing').hidden")
    box = page.locator("#closing").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_nothing_stays_open_over_the_last_page(open_page):
    page = open_page()
    page.evaluate("() => fake.send({ type: 'clipboard', toDesk: true, fromDesk: true, limit: 8388608, serial: 3, kinds: ['text'], bytes: 9, tooLarge: false })")
    wait(page, "document.getElementById('clipboard-button').checkVisibility()")
    for name in ("help", "clipboard"):
        page.click(f"#{name}-button")
        assert page.is_visible(f"#{name}") and page.get_attribute(f"#{name}-button", "aria-expanded") == "true"
    page.evaluate("() => fake.end('sessionEndedStopped')")
    wait(page, "document.getElementById('left-title').checkVisibility()")
    assert page.evaluate("[...document.querySelectorAll('.panel:not([hidden])')].map(({ id }) => id)") == []
    assert page.evaluate("[...document.querySelectorAll('.popup > [aria-expanded=true]')].map(({ id }) => id)") == []
