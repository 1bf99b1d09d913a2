"""A page that is about to go, goes and comes back, and what is dragged into it, against a room inside the page."""

import pytest

from pageroom import join, text, wait

# What the page said before it went, for the next one in the tab to tell.
REMEMBER = """
fake.before = JSON.parse(sessionStorage.said ?? '[]');
const take = fake.receive;
fake.receive = (message) => {
    take(message);
    sessionStorage.said = JSON.stringify(fake.sent.map(({ type, ...more }) => [type, more.browser ?? null]));
};
"""


def closes_unasked(page):
    """Whether the page goes when its tab is closed, as by Control and W; otherwise it stays."""
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    other = page.context.new_page()
    page.close(run_before_unload=True)
    for _ in range(100):
        if asked or page.is_closed():
            break
        other.wait_for_timeout(50)
    other.close()
    assert page.is_closed() or asked == ["beforeunload"]
    return not asked


@pytest.mark.parametrize("button, state", [
    ("control", "deskroom.state().control.mine"),
    ("microphone-button", "deskroom.state().media.audio === 'on'"),
    ("camera-button", "deskroom.state().media.video === 'on'"),
])
def test_a_page_that_would_be_missed_asks_before_it_goes(open_page, button, state):
    page = open_page()
    page.click(f"#{button}")
    wait(page, state)
    assert not closes_unasked(page)
    assert page.evaluate("deskroom.state().problem") == "connected"
    page.click(f"#{button}")
    if button == "microphone-button":
        # Muted it is still open.
        page.click("#leave-button")
    else:
        wait(page, f"!({state})")
    assert closes_unasked(page)


def test_a_page_that_only_looks_on_goes_without_a_question(open_page):
    assert closes_unasked(open_page())


def test_a_page_that_goes_says_goodbye_and_is_the_same_person_when_it_comes_back(open_page):
    page = open_page(before=REMEMBER)
    secret = page.evaluate("fake.last('join').browser")
    assert len(secret) == 32
    page.evaluate("""() => { addEventListener('pagehide', () => {
        sessionStorage.states = [deskroom.state().publish.connection, deskroom.state().subscribe.connection].join();
    }); }""")
    page.reload()
    wait(page, "deskroom.state().picture.shown")
    assert page.evaluate("fake.before.at(-1)[0]") == "goodbye"
    assert page.evaluate("sessionStorage.states") == "none,none", "the connections are closed, which the room hears of"
    again = page.evaluate("fake.last('join')")
    assert (again["resume"], again["fresh"], again["browser"]) == ("token", True, secret)


def test_another_tab_of_the_browser_says_so_and_another_browser_is_another(open_page):
    page = open_page()
    other = page.context.new_page()
    secret = page.evaluate("localStorage.getItem('deskroom browser')")
    other.goto(page.url)
    assert other.evaluate("import('/client/identity.js').then(({ browserSecret }) => browserSecret())") == secret
    other.close()
    assert open_page().evaluate("fake.last('join').browser") != secret


def test_a_browser_that_keeps_nothing_still_lets_its_person_in(open_page):
    page = open_page(before="Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } });")
    assert len(page.evaluate("fake.last('join').browser")) == 32


def test_whoever_has_left_says_no_goodbye(open_page):
    page = open_page(before=REMEMBER)
    page.click("#leave-button")
    page.reload()
    wait(page, "document.getElementById('join')?.checkVisibility()")
    assert page.evaluate("fake.before.at(-1)[0]") == "leave"


def test_a_page_that_the_browser_had_kept_is_back_in_the_room(open_page):
    page = open_page()
    page.evaluate("() => { window.mark = 1; dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })); }")
    assert page.evaluate("deskroom.state().signalling.state") == "idle"
    sent = page.evaluate("fake.sent.length")
    page.wait_for_timeout(1000)
    assert page.evaluate("fake.sent.length") == sent, "it is still while it is kept"
    with page.expect_navigation():
        page.evaluate("() => { setTimeout(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))); }")
    wait(page, "window.mark === undefined && window.deskroom?.state().picture.shown")
    assert page.evaluate("fake.last('join').resume") == "token"


# Files.


def drag(page, kind, path, target="#desk"):
    """Drags a file in from outside, as the browser itself sees it; `kind`: dragEnter, dragOver, drop."""
    if not hasattr(page, "devtools"):
        page.devtools = page.context.new_cdp_session(page)
    box = page.locator(target).bounding_box()
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.devtools.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})


@pytest.mark.parametrize("target", ["#desk", "#bar", "#chat-text", "#keys"])
def test_a_file_that_is_dropped_is_refused_in_words_and_opens_nothing(open_page, tmp_path, target):
    page = open_page()
    page.click("#chat-button")
    file = tmp_path / "worksheet.html"
    file.write_text("<title>The file</title>")
    opened = []
    page.context.on("page", lambda other: opened.append(other))
    for kind in ("dragEnter", "dragOver", "drop"):
        drag(page, kind, file, target)
    wait(page, "/^Files cannot be put on the desk/.test(document.getElementById('notice').textContent)")
    page.wait_for_timeout(500)
    assert page.title() == "Deskroom" and opened == []
    assert page.input_value("#chat-text") == ""
    assert page.evaluate("deskroom.state().problem") == "connected"


def test_a_file_that_is_dropped_on_what_it_has_only_just_entered_opens_nothing(open_page, tmp_path):
    page = open_page()
    file = tmp_path / "worksheet.html"
    file.write_text("<title>The file</title>")
    opened = []
    page.context.on("page", lambda other: opened.append(other))
    for kind in ("dragEnter", "drop"):
        drag(page, kind, file)
    page.wait_for_timeout(500)
    assert page.title() == "Deskroom" and opened == []


def test_a_file_on_the_welcome_page_opens_nothing(open_page, tmp_path):
    page = open_page(joined=False)
    file = tmp_path / "worksheet.html"
    file.write_text("<title>The file</title>")
    opened = []
    page.context.on("page", lambda other: opened.append(other))
    for kind in ("dragEnter", "dragOver", "drop"):
        drag(page, kind, file, "#welcome-form")
    page.wait_for_timeout(500)
    assert page.title() == "Deskroom" and opened == []
    assert text(page, "#join-error").startswith("Files cannot be put on the desk")
    join(page)


DROP = """([selector, type, value]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData(type, value);
    const event = new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true });
    return document.querySelector(selector).dispatchEvent(event);
}"""


def test_text_may_be_dropped_where_there_is_a_field_for_it_and_links_nowhere(open_page):
    page = open_page()
    page.click("#chat-button")
    assert page.evaluate(DROP, ["#chat-text", "text/plain", "words"]), "the browser's own business"
    assert not page.evaluate(DROP, ["#desk", "text/plain", "words"])
    assert not page.evaluate(DROP, ["#keys", "text/plain", "words"])
    assert not page.evaluate(DROP, ["#bar", "text/uri-list", "https://example.com/"])
    assert text(page, "#notice") == "Nothing can be dropped here."
