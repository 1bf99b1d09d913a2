"""The states of the page, one after the other, against a room inside the page."""

from pageroom import fill, wait


def walk(page):
    """Goes through them: yields the name of each once the page is in it. The page has just been opened."""
    yield "welcome"
    page.evaluate("fake.waits = true")
    page.fill("#name", "Ada")
    page.click("#join")
    wait(page, "!document.getElementById('wait').hidden")
    yield "waiting"
    page.evaluate("fake.wait('Five minutes, please.')")
    page.click("#check-camera")
    page.click("#check-microphone")
    wait(page, "document.getElementById('check-picture').videoWidth > 0")
    wait(page, "!document.getElementById('check-level').hidden && !document.getElementById('wait-message').hidden")
    yield "waiting, with devices"
    page.evaluate("fake.end('turnedAwayFor', { reason: 'Your appointment is tomorrow.' })")
    wait(page, "!document.getElementById('left').hidden")
    yield "turned away"
    page.evaluate("fake.waits = false")
    page.click("#rejoin")
    wait(page, "deskroom.state().picture.shown && deskroom.state().subscribe.ice === 'connected'")
    fill(page)
    page.evaluate("fake.oversee()")
    page.evaluate("fake.queue([{ id: 30, name: 'Dia', role: 'client' }, { id: 31, name: 'Eli', role: 'observer' }],"
                  "[{ id: 9, name: 'Gus' }])")
    page.click("#lobby-button")
    page.click(".waiter [data-act='refuse']")
    yield "who waits"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.click("#people-button")
    page.click("#people-list [data-person='2'] [data-action='manage']")
    wait(page, "document.getElementById('person').open")
    yield "a person"
    page.click("#person-remove")
    yield "a person's removal"
    page.click("#person-keep")
    page.evaluate("fake.showView(2)")
    page.evaluate("fake.page(2, { hidden: true, paused: false, soundBlocked: true, frozen: 7 })")
    page.click("#person-watch")
    wait(page, "document.getElementById('watch-picture').videoWidth > 0")
    yield "a view"
    page.click("#watch-close")
    page.click("#people-button")
    page.click("#end-session")
    yield "the end, asked for"
    page.click("#ending-no")
    page.click("#people-button")
    if page.is_visible("#people"):
        page.click("#people-button")
    page.click("#microphone-button")
    wait(page, "fake.last('setMedia')?.audio === 'on'")
    page.evaluate("() => fake.send({ type: 'speakers', dominant: 4, speaking: [4, 6] })")
    page.evaluate("() => fake.send({ type: 'delivery', tracks: { [fake.midOf(2, 'camera')]: 'pausedByNetwork' } })")
    wait(page, "deskroom.state().tiles.some(({ delivery }) => delivery === 'pausedByNetwork')")
    yield "room"
    page.click("#point-button")
    page.focus("#point-pad")
    wait(page, "fake.pointing.readyState === 'open'")
    page.keyboard.press("Enter")
    page.evaluate("() => fake.point([2, 640, 360, 1], [3, 1270, 710], [4, 5, 5])")
    wait(page, "document.querySelectorAll('.pointer:not(.own)').length === 3")
    yield "pointing"
    page.focus("#point-pad")
    page.keyboard.press("Escape")
    for panel in ("people", "help", "settings", "chat", "zoom"):
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
    page.click("#keys-button")
    yield "keys"
    page.click("#keys-button")
    page.evaluate("() => { fake.ask(2); fake.ask(9, null); }")
    wait(page, "deskroom.state().control.asks === 2")
    page.evaluate("() => fake.send({ type: 'error', step: 'chat', code: 'chatTooFast', message: 'Wait a moment.' })")
    wait(page, "!document.getElementById('notice').hidden")
    yield "asked for control"
    page.evaluate("() => fake.control({ holder: fake.you, lease: 7, asks: fake.asks, mayGive: true, mostHands: 3,"
                  "hands: fake.people.filter(({ id }) => id === 3) })")
    wait(page, "!document.getElementById('request-beside').hidden")
    yield "asked while two drive"
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
    if not page.is_visible("#turns-button"):
        page.click("#people-button")
    page.click("#turns-button")
    page.evaluate(f"() => fake.control({{ holder: {cleo}, rights: ['pointer'], mayGive: true, until: Date.now() + 60000,"
                  f"turns: {{ order: [2, {cleo}.id], current: {cleo}.id, next: 2, paused: false, seconds: 60 }} }})")
    wait(page, "!document.getElementById('turns-now').hidden && document.querySelector('[data-turn=true]') !== null")
    yield "taking turns"
    page.evaluate(f"() => fake.control({{ holder: null, mayGive: true,"
                  f"turns: {{ order: [2, {cleo}.id], current: null, next: 2, paused: true, seconds: null }} }})")
    wait(page, "!document.getElementById('turns-resume').hidden")
    yield "turns are paused"
    page.keyboard.press("Escape")
    page.evaluate(f"() => fake.control({{ holder: {cleo}, presenter: {cleo}, locked: [1], eyesOnMe: [1],"
                  f"consents: [{{ id: 1, person: {cleo}, given: false, until: Date.now() + 30000 }}] }})")
    wait(page, "!document.getElementById('consent').hidden && !document.getElementById('watching').hidden")
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
    page.evaluate("() => fake.send({ type: 'desk', state: 'live', message: '', width: 1280, height: 720 })")
    page.evaluate("() => fake.hide({ curtain: true, sound: false, clear: false })")
    wait(page, "!document.getElementById('curtain').hidden")
    yield "behind the curtain"
    page.evaluate("""() => fake.hide({ curtain: true, clear: true, masked: true, details: {
        rectangles: [{ x: 100, y: 100, width: 320, height: 200 }], windows: [6291457, 7], lost: [7], fallen: false } })""")
    wait(page, "!document.getElementById('mask-button').hidden")
    page.click("#mask-button")
    wait(page, "document.querySelectorAll('#window-list input').length === 2")
    yield "hidden parts"
    # Whoever has gone through it by Tab has left it, which closes it.
    if not page.is_visible("#mask-add"):
        page.click("#mask-button")
    page.click("#mask-add")
    wait(page, "!document.getElementById('mask-layer').hidden")
    yield "drawing a mask"
    page.keyboard.press("Escape")
    page.evaluate("""() => fake.send({ type: 'clipboard', toDesk: true, fromDesk: true, limit: 8388608, serial: 3,
        kinds: ['text', 'png'], bytes: 9, tooLarge: false })""")
    wait(page, "!document.getElementById('clipboard-button').hidden")
    page.click("#clipboard-button")
    yield "clipboard"
    # In a browser that lets no page at its clipboard.
    page.evaluate("() => fake.control({ holder: fake.you, lease: 7, rights: ['pointer', 'keyboard'] })")
    page.evaluate("() => Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    wait(page, "document.getElementById('clipboard-paste').ariaDisabled === 'false'")
    if not page.is_visible("#clipboard-paste"):
        page.click("#clipboard-button")
    page.click("#clipboard-paste")
    wait(page, "document.getElementById('clipboard-box').open")
    yield "pasting by hand"
    page.keyboard.press("Escape")
    page.evaluate("""() => fake.send({ type: 'files', toDesk: true, fromDesk: true, hand: true, limit: 1000000,
        offers: [{ id: 1, from: 2, name: 'worksheet.pdf', size: 1200000 }] })""")
    wait(page, "!document.getElementById('file-offer').hidden")
    page.click("#files-button")
    sheets = [{"name": f"{name}.txt", "mimeType": "text/plain", "buffer": b"x" * size} for name, size in (("large", 1000001), ("small", 1))]
    page.set_input_files("#files-input", sheets)
    wait(page, "document.querySelectorAll('#files-transfers-list li').length === 2")
    yield "files"
    page.evaluate("() => fake.send({ type: 'files', toDesk: false, fromDesk: false, hand: false, limit: 1000000, offers: [] })")
    wait(page, "document.getElementById('file-offer').hidden")
    page.click("#leave-button")
    yield "left"
    page.evaluate("() => (fake.refusal = { code: 'tokenNotYetValid', values: { seconds: 90 }, message: 'Not yet.' })")
    page.click("#rejoin")
    wait(page, "document.getElementById('link').checkVisibility()")
    yield "link refused"
    page.evaluate("() => (fake.refusal = null)")
    page.click("#link-again")
    wait(page, "deskroom.state().people > 0")
