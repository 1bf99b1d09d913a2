"""The page in Firefox, against a room inside the page."""

import pytest

import bidi
from pagefiles import served
from pageroom import FAKE
from waiting import eventually


@pytest.fixture
def firefox_that_asks(monkeypatch, request):
    monkeypatch.setitem(bidi.PREFERENCES, "dom.disable_beforeunload", False)
    return request.getfixturevalue("firefox_with_devices")


@pytest.fixture
def page(firefox_that_asks):
    """In the room."""
    firefox = firefox_that_asks
    with served() as address:
        firefox.before_pages(FAKE)
        firefox.goto(f"{address}/index.html")
        click(firefox, "name")
        for key in ("A", "d", "a", "Enter"):
            firefox.key_down(key)
            firefox.key_up(key)
        eventually(lambda: firefox.evaluate("deskroom.state().signalling.state") == "joined", 20, what="the room")
        yield firefox


def click(firefox, name):
    box = firefox.evaluate(f"document.getElementById('{name}').getBoundingClientRect().toJSON()")
    firefox.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    firefox.down()
    firefox.up()


def closes_unasked(firefox):
    """Whether the page goes when its tab is closed; if it asks, it is told to stay."""
    # Of the last tab Firefox would end.
    firefox.do("browsingContext.create", type="tab", background=True)
    firefox.do("session.subscribe", events=["browsingContext.userPromptOpened"])
    closing = firefox.begin("browsingContext.close", context=firefox.context, promptUnload=True)
    while True:
        told = firefox.next()
        if told.get("id") == closing:
            return True
        if told.get("method") == "browsingContext.userPromptOpened":
            assert told["params"]["type"] == "beforeunload"
            firefox.do("browsingContext.handleUserPrompt", context=firefox.context, accept=False)
            return False


@pytest.mark.parametrize("button, state", [
    ("control", "deskroom.state().control.mine"), ("microphone-button", "deskroom.state().media.audio === 'on'"),
])
def test_firefox_asks_before_a_page_goes_that_would_be_missed(page, button, state):
    click(page, button)
    eventually(lambda: page.evaluate(state), 10, what=state)
    assert not closes_unasked(page)
    assert page.evaluate("deskroom.state().signalling.state") == "joined"
    click(page, "leave-button")
    eventually(lambda: page.evaluate("document.getElementById('rejoin').checkVisibility()"), 5, what="has left")
    assert closes_unasked(page)


def test_a_page_that_is_gone_back_to_in_firefox_is_in_the_room_again(page):
    page.evaluate("window.mark = 1, addEventListener('pageshow', ({ persisted }) => { sessionStorage.kept = persisted; }) ?? 0")
    there = page.evaluate("location.href")
    page.goto(there.replace("index.html", "words.js"))
    page.do("browsingContext.traverseHistory", context=page.context, delta=-1)

    def is_back():
        try:
            return page.evaluate("window.deskroom?.state().signalling.state === 'joined' && window.mark === undefined")
        except bidi.BiDiError:
            # Asked in the middle of it.
            return False

    eventually(is_back, 15, every=0.2, what="the page is back")
    assert page.evaluate("fake.last('join').resume") == "token"
