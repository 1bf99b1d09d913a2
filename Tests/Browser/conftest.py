"""Desk, room and browsers for the tests. Everything is on loopback, and each test's processes end with it."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import sync_playwright

import bidi
import chromium
from bidi import Firefox
from desk import Desk, Sound, compiled_pattern, missing_programs
from member import Member, speech
from pageroom import pages
from room import Room
from visitor import Visitor


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure comes with the end of the room's log."""
    report = yield
    if report.failed:
        for room in getattr(item, "rooms", []):
            report.sections.append(("room's log", room.log()))
    return report


@pytest.fixture(scope="session")
def pattern_program(tmp_path_factory):
    assert not missing_programs(), f"missing {missing_programs()}: scripts/setup test"
    return compiled_pattern(tmp_path_factory.mktemp("clients"))


@pytest.fixture
def folder(tmp_path_factory):
    """A folder for this test's logs and sockets; a short path, because sockets have short names."""
    return tmp_path_factory.mktemp("t", numbered=True)


@pytest.fixture
def desk(folder, pattern_program):
    """X server, sound and the pattern client."""
    with ExitStack() as stack:
        desk = Desk(folder, pattern_program)
        stack.callback(desk.stop)
        yield desk


@pytest.fixture
def open_room(request, folder):
    """Starts rooms: open_room(desk=None, **settings). Each is ended, and must end well."""
    request.node.rooms = []
    with ExitStack() as stack:

        def start(desk=None, **settings):
            room = Room(folder, desk, **settings)
            request.node.rooms.append(room)
            stack.callback(room.stop)
            return room

        yield start


@pytest.fixture
def room(open_room, desk):
    """A room attached to `desk`."""
    return open_room(desk)


@pytest.fixture(scope="session")
def playwright():
    """The one of all tests: a second beside it does not start."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium_browser(playwright):
    browser = playwright.chromium.launch(executable_path=chromium.PROGRAM, args=chromium.ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def chromium_tab(chromium_browser):
    """Opens Chromium tabs: chromium_tab(width, height)."""
    with ExitStack() as stack:

        def open_tab(**size):
            tab = chromium.Tab(chromium_browser, **size)
            stack.callback(tab.close)
            return tab

        yield open_tab


@pytest.fixture
def visitor(chromium_tab):
    """Makes people in Chromium: visitor("Ada")."""
    return lambda name="Ada", **size: Visitor(chromium_tab(**size), name)


@pytest.fixture
def firefox(folder):
    """A Firefox of this test's own, with a sound card of its own."""
    with ExitStack() as stack:
        ears = folder / "ears"
        ears.mkdir()
        sound = Sound(ears)
        stack.callback(sound.stop)
        browser = Firefox(folder, sound.server)
        stack.callback(browser.close)
        yield browser


@pytest.fixture(scope="session")
def browser_with_devices(chromium_browser, tmp_path_factory):
    voice = speech(tmp_path_factory.mktemp("voice") / "voice.wav")
    browser = chromium_browser.browser_type.launch(
        executable_path=chromium.PROGRAM,
        args=[
            *chromium.ARGUMENTS,
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={voice}",
        ],
    )
    yield browser
    browser.close()


@pytest.fixture
def open_page(browser_with_devices):
    """Opens pages against rooms inside them: see pageroom.pages."""
    with pages(browser_with_devices) as start:
        yield start


@pytest.fixture
def member(browser_with_devices, room):
    """Makes people who are in the room: member("Ada")."""
    members = []

    def enter(name, before="", **size):
        one = Member(chromium.Tab(browser_with_devices, **size), name)
        one.tab.before_pages(before)
        members.append(one)
        return one.join(room.address)

    yield enter
    try:
        for one in members:
            if not one.tab.page.is_closed():
                assert one.problems() == [], one.name
    finally:
        for one in members:
            one.close()


@pytest.fixture
def ada(member):
    return member("Ada")


@pytest.fixture
def ben(ada, member):
    return member("Ben")


@pytest.fixture
def firefox_with_devices(monkeypatch, request):
    monkeypatch.setitem(bidi.PREFERENCES, "media.navigator.streams.fake", True)
    return request.getfixturevalue("firefox")
