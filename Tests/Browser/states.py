"""The states of the page, one after the other, against a room inside the page."""

from pageroom import fill, join, wait


def walk(page):
    """Goes through them: yields the name of each once the page is in it. The page has just been opened."""
    yield "welcome"
    join(page)
    fill(page)
    page.click("#microphone-button")
    wait(page, "fake.last('setMedia')?.audio === 'on'")
    page.evaluate("() => fake.send({ type: 'speakers', dominant: 4, speaking: [4, 6] })")
    page.evaluate("() => fake.send({ type: 'delivery', tracks: { [fake.midOf(2, 'camera')]: 'pausedByNetwork' } })")
    wait(page, "deskroom.state().tiles.some(({ delivery }) => delivery === 'pausedByNetwork')")
    yield "room"
    for panel in ("people", "help", "settings", "chat"):
        page.click(f"#{panel}-button")
        wait(page, f"!document.getElementById('{panel}').hidden")
        yield panel
        page.keyboard.press("Escape")
        if page.is_visible(f"#{panel}"):
            page.click(f"#{panel}-button")
    page.click("#chat-button")
    page.fill("#chat-text", "Hello")
    page.keyboard.press("Enter")
    wait(page, "fake.chats.length === 1")
    page.evaluate("() => fake.send({ type: 'error', step: 'chat', code: 'chatTooFast', message: 'Wait a moment.' })")
    wait(page, "document.querySelector('.undelivered') !== null")
    yield "undelivered"
    page.fill("#chat-text", "a" * 4000)
    yield "little is left"
    page.fill("#chat-text", "a" * 5000)
    page.keyboard.press("Enter")
    wait(page, "document.getElementById('chat-problem').textContent !== ''")
    yield "too long"
    page.fill("#chat-text", "")
    page.keyboard.press("Escape")
    page.click("#control")
    wait(page, "deskroom.state().control.mine")
    yield "in control"
    page.evaluate("() => { fake.ask(2); fake.ask(9, null); }")
    wait(page, "deskroom.state().control.asks === 2")
    page.evaluate("() => fake.send({ type: 'error', step: 'chat', code: 'chatTooFast', message: 'Wait a moment.' })")
    wait(page, "!document.getElementById('notice').hidden")
    yield "asked for control"
    page.evaluate("() => { fake.holder = fake.people.at(-1); fake.control({ holder: fake.holder }); }")
    wait(page, "document.getElementById('control').dataset.state === 'other'")
    page.click("#control")
    wait(page, "deskroom.state().control.waiting")
    yield "waiting for control"
    cleo = "fake.people.at(-1)"
    page.evaluate(f"() => fake.control({{ holder: {cleo}, rights: ['pointer'], mayGive: true, locked: [2, 3], eyesOnMe: [3],"
                  f"until: Date.now() + 300000 }})")
    page.click("#people-button")
    wait(page, "document.querySelectorAll('#people-list .actions').length > 3")
    yield "may give control"
    page.keyboard.press("Escape")
    page.evaluate(f"() => fake.control({{ holder: {cleo}, presenter: {cleo}, locked: [1], eyesOnMe: [1],"
                  f"consents: [{{ id: 1, person: {cleo}, given: false, until: Date.now() + 30000 }}] }})")
    wait(page, "!document.getElementById('consent').hidden && !document.getElementById('watch').hidden")
    yield "asked for consent"
    page.evaluate(f"() => fake.control({{ holder: {cleo}, consents: [{{ id: 1, person: {cleo}, given: true }}] }})")
    wait(page, "!document.getElementById('agreed').hidden")
    yield "has consented"
    page.click("#grid-button")
    yield "grid"
    page.click("#grid-button")
    page.evaluate("() => fake.send({ type: 'desk', state: 'restarting', code: 'deskStopped', message: '', width: 1280, "
                  "height: 720 })")
    wait(page, "!document.getElementById('banner').hidden")
    yield "banner"
    page.click("#leave-button")
    yield "left"
    page.evaluate("() => (fake.refusal = { code: 'tokenNotYetValid', values: { seconds: 90 }, message: 'Not yet.' })")
    page.click("#rejoin")
    wait(page, "document.getElementById('link').checkVisibility()")
    yield "link refused"
    page.evaluate("() => (fake.refusal = null)")
    page.click("#link-again")
    wait(page, "deskroom.state().people > 0")
