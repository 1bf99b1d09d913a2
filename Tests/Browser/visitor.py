"""A person in the room: a browser tab with the page open, whatever the browser."""

import json
import time
from pathlib import Path

from waiting import eventually

PROBE = (Path(__file__).parent / "probe.js").read_text()
# What a decoded colour may be off by: chroma is halved in size and everything is quantised.
TOLERANCE = 24


class Visitor:
    """Drives a `chromium.Tab` or a `bidi.Firefox`. Positions are desk pixels."""

    def __init__(self, tab, name="Ada"):
        self.tab = tab
        self.name = name
        tab.before_pages(PROBE)

    def ask(self, expression):
        return self.tab.evaluate(expression)

    # The page.

    def join(self, address):
        """Opens the page, gives a name, and waits for the picture and for the way to the desk.

        `joined_in` has the seconds that this took: with so much in it, a measure of this machine for other waits.
        """
        start = time.monotonic()
        self.enter(address)
        self.wait_for_picture()
        eventually(self.is_ready, what=lambda: f"{self.name} is connected; the page says {self.state()}")
        self.joined_in = time.monotonic() - start
        return self

    def enter(self, address):
        """Opens the page and joins with the keyboard, as a person would."""
        self.tab.goto(address)
        self.click_element("name")
        self.type(f"{self.name}\n")

    def is_ready(self):
        """Whether picture and control channels are there."""
        state = self.state()
        return state["picture"]["shown"] and state["publish"]["control"] == state["publish"]["pointer"] == "open"

    def click_element(self, name):
        """Clicks in the middle of the element with this id as soon as it can be seen."""
        box = f"document.getElementById({json.dumps(name)})?.getBoundingClientRect()"
        middle = "box?.width ? [box.x + box.width / 2, box.y + box.height / 2] : null"
        where = f"((box) => {middle})({box})"
        self.tab.move(*eventually(lambda: self.ask(where), what=f"#{name} can be seen"))
        self.tab.down()
        self.tab.up()

    def state(self):
        """What the page says about itself."""
        return self.ask("window.deskroom.state()")

    def holds_control(self):
        return self.state()["control"]["mine"]

    def take_control(self):
        self.click_element("control")
        eventually(self.holds_control, what=f"{self.name} holds the control")

    def give_up_control(self):
        self.click_element("control")
        eventually(lambda: not self.holds_control(), what=f"{self.name} gave the control up")

    # What is seen and heard.

    def wait_for_picture(self, within=45):
        def decoded():
            return self.ask("probe.size()")

        return eventually(decoded, within, what=lambda: f"{self.name} sees a picture; {self.problems()}")

    def pixels(self, points):
        return self.ask(f"probe.pixels({json.dumps(points)})")

    def shows(self, colours, points):
        """Whether the decoded picture has these colours at these points."""
        got = self.pixels(points)
        return bool(got) and all(
            abs(one - other) <= TOLERANCE
            for colour, pixel in zip(colours, got, strict=True)
            for one, other in zip(colour, pixel, strict=True)
        )

    def wait_for_colours(self, colours, points, within=45):
        """Waits until the picture has these colours there; returns the seconds that took."""
        start = time.monotonic()
        eventually(
            lambda: self.shows(colours, points), within,
            what=lambda: f"{self.name} sees {colours}, not {self.pixels(points)}",
        )
        return time.monotonic() - start

    def inbound(self, kind="video"):
        return self.ask(f"probe.inbound({json.dumps(kind)})")

    def hears(self, frequency, within=45):
        """Waits until this is the strongest frequency, well above everything else."""
        eventually(lambda: self.ask("probe.listen()"), what="there is a sound track")

        def found():
            tone = self.ask("probe.tone()")
            clear = tone["level"] > -50 and tone["above"] > 30
            return tone if clear and abs(tone["frequency"] - frequency) < 8 else None

        try:
            return eventually(found, within, every=0.1, what=f"{self.name} hears {frequency} Hz")
        except AssertionError as error:
            raise AssertionError(f"{error}; heard {self.ask('probe.tone()')}") from None

    def dropped(self):
        """Whatever of WebSocket, data channels and peer connections has ended."""
        return self.ask("probe.dropped()")

    def problems(self):
        return self.ask("window.probe?.problems")

    # What is done to the desk.

    def at(self, x, y):
        """The point of the window in the middle of a desk pixel: whole CSS pixels, as a mouse gives them."""
        place = self.ask("probe.place()")
        return (
            round(place["left"] + (x + 0.5) * place["scale"]),
            round(place["top"] + (y + 0.5) * place["scale"]),
        )

    def scale(self):
        """CSS pixels per desk pixel."""
        return self.ask("probe.place()")["scale"]

    def move(self, x, y):
        self.tab.move(*self.at(x, y))

    def click(self, x, y, button=0):
        self.move(x, y)
        self.tab.down(button)
        self.tab.up(button)

    def wheel(self, x, y, dx, dy):
        self.tab.wheel(*self.at(x, y), dx, dy)

    def press(self, key):
        self.tab.key_down(key)
        self.tab.key_up(key)

    def type(self, text):
        """Types on a US keyboard: Shift is held for what needs it."""
        for character in text:
            shifted = character.isupper() or character in '~!@#$%^&*()_+{}|:"<>?'
            if shifted:
                self.tab.key_down("Shift")
            self.press("Enter" if character == "\n" else character)
            if shifted:
                self.tab.key_up("Shift")

    def send_raw(self, channel, data):
        """Sends bytes on a control channel past the page, as somebody with a changed page could."""
        name, values = json.dumps(channel), list(data)
        self.ask(
            f"probe.channels.find((one) => one.label === {name}).channel.send(new Uint8Array({values}))"
        )

    def leases(self):
        """The lease numbers that this page has sent events under."""
        return sorted(set(self.ask("probe.sent.filter((one) => !['clipboard', 'files'].includes(one.label)).map((one) => one.lease)")))

    def close(self):
        self.tab.close()
