"""A clinician and two clients in one session, from the waiting room to a removal, as they would go through it.

Dr. Ada has a keyboard and no mouse, and so has Ben; Cem has a phone. `PICTURES=folder` keeps what they see.
"""

import json
from contextlib import ExitStack

import pytest
from websockets.sync.client import connect

import chromium
import events
import links
from attackers import hear, say
from bidi import Firefox
from desk import CENTRES, QUADRANTS
from hands import Hands
from visitor import TOLERANCE
from waiting import eventually
from xstate import SHIFT, XState

LARGE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
# Every client has to agree before somebody else than a client drives; nobody waits long for a No.
SETTINGS = {**links.SETTINGS, "ROOM_WAITING": "", "CONTROL_CONSENT": "client", "CONTROL_TIMEOUT": "120"}
MIDDLE = (640, 360)
REVOKE = ("Control", "Alt", "Shift", "x")
CASTS = {
    "chromium": {"ada": "chromium", "ben": "chromium", "cem": "chromium"},
    "firefox": {"ada": "firefox", "ben": "firefox", "cem": "chromium"},
    "firefox-phone": {"ada": "chromium", "ben": "chromium", "cem": "firefox"},
}


@pytest.fixture
def room(open_room, desk):
    return open_room(desk, **SETTINGS)


@pytest.fixture
def x(desk):
    state = XState(desk.x.display)
    yield state
    state.close()


@pytest.fixture
def open_tab(request, folder, desk):
    """Opens a tab of either browser, each with a profile of its own."""
    with ExitStack() as stack:

        def start(browser, name, size):
            if browser == "chromium":
                touch = {"has_touch": True, "is_mobile": True} if size is PHONE else {}
                tab = chromium.Tab(request.getfixturevalue("chromium_browser"), **size, **touch)
            else:
                (folder / name).mkdir()
                tab = Firefox(folder / name, desk.sound.server, **size)
            stack.callback(tab.close)
            if browser == "firefox":
                tab.take_keyboard()
            return tab

        yield start


@pytest.fixture(params=CASTS.values(), ids=CASTS.keys())
def people(request, open_tab):
    cast = request.param
    return (
        Hands(open_tab(cast["ada"], "ada", LARGE), "Dr. Ada"),
        Hands(open_tab(cast["ben"], "ben", LARGE), "Ben"),
        Hands(open_tab(cast["cem"], "cem", PHONE), "Cem", has_fingers=True),
    )


def test_a_session_from_the_waiting_room_to_a_removal(people, room, desk, x, request):
    session = Session(people, room, desk, x, f"clinic {request.node.callspec.id}")
    session.wait_in_the_waiting_room()
    session.come_in()
    session.agree_that_the_clinician_drives()
    session.end_control_from_the_desk()
    session.ask_for_control_and_drive()
    session.revoke_while_it_floods()
    session.drive_by_finger()
    session.draw_the_curtain()
    session.hide_a_rectangle()
    session.remove_for_good()


class Session:
    """The steps, each of which begins where the one before has ended."""

    def __init__(self, people, room, desk, x, title):
        self.ada, self.ben, self.cem = self.people = people
        self.clients = people[1:]
        self.room, self.desk, self.x = room, desk, x
        self.title = title
        self.cems_link = links.link(room, "client-cem")

    def keep(self, number, *people):
        for one in people:
            one.keep_picture(f"{self.title} {number}")

    def wait_in_the_waiting_room(self):
        ada, ben, cem = self.people
        ada.wait_in_front_of(links.link(self.room, "dr-1", "clinician", name="Dr. Ada"))
        ada.wait_to_be_in()
        ben.wait_in_front_of(links.link(self.room, "client-ben"))
        cem.wait_in_front_of(self.cems_link)
        for one in self.clients:
            assert one.words("#wait-title") == "You are in the waiting room"
            one.wait_for_words("#check-network-words", "The room is reached")
            # Nobody is named on it, not even by the title of the page, and nothing is sent to it.
            assert not any(name in one.page() + one.ask("document.title") for name in ("Ada", "Ben", "Cem"))
            assert one.state()["publish"]["connection"] == one.state()["subscribe"]["connection"] == "none"
            assert not one.ask("probe.size()")
        ada.wait_for_words("#lobby-count", "2")
        self.keep("1 waiting", ben, cem)

    def come_in(self):
        """One by themselves, the others all at once: an interpreter waits, too, and goes again."""
        ada, ben, cem = self.people
        ada.use("#lobby-button")
        self.keep("1 waiting", ada)
        ada.use("#lobby [data-act='admit'][aria-label*='Ben']")
        ben.wait_to_be_in()
        assert cem.words("#wait-title") == "You are in the waiting room"
        with connect(self.room.address.replace("http", "ws", 1) + "room", open_timeout=10) as dia:
            say(dia, type="join", name="Dia", token=links.token("observer-1", "observer"))
            hear(dia, "waiting")
            ada.wait_for_words("#lobby-count", "2")
            # The focus has gone on to Cem's buttons, which are further down.
            ada.use("#lobby-all", backwards=True)
            cem.wait_to_be_in()
            hear(dia, "welcome")
            say(dia, type="leave")
        ada.wait_until_gone("#lobby-button")
        for one in self.people:
            eventually(lambda: one.state()["people"] == 3, what=lambda: f"{one.name} is among three")
            one.wait_for_colours(QUADRANTS, CENTRES)
        self.keep("2 in the room", *self.people)

    def agree_that_the_clinician_drives(self):
        ada, ben, cem = self.people
        ada.use("#control", backwards=True)
        for one in self.clients:
            one.wait_for_words("#consent-line", "May Dr. Ada drive the desk?")
            assert not one.ask("document.getElementById('consent').contains(document.activeElement)")
        self.keep("3 consent", *self.people)
        ben.chord("Alt", "Shift", "a")
        ben.use("#consent-yes")
        ben.wait_until_gone("#consent")
        assert not ada.holds_control(), "not before both have said yes"
        cem.use("#consent-yes")
        eventually(ada.holds_control, what="Dr. Ada has control")
        for one in self.clients:
            one.wait_for_words("#control", "Dr. Ada is in control")
            one.wait_for_words("#agreed-line", "Dr. Ada drives with your consent.")
        assert ada.focused() == "keys"
        ada.type("Hello\n")
        self.wait_for_text("Hello\n")
        self.keep("4 the clinician drives", *self.people)

    def end_control_from_the_desk(self):
        ada = self.ada
        ada.tab.key_down("c")
        eventually(self.x.keys, what="a key is down")
        with ada.holding(*REVOKE):
            eventually(lambda: not ada.holds_control(), what="nobody has control")
        eventually(lambda: not self.x.held(), what=lambda: f"nothing is held: {self.x.keys()}, {self.x.pointer()}")
        ada.tab.key_up("c")
        assert "x" not in self.text().lower()

    def ask_for_control_and_drive(self):
        """Whoever has agreed once is not asked again; and the question to the holder takes no key from the desk."""
        ada, ben, cem = self.people
        with ada.holding("Alt", "Shift", "d"):
            eventually(ada.holds_control, what="Dr. Ada has control again")
        assert ada.focused() == "keys"
        assert all(one.ask("document.getElementById('consent').hidden") for one in self.clients)
        ben.chord("Alt", "Shift", "d")
        ada.wait_for_words("#request-line", "Ben asks for control")
        before = self.text()
        ada.type("on\n")
        self.wait_for_text(before + "on\n")
        self.keep("5 request", *self.people)
        ada.chord("Control", "Alt", "Shift")
        assert ada.focused() == "request"
        ada.use("#request-yes")
        eventually(ben.holds_control, what="Ben has control")
        for one in (ada, cem):
            one.wait_for_words("#control", "Ben is in control")
        before = self.text()
        ben.type("Ben here\n")
        self.wait_for_text(before + "Ben here\n")
        self.keep("6 a client drives", *self.people)

    def revoke_while_it_floods(self):
        """Ben's page goes on for as long as it likes, with keys and buttons that it never lets go."""
        ada, ben, pattern = self.ada, self.ben, self.desk.pattern
        lease = ben.leases()[-1]
        ben.tab.key_down("Shift")
        down, up = events.key_down(lease, ord("f")), bytearray(events.key_down(lease, ord("f")))
        up[0] = 6
        ben.send_raw("control", events.button_down(lease, *MIDDLE))
        eventually(lambda: self.x.buttons() == 1 and self.x.pointer()[2] & SHIFT, what="both are down")
        messages = json.dumps([list(one) for one in (down, up)])
        ben.ask(f"""(() => {{
            const {{ channel }} = probe.channels.findLast(({{ label, closed }}) => label === 'control' && !closed);
            const messages = {messages}.map((one) => new Uint8Array(one));
            window.flood = setInterval(() => {{
                for (let i = 0; i < 4; i += 1) for (const one of messages) channel.send(one);
            }}, 8);
        }})()""")
        eventually(lambda: len(pattern.events("keyDown")) > 200, what="the flood arrives")
        refused = self.refused()
        ada.chord(*REVOKE)
        eventually(lambda: not ben.holds_control(), what="Ben has lost control")
        eventually(lambda: not self.x.held(), what=lambda: f"nothing is held: {self.x.keys()}, {self.x.pointer()}")
        # It is the desk that has let go of the button, last of all that came under the lease.
        eventually(lambda: pattern.events("buttonUp"), what="the button is let go")
        eventually(lambda: self.refused() > refused + 100, what="the flood is refused")
        arrived = len(pattern.events())
        eventually(lambda: self.refused() > refused + 1_000, what="and goes on being refused")
        assert len(pattern.events()) == arrived
        assert not self.x.held()
        ben.ask("clearInterval(window.flood)")
        ben.tab.key_up("Shift")
        ben.wait_for_words("#notice", "Control was taken back.")
        self.keep("7 revoked", *self.people)

    def drive_by_finger(self):
        """On the phone: ask, tap on the desk, and be relieved of it by a button."""
        ada, ben, cem = self.people
        cem.use("#control")
        eventually(cem.holds_control, what="Cem has control")
        for one in (ada, ben):
            one.wait_for_words("#control", "Cem is in control")
        before = len(self.desk.pattern.events("buttonDown"))
        cem.tap_desk(300, 200)
        eventually(lambda: len(self.desk.pattern.events("buttonDown")) > before, what="the tap arrives")
        # A pixel of the phone is several of the desk.
        hit, off = self.desk.pattern.events("buttonDown")[-1], 1 / cem.scale() + 1
        assert abs(hit["x"] - 300) <= off and abs(hit["y"] - 200) <= off, hit
        self.keep("8 the phone drives", *self.people)
        ada.use("#take-back")
        eventually(lambda: ada.holds_control() and not cem.holds_control(), what="Dr. Ada has taken it back")

    def draw_the_curtain(self):
        """While keys go to the desk, which gets none of this one."""
        ada, pattern = self.ada, self.desk.pattern
        assert ada.focused() == "keys"
        before = self.text()
        ada.chord("Alt", "Shift", "k")
        for one in self.clients:
            one.wait_for_words("#curtain-title", "The desk is hidden for a moment")
            eventually(lambda: hides(one, QUADRANTS, CENTRES), what=lambda: f"hidden from {one.name}: {one.pixels(CENTRES)}")
        for colour in [(0xFF, 0x80, 0x00), (0x00, 0xC0, 0xC0), (0xFF, 0x80, 0x00)]:
            pattern.obey("block " + "".join(f"{part:02x}" for part in colour))
            ada.wait_for_colours([*QUADRANTS, colour], [*CENTRES, MIDDLE])
            for one in self.clients:
                assert hides(one, [*QUADRANTS, colour], [*CENTRES, MIDDLE]), one.pixels([*CENTRES, MIDDLE])
        self.keep("9 curtain", *self.people)
        ada.chord("Alt", "Shift", "k")
        for one in self.people:
            one.wait_for_colours([*QUADRANTS, (0xFF, 0x80, 0x00)], [*CENTRES, MIDDLE])
        for one in self.clients:
            one.wait_until_gone("#curtain")
        assert self.text() == before and not self.x.held()

    def hide_a_rectangle(self):
        ada, orange = self.ada, (0xFF, 0x80, 0x00)
        ada.chord("Control", "Alt", "Shift")
        ada.use("#mask-button")
        ada.use("#mask-add")
        assert ada.focused() == "mask-draft"
        for key in ("ArrowLeft", "ArrowRight"):
            ada.press(key)
        self.keep("10 drawing", ada)
        ada.press("Enter")
        assert ada.focused() == "mask-button" and ada.ask("document.getElementById('masks').hidden")
        for one in self.clients:
            one.wait_for_words("#privacy-line", "Parts of the desk are hidden")
            eventually(lambda: hides(one, [orange], [MIDDLE]), what=lambda: f"hidden from {one.name}: {one.pixels([MIDDLE])}")
            one.wait_for_colours(QUADRANTS, CENTRES)
        ada.wait_for_colours([*QUADRANTS, orange], [*CENTRES, MIDDLE])
        self.keep("10 masked", *self.people)
        ada.use("#mask-button")
        ada.use("#mask-list button")
        for one in self.people:
            one.wait_for_colours([*QUADRANTS, orange], [*CENTRES, MIDDLE])
        ada.press("Escape")

    def remove_for_good(self):
        ada, ben, cem = self.people
        ada.chord("Alt", "Shift", "p")
        ada.use("#people-list [data-action='manage'][aria-label*='Cem']")
        ada.wait_for_words("#person-title", "Cem")
        self.keep("11 about Cem", ada)
        ada.use("#person-remove")
        ada.type("Please call the office.")
        self.keep("11 sure", ada)
        ada.press("Enter")
        told = "You have been removed from this session: Please call the office."
        assert cem.words("#left-title") == "You have been removed"
        assert cem.words("#left-text") == told
        assert cem.state()["subscribe"]["connection"] == "none"
        self.keep("12 removed", cem)
        eventually(lambda: ada.state()["people"] == ben.state()["people"] == 2, what="Cem is gone")
        cem.tab.goto("about:blank")
        cem.wait_in_front_of(self.cems_link)
        assert cem.words("#left-title") == "You have been removed"
        assert not cem.ask("probe.size()")
        assert ada.state()["people"] == 2
        self.keep("12 removed", ada)
        for one in (ada, ben):
            one.wait_for_colours(QUADRANTS, CENTRES)
            assert (one.dropped(), one.problems()) == ([], []), one.name

    # What arrives at the desk.

    def text(self):
        return self.desk.pattern.text()

    def wait_for_text(self, text):
        eventually(
            lambda: self.text() == text,
            what=lambda: f"the desk has {text!r}, not {self.text()!r}; {[(one.name, one.focused()) for one in self.people]}",
        )

    def refused(self):
        return self.room.health()["control"]["refused"]


def hides(person, colours, points):
    """Whether at none of these points the picture has anything like the colour that is there."""
    return all(
        max(abs(one - other) for one, other in zip(colour, pixel, strict=True)) > TOLERANCE
        for colour, pixel in zip(colours, person.pixels(points), strict=True)
    )
