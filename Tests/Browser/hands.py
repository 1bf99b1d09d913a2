"""A visitor who has a keyboard and no mouse, or fingers and neither."""

import json
import os
from contextlib import contextmanager
from pathlib import Path

from visitor import Visitor
from waiting import eventually

# More than there is to go to on the page, with a panel open.
MOST = 80
SEEN = "one?.checkVisibility({ visibilityProperty: true })"


class Hands(Visitor):
    """What is used of the page is named by CSS selectors; the keys go where the focus is."""

    def __init__(self, tab, name, has_fingers=False):
        super().__init__(tab, name)
        self.has_fingers = has_fingers

    def wait_in_front_of(self, address):
        """Opens a link, writes the name if the link has none, and goes in as far as the link leads."""
        self.tab.goto(address)
        self.words("#welcome-form")
        if not self.ask("document.getElementById('name').readOnly"):
            self.use("#name", None)
            self.ask("document.getElementById('name').select()")
            self.type(self.name)
        self.use("#join")

    def wait_to_be_in(self):
        self.wait_for_picture()
        eventually(self.is_ready, what=lambda: f"{self.name} is in: {self.state()}")

    # What is used.

    def use(self, selector, key="Enter", backwards=False):
        """Presses a button: with a finger, or by going there with Tab and by this key; `None` only goes there."""
        if self.has_fingers:
            self.tap(selector)
        else:
            self.tab_to(selector, backwards)
            if key:
                self.press(key)

    def tap(self, selector):
        """In its middle, once nothing else is there."""
        self.words(selector)
        self.tab.tap(*eventually(
            lambda: self.ask(f"""((one) => {{
                one.scrollIntoView({{ block: 'nearest' }});
                const {{ x, y, width, height }} = one.getBoundingClientRect();
                const at = [x + width / 2, y + height / 2];
                return one.contains(document.elementFromPoint(...at)) ? at : null;
            }})(document.querySelector({json.dumps(selector)}))"""),
            what=f"{self.name} can touch {selector}",
        ))

    def tap_desk(self, x, y):
        self.tab.tap(*self.at(x, y))

    def tab_to(self, selector, backwards=False):
        """By keyboard alone, once it is there.

        Not past the end of the page: Firefox then is in its own bars, and although the page has the keys from here, none
        of them presses a button.
        """
        self.words(selector)
        passed = []
        for _ in range(MOST):
            if self.ask(f"document.activeElement.matches({json.dumps(selector)})"):
                assert self.ask("document.hasFocus()"), f"{self.name} went to {selector} by way of the browser's bars"
                return
            self.chord(*["Shift", "Tab"] if backwards else ["Tab"])
            passed.append(self.focused())
        raise AssertionError(f"{self.name} does not reach {selector} by Tab; passed {passed}")

    def focused(self):
        return self.ask("document.activeElement.id || document.activeElement.outerHTML.slice(0, 60)")

    def chord(self, *keys):
        """Keys that are down together."""
        with self.holding(*keys):
            pass

    @contextmanager
    def holding(self, *keys):
        """The same, until what they are for has come: a hand is slower than the room."""
        for key in keys:
            self.tab.key_down(key)
        yield
        for key in reversed(keys):
            self.tab.key_up(key)

    # What is seen.

    def words(self, selector):
        """What is written in something, once it can be seen."""
        found = f"((one) => {SEEN} ? one.textContent.trim() || ' ' : null)(document.querySelector({json.dumps(selector)}))"
        return eventually(
            lambda: self.ask(found),
            what=lambda: f"{self.name} sees {selector}; the page has {self.page()!r}",
        ).strip()

    def wait_for_words(self, selector, wanted):
        eventually(
            lambda: wanted in self.words(selector),
            what=lambda: f"{self.name} reads {wanted!r} in {selector}, not {self.words(selector)!r}",
        )

    def wait_until_gone(self, selector):
        gone = f"((one) => !{SEEN})(document.querySelector({json.dumps(selector)}))"
        eventually(lambda: self.ask(gone), what=f"{self.name} sees {selector} no more")

    def page(self):
        return self.ask("document.body.innerText")

    def keep_picture(self, name):
        """`PICTURES=folder` keeps what the person sees."""
        folder = os.environ.get("PICTURES")
        if folder:
            self.tab.screenshot(Path(folder) / f"{name} {self.name}.png".replace(" ", "_"))
