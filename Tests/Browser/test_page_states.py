"""What the page says about networks and people, and how the strip behaves, against a room inside the page."""

import pytest

from pageroom import enter, fill, people, text, wait
from waiting import eventually

GOOD = {"problem": None, "roundTrip": 0.02, "loss": 0.0}
FREE = {"cameras": 0, "desk": False, "isDeskSmall": False}


@pytest.fixture
def page(open_page):
    return open_page()


# One's own network.


@pytest.mark.parametrize(
    "limits, network, line",
    [
        ({}, {}, None),
        ({"isDeskSmall": True, "cameras": 2}, {}, "Your connection is weak: showing a smaller desk"),
        ({"cameras": 1}, {}, "Your connection is weak: one camera paused"),
        ({"cameras": 3}, {"problem": "loss"}, "Your connection is weak: 3 cameras paused"),
        ({}, {"problem": "loss"}, "Your connection is unsteady: some of it gets lost"),
        ({}, {"problem": "delay", "roundTrip": 0.623}, "Your connection is slow: 623 ms"),
        ({}, {"problem": "uplink"}, "Your connection is weak: your camera is sent smaller"),
        ({}, {"problem": "processor"}, "This device is busy: camera sent smaller"),
    ],
)
def test_each_problem_of_a_network_has_its_words(page, limits, network, line):
    script = "async ([limits, network]) => (await import('/network-words.js')).networkWords(limits, network)"
    told = page.evaluate(script, [{**FREE, **limits}, {**GOOD, **network}])
    assert (told and told["line"]) == line


def test_whoever_looks_gets_figures(page):
    script = "async ([limits, network]) => (await import('/network-words.js')).networkSentence(limits, network)"
    words = page.evaluate(script, [FREE, {**GOOD, "loss": 0.012}])
    assert words == "Your connection is good (20 ms to the room and back, 1.2% lost on the way)."
    words = page.evaluate(script, [{**FREE, "desk": True}, {**GOOD, "loss": None, "roundTrip": None}])
    assert words == "Your connection is weak: the desk’s picture is paused."


def judged(page, samples):
    """What `OwnNetwork` makes of one measurement a second."""
    return page.evaluate("""async (samples) => {
        const { OwnNetwork } = await import('/client/own-network.js');
        const network = new OwnNetwork();
        const packets = { received: 0, lost: 0 };
        return samples.map(({ lost = 0, roundTrip = 0.02, limitation = 'none' }) => {
            packets.received += 100 - lost;
            packets.lost += lost;
            network.update({ roundTrip, limitation, packets: { ...packets } });
            return network.state.problem;
        });
    }""", samples)


def test_only_what_lasts_is_a_problem(page):
    assert set(judged(page, [{}, {"lost": 20}, *[{}] * 20])) == {None}, "one bad second"
    found = judged(page, [*[{"lost": 10}] * 12, *[{}] * 15])
    assert found[2] is None and found[11] == "loss" and found[-1] is None
    assert judged(page, [{"limitation": "cpu"}] * 6)[-1] == "processor"
    assert judged(page, [{"limitation": "bandwidth"}] * 6)[-1] == "uplink"
    # At the edge of what is bearable the words do not come and go.
    found = judged(page, [{"roundTrip": 0.5 if i % 2 or i < 6 else 0.35} for i in range(30)])
    assert set(found[6:]) == {"delay"}


def test_a_smaller_desk_is_told(page):
    page.evaluate("() => fake.send({ type: 'desk', state: 'live', message: '', width: 2560, height: 1440 })")
    wait(page, "deskroom.state().problem === 'weakNetworkSmallDesk'")
    assert text(page, "#status-line") == "Your connection is weak: showing a smaller desk"


def test_a_device_without_a_network_says_so(page):
    page.evaluate("""() => {
        Object.defineProperty(navigator, 'onLine', { configurable: true, value: false });
        fake.forgets = true;
        const Socket = WebSocket;
        window.WebSocket = class extends EventTarget { static OPEN = 1; close() {} };
        window.back = () => { window.WebSocket = Socket; delete navigator.onLine; };
        fake.drop();
        dispatchEvent(new Event('offline'));
    }""")
    wait(page, "deskroom.state().problem === 'offline'")
    assert text(page, "#banner-title") == "This device has no network"
    page.evaluate("() => { back(); dispatchEvent(new Event('online')); }")
    wait(page, "deskroom.state().problem === 'connected'", 20)


def test_a_page_that_wakes_up_asks_for_the_room_at_once(open_page):
    page = open_page(before="window.jump = 0; const clock = Date.now; Date.now = () => clock() + window.jump;")
    page.evaluate("() => { fake.pings = 0; const take = fake.receive;"
                  "fake.receive = (message) => { if (message.type === 'ping') fake.pings += 1; take(message); }; }")
    page.wait_for_timeout(1200)
    before = page.evaluate("fake.pings")
    page.evaluate("() => { window.jump = 60_000; }")
    wait(page, f"fake.pings > {before}", 3)
    offers = page.evaluate("fake.count('publishOffer')")
    page.wait_for_timeout(500)
    assert page.evaluate("fake.count('publishOffer')") == offers, "what still works is left alone"


def test_whoever_was_away_too_long_is_told_that_they_joined_again(page):
    page.evaluate("() => { fake.forgets = true; const send = fake.send;"
                  "fake.send = (message) => send(message.type === 'welcome' ? { ...message, resume: 'other' } : message);"
                  "fake.drop(); }")
    wait(page, "/You have joined again/.test(document.getElementById('notice').textContent)")


# The others.


def note(page, person):
    return page.evaluate(
        "(person) => { const one = document.querySelector(`.tile[data-person='${person}'] .delivery`);"
        "return one.hidden ? '' : one.textContent; }", person,
    )


def test_a_picture_that_is_not_as_it_should_be_says_why(page):
    enter(page, *people(3))
    page.evaluate("() => fake.show(2, 3, 4)")
    wait(page, "deskroom.state().tiles.filter(({ video }) => video).length === 3")
    tell = "(how) => fake.send({ type: 'delivery', tracks: { [fake.midOf(2, 'camera')]: how } })"
    for how, words in (("pausedByNetwork", "Paused to keep the desk clear"), ("pausedByYou", ""), ("sent", "")):
        page.evaluate(tell, how)
        wait(page, f"deskroom.state().tiles.some(({{ person, delivery }}) => person === 2 && delivery === '{how}')")
        assert note(page, 2) == words
    page.evaluate("() => fake.change(3, { away: true })")
    wait(page, "document.querySelector('.tile[data-person=\"3\"]').dataset.away === 'true'")
    assert note(page, 3) == "Reconnecting…"
    page.evaluate("() => fake.change(3, { away: false })")
    # The camera of 4 is said to be on and to be sent, and yet nothing comes.
    page.evaluate("() => fake.subscriber.getTransceivers().at(-1).sender.replaceTrack(null)")
    wait(page, "/No picture arrives/.test(document.querySelector('.tile[data-person=\"4\"] .delivery').textContent)", 15)
    assert note(page, 3) == "" and note(page, 2) == ""


def test_the_list_of_people_says_how_everybody_is_seen_and_heard(page):
    enter(page, *people(1), {"id": 3, "name": "Cy", "audio": "muted", "video": "off"})
    page.evaluate("() => fake.show(2)")
    states = "[...document.querySelectorAll('#people-list .state')].map((one) => one.textContent)"
    expected = ["no microphone, camera off", "microphone on, camera on, small picture", "muted, camera off"]
    eventually(lambda: page.evaluate(states) == expected, what=lambda: f"the list: {page.evaluate(states)}")


def test_who_speaks_is_shown_by_more_than_a_colour(page):
    enter(page, *people(2))
    page.evaluate("() => fake.send({ type: 'speakers', dominant: 3, speaking: [3] })")
    wait(page, "document.querySelector('.tile[data-person=\"3\"]').dataset.speaking === 'true'")
    assert page.is_visible(".tile[data-person='3'] .talking")
    assert not page.is_visible(".tile[data-person='2'] .talking")
    assert "speaking" in text(page, ".tile[data-person='3'] .words")


# The strip.

LEFT = "document.getElementById('strip').scrollLeft"


def speak(page, person):
    page.evaluate(f"() => fake.send({{ type: 'speakers', dominant: {person}, speaking: [{person}] }})")


def in_sight(person):
    return (f"(({{ left, right }}) => left >= 0 && right <= 1280)"
            f"(document.querySelector('.tile[data-person=\"{person}\"]').getBoundingClientRect())")


def test_the_strip_follows_who_speaks_only_while_nobody_has_it_in_hand(open_page):
    page = open_page(reduced_motion="reduce")
    fill(page)
    speak(page, 14)
    wait(page, in_sight(14))
    speak(page, 2)
    wait(page, in_sight(2))
    strip = page.locator("#strip").bounding_box()
    page.mouse.move(strip["x"] + 300, strip["y"] + 40)
    there = page.evaluate(LEFT) + 200
    page.mouse.wheel(200, 0)
    wait(page, f"{LEFT} === {there}")
    for speaker in (14, 2):
        speak(page, speaker)
        page.wait_for_timeout(1100)
        assert page.evaluate(LEFT) == there, "it stays under the hand"
    page.mouse.move(600, 200)
    page.dblclick(".tile[data-person='5'] .picture")
    wait(page, "document.querySelectorAll('.tile[data-pinned=true]').length === 1")
    there = page.evaluate(LEFT)
    speak(page, 14)
    page.wait_for_timeout(1100)
    assert page.evaluate(LEFT) == there, "whoever has pinned somebody looks at them"


def test_a_tall_window_shows_more_rows_and_takes_nothing_from_the_desk(open_page):
    page = open_page(width=390, height=844)
    desk = page.evaluate("deskroom.state().picture.content.width")
    fill(page)
    assert page.evaluate("deskroom.state().picture.content.width") == desk
    seen = page.evaluate(
        "[...document.querySelectorAll('.tile')].filter((one) => one.getBoundingClientRect().left < 390).length"
    )
    assert seen >= 12


def test_strip_and_grid_can_be_exchanged(page):
    fill(page)
    layout = "document.getElementById('scene').dataset.layout"
    assert page.evaluate(layout) == "bottom"
    page.click("#grid-button")
    assert page.evaluate(layout) == "grid"
    wide = page.evaluate(
        "[...document.querySelectorAll('.tile')].every((one) => one.getBoundingClientRect().bottom <= innerHeight)"
    )
    assert wide, "all fourteen are in sight"
    page.click("#grid-button")
    page.click("#strip-button")
    assert page.evaluate(layout) == "alone"
