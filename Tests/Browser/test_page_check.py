"""The page to test devices and connection on, against a room inside the page; what its figures are worth, by itself."""

import json
from pathlib import Path

import pytest

from pagefiles import blank_page, served
from pageroom import text, wait
from test_accessibility import SIZES, problems

FAKE = (Path(__file__).parent / "fakecheck.js").read_text()
OVER = "!document.getElementById('test-result').hidden"


@pytest.fixture
def open_check(browser_with_devices):
    """Opens the page: open_check(room={}, language=None, before="", **context options)."""
    contexts = []
    with served() as address:

        def start(room=None, language="en", before="", **options):
            context = browser_with_devices.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
            contexts.append(context)
            page = context.new_page()
            page.problems = []
            page.on("pageerror", lambda error: page.problems.append(str(error)))
            page.add_init_script(f"window.fakeRoom = {json.dumps(room or {})};\n{FAKE}\n{before}")
            page.goto(f"{address}/check.html?lang={language}" + ("" if room is None else room.get("link", "")))
            page.wait_for_selector("#test-start:not(:empty)")
            return page

        yield start
        for context in contexts:
            for page in context.pages:
                assert page.problems == []
            context.close()


def run(page, within=60):
    page.click("#test-start")
    wait(page, OVER, within)
    return page.evaluate("""Object.fromEntries([...document.querySelectorAll('#test-lines li')].map((row) =>
        [row.querySelector('h3').textContent, [row.dataset.grade, row.querySelector('p').textContent]]))""")


def test_a_good_connection_is_told_in_words_for_each_line_and_in_all(open_check):
    page = open_check()
    lines = run(page)
    assert {name: grade for name, (grade, _) in lines.items()} == {
        "Browser": "good", "The room’s page": "good", "Lasting connection (WebSocket)": "good", "Clock": "good",
        "Picture and sound by UDP, port 40000": "good", "Picture and sound by TCP, port 40000": "spare",
        "Delay and loss": "good", "From the room to you": "good", "From you to the room": "good",
    }
    assert text(page, "#test-verdict") == "You can join with picture and sound."
    assert page.evaluate("document.activeElement.id") == "test-start"


SERVERS = [{"urls": ["turn:192.0.2.9:3478"], "username": "1700000000:0", "credential": "pass word"}]


@pytest.mark.parametrize("room, ways, verdict", [
    ({"open": ["udp 40000", "relay"]}, {"UDP": "good", "TCP": "spare", "relay": "good"}, "You can join with picture and sound."),
    ({"open": ["relay"]}, {"UDP": "fair", "TCP": "spare", "relay": "good"}, "You can join with picture and sound."),
    ({"open": ["relay"], "relayProtocol": "tls"}, {"UDP": "fair", "TCP": "spare", "relay": "good"},
     "You can join. Picture or sound may not always be good."),
    ({"only": True, "open": ["udp 40000", "relay"]}, {"relay": "good"}, "You can join with picture and sound."),
    ({"only": True, "open": ["udp 40000"]}, {"relay": "bad"}, "You cannot join from here as it is."),
])
def test_the_relay_is_one_more_way(open_check, room, ways, verdict):
    page = open_check({"relayProtocol": "udp", **room, "iceServers": {"servers": SERVERS, "only": room.pop("only", False)}})
    lines = run(page, 90)
    grades = {name: grade for name, (grade, _) in lines.items() if name.startswith("Picture and sound by")}
    assert {way: next((grade for name, grade in grades.items() if way in name), None) for way in ways} == ways
    assert len(grades) == len(ways)
    assert text(page, "#test-verdict") .startswith(verdict)
    assert page.evaluate("fakeRoom.relays") == [SERVERS]
    result = text(page, "#test-text")
    assert "relay: " in result and ("by=" in result) == (ways["relay"] == "good")
    assert not any(word in result for word in ("192.0.2.9", "1700000000", "pass word")), "no address, no credentials"


def test_progress_and_verdict_are_announced(open_check):
    page = open_check()
    page.evaluate("""() => {
        window.said = [];
        const region = document.getElementById('test-verdict');
        new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true });
    }""")
    assert page.get_attribute("#test-verdict", "role") == "status"
    page.keyboard.press("Tab")
    page.focus("#test-start")
    page.keyboard.press("Enter")
    wait(page, OVER, 60)
    said = page.evaluate("said")
    assert "Testing: Picture and sound by UDP, port 40000…" in said and "Testing: Delay and loss…" in said
    assert said[-1] == "You can join with picture and sound."
    assert len(said) == len(set(said)), "each once"


@pytest.mark.parametrize("room, verdict, line", [
    ({"http": False}, "You cannot join from here as it is.", ("The room’s page", "bad")),
    ({"socket": False}, "You cannot join from here as it is.", ("Lasting connection (WebSocket)", "bad")),
    ({"open": []}, "You cannot join from here as it is.", ("Picture and sound by UDP, port 40000", "bad")),
    ({"open": ["tcp 40000"]}, "You can join. Picture or sound may not always be good.",
     ("Picture and sound by TCP, port 40000", "good")),
    ({"pieces": 3}, "You can join", ("From the room to you", "good")),
    ({"ahead": 600_000}, "You can join with picture and sound.", ("Clock", "fair")),
    ({"status": 429}, "The room is reached. Whether", ("Delay and loss", "skipped")),
])
def test_what_fails_is_told(open_check, room, verdict, line):
    page = open_check(room)
    lines = run(page, 90)
    assert text(page, "#test-verdict").startswith(verdict)
    assert lines[line[0]][0] == line[1], lines
    if room.get("open") == []:
        assert "firewall" in lines["Picture and sound by UDP, port 40000"][1]


@pytest.mark.parametrize("link, words", [("", "only with a link"), ("#token=a.b.c", "does not accept your link")])
def test_a_link_that_is_missing_or_refused_is_told(open_check, link, words):
    page = open_check({"status": 401, "link": link})
    run(page)
    assert words in text(page, "#test-refused")
    assert page.evaluate("fakeRoom.asked[0].token ?? null") == (link.partition("=")[2] or None)
    assert "token" not in page.url, "it does not stay where others read it"


def test_the_result_has_figures_and_nothing_about_anybody(open_check):
    page = open_check()
    page.click("#check-camera")
    wait(page, "document.getElementById('check-picture').videoWidth > 0")
    run(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#test-copy")
    wait(page, "document.getElementById('test-copied').textContent === 'Copied.'")
    copied = page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        page.click("#test-save")
    result = json.loads(Path(download.value.path()).read_text())
    assert result["overall"] == "pictureAndSound" and result["devices"] == {"camera": True, "microphone": False}
    assert result["browser"].startswith("chrome/") and "." not in result["browser"]
    assert result["ways"][0]["protocol"] == "udp" and result["ways"][0]["milliseconds"] > 0
    assert result["lines"]["down"]["value"] > 100_000 and result["lines"]["echo"]["loss"] < 0.5
    for told in (copied, json.dumps(result)):
        assert "127.0.0.1" not in told and "fake" not in told.lower() and "Linux" not in told
    assert "overall=pictureAndSound" in copied.splitlines()


def test_devices_are_tried_beside(open_check):
    page = open_check()
    page.click("#check-microphone")
    wait(page, "!document.getElementById('check-level').hidden")
    wait(page, "document.getElementById('check-microphone-words').textContent === 'Your microphone works.'")
    page.click("#check-microphone")
    wait(page, "document.getElementById('check-level').hidden")


def test_the_language_can_be_changed_while_it_runs(open_check):
    page = open_check()
    run(page)
    page.select_option("#test-language", "es")
    assert text(page, "#test-verdict") == "Usted puede participar con imagen y sonido."
    assert text(page, "h1") == "Probar dispositivos y conexión"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size, scheme", SIZES)
def test_nothing_is_wrong_with_the_page_before_and_after(open_check, size, scheme, language):
    size = dict(size)
    viewport = {"width": size.pop("width"), "height": size.pop("height")}
    page = open_check(
        {"open": ["tcp 40000"], "ways": ["udp 40000", "tcp 40000"]}, language=language, viewport=viewport,
        color_scheme=scheme, reduced_motion="reduce", **size,
    )
    found = {"before": problems(page)}
    page.click("#check-camera")
    run(page)
    found["after"] = problems(page)
    assert found == {"before": [], "after": []}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
    for button in page.query_selector_all("button:visible"):
        assert button.bounding_box()["height"] >= (44 if viewport["width"] < 641 else 40)


# Figures, by themselves.


@pytest.fixture(scope="module")
def blank(chromium_browser):
    with blank_page(chromium_browser) as page:
        yield page


def call(page, module, name, *arguments):
    script = "async ([module, name, given]) => (await import(module))[name](...given)"
    return page.evaluate(script, [f"/{module}.js", name, list(arguments)])


ALL = {"shows": ["opus", "VP8", "H264", "VP9", "AV1"], "sends": ["opus", "VP8"]}
GOOD = {
    "browser": ALL, "server": 20, "webSocket": 20, "clock": 0.1, "echo": {"roundTrip": 30, "jitter": 3, "loss": 0},
    "down": 18_000_000, "up": 5_000_000, "ways": [{"protocol": "udp", "port": 1, "roundTrip": 20}],
}


@pytest.mark.parametrize("change, overall, grades", [
    ({}, "pictureAndSound", {}),
    ({"browser": None}, "cannot", {"browser": "bad"}),
    ({"browser": {"shows": ["opus"], "sends": []}}, "cannot", {"browser": "bad"}),
    ({"browser": {"shows": ["opus", "VP8"], "sends": ["opus", "VP8"]}}, "someTrouble", {"browser": "fair"}),
    ({"server": None}, "cannot", {"server": "bad"}),
    ({"webSocket": None}, "cannot", {"webSocket": "bad"}),
    ({"clock": -61}, "pictureAndSound", {"clock": "fair"}),
    ({"echo": {"roundTrip": 400, "jitter": 3, "loss": 0}}, "someTrouble", {"echo": "fair"}),
    ({"echo": {"roundTrip": 30, "jitter": 3, "loss": 0.05}}, "someTrouble", {"echo": "fair"}),
    ({"echo": {"roundTrip": 30, "jitter": 3, "loss": 0.3}}, "someTrouble", {"echo": "bad"}),
    ({"down": 200_000}, "soundOnly", {"down": "bad"}),
    ({"down": 800_000}, "someTrouble", {"down": "fair"}),
    ({"up": 50_000}, "someTrouble", {"up": "bad"}),
    ({"ways": [{"protocol": "udp", "port": 1, "roundTrip": None}]}, "cannot", {}),
    ({"ways": [{"protocol": "udp", "port": 1, "roundTrip": None}, {"protocol": "tcp", "port": 1, "roundTrip": 9}]},
     "someTrouble", {}),
    ({"ways": None, "echo": "skipped", "down": "skipped", "up": "skipped"}, "untested", {"echo": "skipped"}),
])
def test_figures_are_judged(blank, change, overall, grades):
    judged = call(blank, "check-verdict", "judge", {**GOOD, **change})
    assert judged["overall"] == overall
    assert {line: judged["lines"][line] for line in grades} == grades


def test_delays_that_come_and_do_not_come_make_figures(blank):
    figures = call(blank, "check-verdict", "echoFigures", {"sent": 10, "delays": [20, 30, 20, 30, 20, 30, 20, 30]})
    assert figures["roundTrip"] in (20, 30) and figures["jitter"] == 10 and round(figures["loss"], 3) == 0.2
    assert call(blank, "check-verdict", "echoFigures", {"sent": 10, "delays": []}) is None


SDP = "\r\n".join([
    "v=0", "a=ice-pwd:x", "a=candidate:1 1 tcp 5 10.0.0.1 443 typ host tcptype passive", "a=candidate:2 1 UDP 9 10.0.0.1 5000 typ host",
    "a=candidate:3 1 udp 8 ::1 5000 typ host", "a=candidate:4 1 tcp 4 10.0.0.1 5000 typ host tcptype passive", "a=end-of-candidates",
])


def test_each_way_that_the_room_offers_is_tested_by_itself(blank):
    ways = call(blank, "check-ways", "waysIn", SDP)
    assert ways == [
        {"protocol": "udp", "port": 5000}, {"protocol": "tcp", "port": 443}, {"protocol": "tcp", "port": 5000},
    ]
    only = call(blank, "check-ways", "onlyWay", SDP, ways[1])
    assert only.count("a=candidate") == 1 and " 443 " in only and "a=end-of-candidates" in only
    assert call(blank, "check-ways", "onlyWay", SDP, ways[0]).count("a=candidate") == 2
