"""What may be started on the desk, and resetting it, against a room inside the page."""

from pageroom import text, wait

LIST = [
    {"id": 0, "name": "Whiteboard", "names": {"es": "Pizarra"}, "comment": "Draw together", "comments": {}, "state": "stopped"},
    {"id": 1, "name": "\u202etxt.exe", "names": {}, "comment": "", "comments": {}, "state": "always"},
    {"id": 2, "name": "Memory", "names": {}, "comment": "", "comments": {}, "state": "stopped"},
]


def tell(page, changes={}, **more):
    """The list, with what has changed of each by its number."""
    entries = [{**one, **changes.get(one["id"], {})} for one in LIST]
    message = {"type": "activities", "list": entries, "deletesHome": True, "resetting": False, **more}
    page.evaluate("(message) => fake.send(message)", message)


def sent(page, kind):
    return page.evaluate("(kind) => fake.last(kind)", kind)


def words(page):
    return page.evaluate("[...document.querySelectorAll('.activity .words')].map((one) => one.textContent)")


def focused(page):
    return page.evaluate("document.activeElement.id")


def fits(page):
    """Whether the panel is on the page as a whole, and nothing in it is cut."""
    return page.evaluate("""() => {
        const panel = document.getElementById('desk-panel').getBoundingClientRect();
        const inside = [...document.querySelectorAll('#activities :is(button, p, li)')].filter((one) => one.checkVisibility());
        return panel.left >= 0 && panel.right <= innerWidth && panel.top >= 0 && panel.bottom <= innerHeight
            && inside.every((one) => one.getBoundingClientRect().left >= panel.left && one.getBoundingClientRect().right <= panel.right
                && one.scrollWidth <= one.clientWidth + 1);
    }""")


def test_activities_are_started_stopped_and_told_of(open_page):
    page = open_page()
    assert not page.is_visible("#desk-button"), "whoever may not is told nothing"
    tell(page)
    wait(page, "document.getElementById('desk-button').checkVisibility()")
    page.keyboard.press("Escape")
    page.focus("#desk-button")
    page.keyboard.press("Enter")
    assert words(page) == ["Not running", "Always on the desk", "Not running"]
    assert page.is_hidden("#activity-1"), "it can be neither started nor stopped"
    assert page.evaluate("document.querySelectorAll('.activity .name')[1].textContent") == "\ufffdtxt.exe"
    assert text(page, "#announcement") == ""
    assert fits(page)

    # By keyboard; the focus stays where it is.
    page.keyboard.press("Tab")
    assert focused(page) == "activity-0"
    assert page.get_attribute("#activity-0", "aria-label") == "Start Whiteboard"
    page.keyboard.press("Enter")
    assert sent(page, "startActivity") == {"type": "startActivity", "id": 0}
    tell(page, {0: {"state": "starting"}})
    tell(page, {0: {"state": "running"}})
    wait(page, "document.getElementById('announcement').textContent === 'Whiteboard is running.'")
    assert focused(page) == "activity-0" and words(page)[0] == "Running"
    assert page.get_attribute("#activity-0", "aria-label") == "Stop Whiteboard"
    page.keyboard.press("Enter")
    assert sent(page, "stopActivity") == {"type": "stopActivity", "id": 0}
    tell(page, {0: {"state": "stopping"}})
    page.evaluate("fake.sent = []")
    page.keyboard.press("Enter")
    assert not sent(page, "startActivity") and focused(page) == "activity-0"

    # What went wrong is said to everybody who sees the page.
    for change, said, told in [
        ({"state": "failed", "status": 3}, "Ended with an error (status 3)", "has ended with an error"),
        ({"state": "failed", "signal": 11}, "Broke down (signal 11)", "has ended with an error"),
        ({"state": "failed"}, "Could not be started", "could not be started"),
    ]:
        tell(page, {2: {"state": "starting"}})
        tell(page, {2: change})
        assert words(page)[2] == said and told in text(page, "#notice")
    page.evaluate("fake.send({ type: 'error', step: 'activities', code: 'activitiesTooMany', values: { most: 8 }, message: '' })")
    assert text(page, "#notice") == "8 activities are running already. Stop one of them first."

    # Whoever loses the right.
    page.evaluate("fake.rights([{ id: fake.you.id, role: 'client', rights: ['see'] }])")
    wait(page, "!document.getElementById('desk-button').checkVisibility()")


def test_the_desk_is_reset_after_a_question(open_page):
    page = open_page(width=390, height=844, language="es")
    tell(page)
    page.click("#desk-button")
    assert page.evaluate("document.querySelector('.activity .name').textContent") == "Pizarra"
    page.click("#reset-button")
    assert "se borran para siempre" in text(page, "#reset-files")
    assert focused(page) == "reset-no" and page.is_visible("#reset-sure")
    assert fits(page)
    page.keyboard.press("Enter")
    assert focused(page) == "reset-button" and page.is_hidden("#reset-sure") and not sent(page, "resetDesk")
    tell(page, deletesHome=False)
    page.keyboard.press("Enter")
    assert "se conservan" in text(page, "#reset-files")
    page.click("#reset-yes")
    assert sent(page, "resetDesk") == {"type": "resetDesk"}

    # What was there is not shown from now on, and nothing is asked twice.
    tell(page, resetting=True)
    page.evaluate("fake.send({ type: 'desk', state: 'restarting', code: 'deskBeingReset', message: '', width: 0, height: 0 })")
    wait(page, "document.getElementById('room').dataset.picture === 'none'")
    assert page.evaluate("getComputedStyle(document.getElementById('desk')).opacity") == "0"
    assert "restableciendo" in text(page, "#banner-text")
    assert page.get_attribute("#reset-button", "aria-disabled") == "true"
    page.click("#reset-button", force=True)
    assert page.is_hidden("#reset-sure")
    # Its pictures go on in this room, as they may on their way from a real one.
    page.wait_for_timeout(500)
    assert page.evaluate("document.getElementById('room').dataset.picture") == "none"
    page.evaluate("fake.send({ type: 'desk', state: 'live', message: '', width: 1280, height: 720 })")
    tell(page, reset={"number": 1, "ended": 9, "left": 2, "home": "failed"})
    wait(page, "document.getElementById('room').dataset.picture === 'live'")
    assert "No se han podido cerrar 2 programas." in text(page, "#notice")


def test_it_fits_from_right_to_left(open_page):
    page = open_page(language="ar-XB")
    tell(page)
    page.click("#desk-button")
    page.click("#reset-button")
    assert fits(page)
