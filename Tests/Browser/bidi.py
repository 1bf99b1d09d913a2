"""Firefox by WebDriver BiDi, which it speaks without a driver. Only what these tests use."""

import base64
import json
import re
import time
from contextlib import ExitStack
from pathlib import Path

from websockets.sync.client import connect

from desk import environment
from processes import Process
from waiting import eventually

PREFERENCES = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.disable_beforeunload": True,
    "dom.disable_open_during_load": False,
    "media.autoplay.default": 0,
    "media.gmp-manager.updateEnabled": False,
    "media.navigator.permission.disabled": True,
    "media.peerconnection.ice.default_address_only": False,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.prefs.recommended": True,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
# W3C WebDriver key codes of keys that are not characters.
KEYS = {
    "Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Control": "\ue009", "Alt": "\ue00a", "Escape": "\ue00c",
    "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015",
}


# Pixels of the window above a page, at most.
CHROME = 120


class BiDiError(Exception):
    """What Firefox answered to a command it could not do."""


class Firefox:
    """One Firefox with a fresh profile and one tab, on an X display or without any.

    `sound` is the PulseAudio server it plays to: without one its audio graph never starts.
    """

    def __init__(self, folder, sound, program="firefox-esr", width=1600, height=1000, display=None, preferences=None, **more):
        """`preferences`: besides those above. `more`: of its environment."""
        self.folder = Path(folder)
        profile = self.folder / "profile"
        profile.mkdir()
        lines = (f'user_pref("{key}", {json.dumps(value)});' for key, value in {**PREFERENCES, **(preferences or {})}.items())
        (profile / "user.js").write_text("\n".join(lines))
        where = ["--width", width, "--height", height + CHROME] if display else ["--headless"]
        if display:
            more["DISPLAY"] = display
        self.process = Process(
            [program, *where, "--no-remote", "--profile", profile, "--remote-debugging-port=0", "about:blank"],
            self.folder / "firefox.log", environment(self.folder, PULSE_SERVER=sound, **more),
        )
        address = eventually(self._address, 40, every=0.1, what="Firefox listens for BiDi")
        self.closing = ExitStack()
        self.link = self.closing.enter_context(connect(f"{address}/session", max_size=None, open_timeout=20))
        self.commands = 0
        # What a page asks is left to the test that makes it ask.
        asked = {"unhandledPromptBehavior": {"beforeUnload": "ignore"}}
        self.do("session.new", capabilities={"alwaysMatch": asked})
        self.viewport = {"width": width, "height": height}
        self._use(self.do("browsingContext.getTree")["contexts"][0]["context"])

    def _use(self, context):
        self.context = context
        self.do("browsingContext.setViewport", context=context, viewport=self.viewport)

    def take_keyboard(self):
        """Goes on in a tab that has the focus: the first has not, and there no key presses a button."""
        first = self.context
        self._use(self.do("browsingContext.create", type="tab")["context"])
        self.do("browsingContext.activate", context=self.context)
        self.do("browsingContext.close", context=first)
        eventually(lambda: self.evaluate("document.hasFocus()"), what="the tab has the focus")

    def _address(self):
        found = re.search(r"WebDriver BiDi listening on (ws://\S+)", self.process.log.read_text())
        return found and found[1]

    def do(self, method, within=30, **parameters):
        """Sends a command and returns its result. Events in between are passed over."""
        return self.result(self.begin(method, **parameters), within)

    def begin(self, method, **parameters):
        """Sends a command whose result is asked for later; returns its number."""
        self.commands += 1
        self.link.send(json.dumps({"id": self.commands, "method": method, "params": parameters}))
        return self.commands

    def next(self, within=30):
        """The next thing that Firefox says, be it an answer or an event that was subscribed to."""
        return json.loads(self.link.recv(timeout=max(0.1, within)))

    def result(self, command, within=30):
        end = time.monotonic() + within
        while True:
            answer = self.next(end - time.monotonic())
            if answer.get("id") != command:
                continue
            if answer["type"] == "error":
                raise BiDiError(f"{answer['error']}: {answer['message']}")
            return answer["result"]

    def before_pages(self, script):
        """Runs a script in every page before its own."""
        self.do("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")

    def goto(self, url):
        self.do("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def reload(self):
        self.do("browsingContext.reload", context=self.context, wait="complete")

    def evaluate(self, expression):
        """The value of an expression, awaited, by way of JSON."""
        answer = self.do(
            "script.evaluate", target={"context": self.context}, awaitPromise=True, resultOwnership="none",
            expression=f"(async () => JSON.stringify(await ({expression})))()",
            userActivation=True,
        )
        if answer["type"] != "success":
            raise BiDiError(answer["exceptionDetails"]["text"])
        value = answer["result"].get("value")
        return None if value is None else json.loads(value)

    def _perform(self, kind, name, actions):
        source = {"type": kind, "id": name, "actions": actions}
        self.do("input.performActions", context=self.context, actions=[source])

    def mouse(self, *actions):
        self._perform("pointer", "mouse", list(actions))

    def move(self, x, y):
        self.mouse({"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0})

    def down(self, button=0):
        self.mouse({"type": "pointerDown", "button": button})

    def up(self, button=0):
        self.mouse({"type": "pointerUp", "button": button})

    def tap(self, x, y):
        actions = [
            {"type": "pointerMove", "x": round(x), "y": round(y)}, {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        finger = {"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"}, "actions": actions}
        self.do("input.performActions", context=self.context, actions=[finger])

    def wheel(self, x, y, dx, dy):
        scroll = {"type": "scroll", "x": round(x), "y": round(y), "deltaX": dx, "deltaY": dy}
        self._perform("wheel", "wheel", [scroll])

    def key_down(self, key):
        self._perform("key", "keyboard", [{"type": "keyDown", "value": KEYS.get(key, key)}])

    def key_up(self, key):
        self._perform("key", "keyboard", [{"type": "keyUp", "value": KEYS.get(key, key)}])

    def screenshot(self, path):
        answer = self.do("browsingContext.captureScreenshot", context=self.context)
        Path(path).write_bytes(base64.b64decode(answer["data"]))

    def close(self):
        self.closing.close()
        self.process.stop(20)
