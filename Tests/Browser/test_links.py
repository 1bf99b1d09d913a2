"""Links with tokens: who is let in by one, and what everybody else is told."""

import json
import re
import time

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

import links
from attackers import enter, hear, say
from pagefiles import FOLDER
from waiting import eventually


def text(visitor, name):
    found = f"document.getElementById('{name}')"
    return eventually(lambda: visitor.ask(f"{found}?.checkVisibility() && {found}.textContent.trim()"), what=f"#{name}")


def names(visitor):
    """Who is in the room, as the page lists them."""
    items = "[...document.querySelectorAll('#people-list li bdi')].map((one) => one.textContent)"
    return visitor.ask(items)


def reasons(language):
    """The page's sentences by their code."""
    source = re.sub(r"'\s*\n\s*\+ '", "", (FOLDER / f"client/{language}-refusals.js").read_text())
    return dict(re.findall(r"'reason\.(\w+)': '([^']*)'", source))


def web_socket(room):
    return connect(room.address.replace("http", "ws", 1) + "room", open_timeout=10, close_timeout=1)


def test_a_link_lets_in_and_stays_neither_in_the_address_nor_in_a_log(open_room, desk, visitor):
    room = open_room(desk, **links.SETTINGS)
    address = links.link(room, "dr-1", "clinician", name="Dr. Ada Ibarra")
    ada = visitor("Somebody else")
    ada.tab.goto(address)
    assert eventually(lambda: ada.ask("document.getElementById('name').value"), what="a name") == "Dr. Ada Ibarra"
    assert ada.ask("document.getElementById('name').readOnly")
    ada.click_element("join")
    ada.wait_for_picture()
    assert names(ada) == ["Dr. Ada Ibarra"]
    assert ada.ask("location.href") == room.address
    # The page is loaded anew by the bare address, and is the same person.
    ada.tab.reload()
    ada.wait_for_picture()
    assert names(ada) == ["Dr. Ada Ibarra"]
    # A client by a link of their own may write their name, and a bare address in another tab opens nothing.
    ben = visitor("Ben")
    ben.join(links.link(room))
    assert names(ben) == ["Dr. Ada Ibarra", "Ben"]
    signature = address.rsplit(".", 1)[1]
    assert signature not in room.log(100_000) and "Ibarra" not in room.log(100_000)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_bare_address_says_what_is_missing_and_has_no_form(language, open_room, desk, visitor):
    room = open_room(desk, **links.SETTINGS)
    eve = visitor("Eve")
    eve.tab.goto(f"{room.address}?lang={language}")
    words = {"en": ("A link opens this room", "Open all of it"), "es": ("se abre con un enlace", "completa")}[language]
    assert words[0] in text(eve, "link-title")
    assert words[1] in text(eve, "link-text")
    assert not eve.ask("document.getElementById('welcome-form').checkVisibility()")
    assert not eve.ask("document.getElementById('link-again').checkVisibility()")
    with web_socket(room) as socket:
        assert refusal(socket)["code"] == "tokenMissing"


def refusal(socket, **more):
    say(socket, type="join", name="Eve", **more)
    return hear(socket, "error", 10)


def test_each_link_that_is_no_good_is_told_apart_in_the_readers_language(open_room, desk, visitor):
    room = open_room(desk, **links.SETTINGS)
    now = int(time.time())
    with web_socket(room) as socket:
        assert enter(socket, "Ada", token=links.token(jti="once-1", once=True))
    cases = {
        "tokenExpired": dict(exp=now - 60),
        "tokenNotYetValid": dict(nbf=now + 7000, exp=now + 9000),
        "tokenOtherRoom": dict(room="room-2"),
        "tokenForged": dict(secret="f" * 32),
        "tokenUnsupported": dict(secret=None, header={"alg": "none"}),
        "tokenSpent": dict(jti="once-1", once=True),
        "tokenBadClaim": dict(role="admin"),
        "tokenDamaged": None,
    }
    for number, (code, claims) in enumerate(cases.items()):
        language = ["en", "es"][number % 2]
        eve = visitor("Eve")
        address = f"{room.address}?lang={language}#token="
        eve.tab.goto(address + ("eyJ.eyJ" if claims is None else links.token(**claims)))
        eve.click_element("name")
        eve.type("Eve\n")
        told = text(eve, "link-text")
        assert told.startswith(reasons(language)[code].split("{")[0])
        assert "{" not in told
        # What is over by itself can be tried again.
        assert eve.ask("document.getElementById('link-again').checkVisibility()") == (code == "tokenNotYetValid")
        assert not eve.ask("document.getElementById('welcome-form').checkVisibility()")


def test_the_keys_file_is_read_again(open_room, desk, folder):
    folder.joinpath("keys.json").write_text("not yet")
    keys = [
        {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        {"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
         "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
    ]
    path = folder / "keys.json"
    path.write_text(json.dumps(keys[0]))
    room = open_room(desk, ACCESS_OPEN="", ACCESS_KEY_FILE=str(path), ROOM_NAME="room-1")

    def code(algorithm):
        # Never signed rightly: what the room says shows which keys it has.
        with web_socket(room) as socket:
            return refusal(socket, token=links.token(header={"alg": algorithm}))["code"]

    assert code("ES256") == "tokenWrongAlgorithm"
    path.write_text("half of a fi")
    eventually(lambda: "cannot be used" in room.log(), what="the room says that it cannot use the file")
    assert code("ES256") == "tokenWrongAlgorithm"
    path.write_text(json.dumps({"keys": keys}))
    eventually(lambda: "was read again" in room.log(), what="the room reads the file")
    assert code("ES256") == "tokenForged"


def test_ten_thousand_guesses_slow_down_nobody_else(open_room, desk, visitor):
    """As fast as one address can, for at most a minute: they are not even looked at any more, and memory stays as it is."""
    room = open_room(desk, **links.SETTINGS)
    ada = visitor("Ada").join(links.link(room, "dr-1", "clinician"))
    codes = {}

    def guess(count, within):
        end = time.monotonic() + within
        for number in range(count):
            if time.monotonic() > end:
                return
            guessed = links.token(f"client-{number}", secret=f"{number:032}")
            try:
                with connect(room.address.replace("http", "ws", 1) + "room", source_address=("127.0.0.66", 0),
                             open_timeout=10, close_timeout=0.1) as socket:
                    code = refusal(socket, token=guessed)["code"]
            except (WebSocketException, OSError, TimeoutError):
                # More connections in a second than one address has.
                code = "not connected"
            codes[code] = codes.get(code, 0) + 1

    def memory():
        status = open(f"/proc/{room.room_process()}/status").read()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    guess(500, 30)
    before, start = memory(), time.monotonic()
    guess(9_500, 60)
    passed, count = time.monotonic() - start, sum(codes.values())
    print(f"{count} guesses, {passed:.0f} s for the last {count - 500}: {codes}; {memory() - before} KiB more")
    assert count >= 2_000
    # Ten are free; each after that doubles the wait.
    assert codes["tokenForged"] <= 20
    assert codes["tokenTooManyTries"] >= 100
    assert memory() - before < 8_192
    assert (ada.dropped(), ada.problems()) == ([], [])
    ben = visitor("Ben").join(links.link(room))
    assert names(ben) == ["Ada", "Ben"]
