"""Devices that are chosen, remembered, pulled out and plugged in, on the page alone."""

import pytest

import chromium
from pageroom import attribute, join, pages, text, wait

# A second microphone, camera and headset that the test plugs in and out: plug.in(…), plug.out(…).
PLUG = """
window.plug = { extra: [], gone: new Set(), opened: [] };
const media = navigator.mediaDevices;
if (media) {
  const list = media.enumerateDevices.bind(media), ask = media.getUserMedia.bind(media);
  media.enumerateDevices = async () => [...await list(), ...plug.extra].filter(({ deviceId }) => !plug.gone.has(deviceId));
  media.getUserMedia = async (wanted) => {
    for (const kind of ['audio', 'video']) {
      const id = wanted[kind]?.deviceId?.exact;
      if (!id || (await list()).some(({ deviceId }) => deviceId === id)) continue;
      if (!plug.extra.some(({ deviceId }) => deviceId === id)) throw new DOMException('', 'OverconstrainedError');
      plug.opened.push(id);
      wanted = { ...wanted, [kind]: true };
    }
    return ask(wanted);
  };
  plug.in = (...devices) => { plug.extra.push(...devices); media.dispatchEvent(new Event('devicechange')); };
  plug.out = () => { plug.extra = []; media.dispatchEvent(new Event('devicechange')); };
}
"""
HEADSET = [
    {"kind": "audioinput", "deviceId": "mic-x", "groupId": "x", "label": "USB Headset"},
    {"kind": "audiooutput", "deviceId": "out-x", "groupId": "x", "label": "USB Headset"},
]
OFFERED = "!document.getElementById('offer').hidden"


@pytest.fixture
def page(open_page):
    page = open_page(before=PLUG)
    page.click("#microphone-button")
    wait(page, "fake.last('setMedia')?.audio === 'on'")
    page.wait_for_timeout(200)
    return page


def plug_in(page):
    page.evaluate("(devices) => plug.in(...devices)", HEADSET)
    wait(page, OFFERED)


def test_a_new_device_is_offered_once_for_all_it_can_do(page):
    plug_in(page)
    assert text(page, "#offer-line") == "“USB Headset” is plugged in. Use it as your microphone and speaker?"
    assert text(page, "#announcement") == text(page, "#offer-line")
    page.click("#offer-yes")
    wait(page, "plug.opened.includes('mic-x')")
    wait(page, f"!({OFFERED})")
    chosen = page.evaluate("JSON.parse(localStorage.getItem('deskroom devices'))")
    assert chosen["microphone"] == {"deviceId": "mic-x", "label": "USB Headset"}
    assert chosen["speaker"]["deviceId"] == "out-x"


def test_a_new_device_can_be_declined_and_goes_when_it_is_pulled_out(page):
    plug_in(page)
    page.focus("#offer-no")
    page.keyboard.press("Enter")
    assert not page.evaluate(OFFERED)
    assert page.evaluate("document.activeElement.id") == "settings-button"
    assert page.evaluate("localStorage.getItem('deskroom devices')") is None
    page.evaluate("() => plug.out()")
    page.wait_for_timeout(200)
    plug_in(page)
    page.evaluate("() => plug.out()")
    wait(page, f"!({OFFERED})")


def test_a_camera_that_is_off_stays_off_when_a_new_one_is_taken(page):
    for state in ("on", "off"):
        page.click("#camera-button")
        wait(page, f"deskroom.state().media.video === '{state}'")
    page.wait_for_timeout(200)
    page.evaluate("() => plug.in({ kind: 'videoinput', deviceId: 'cam-x', groupId: 'c', label: 'Desk Camera' })")
    wait(page, OFFERED)
    page.click("#offer-yes")
    page.wait_for_timeout(200)
    assert page.evaluate("deskroom.state().media.video") == "off"
    assert page.evaluate("plug.opened") == []
    page.click("#camera-button")
    wait(page, "plug.opened.includes('cam-x') && deskroom.state().media.video === 'on'")


def test_a_choice_is_remembered_and_its_absence_is_told(page, open_page):
    plug_in(page)
    page.click("#offer-yes")
    wait(page, "plug.opened.length === 1")
    page.evaluate("sessionStorage.clear()")
    page.reload()
    # The plug is empty again: the headset is not there.
    join(page)
    page.click("#microphone-button")
    wait(page, "fake.last('setMedia')?.audio === 'on'")
    wait(page, "/“USB Headset” is not there. Using “/.test(document.getElementById('notice').textContent)")
    # Plugged in again, it is offered, and used without a word the next time.
    plug_in(page)
    page.click("#offer-yes")
    wait(page, "plug.opened.at(-1) === 'mic-x'")


def test_a_track_under_an_id_that_no_device_has_is_left_alone(open_page):
    # As of a canvas, or of a browser that gives out other ids to be recognised by nobody.
    page = open_page(before="""
        window.opened = 0;
        navigator.mediaDevices.getUserMedia = async () => {
            opened += 1;
            const canvas = document.createElement('canvas');
            canvas.getContext('2d');
            return canvas.captureStream(5);
        };
    """)
    page.click("#camera-button")
    wait(page, "deskroom.state().media.video === 'on'")
    page.wait_for_timeout(500)
    assert page.evaluate("opened") == 1


def test_a_speaker_that_is_pulled_out_is_told(page):
    plug_in(page)
    page.click("#offer-yes")
    wait(page, "plug.opened.length === 1")
    page.evaluate("() => { plug.extra.splice(1, 1); navigator.mediaDevices.dispatchEvent(new Event('devicechange')); }")
    wait(page, "/“USB Headset” is gone. The sound is played/.test(document.getElementById('notice').textContent)")


def test_a_device_that_the_system_keeps_back_is_told(page):
    page.click("#camera-button")
    wait(page, "deskroom.state().tiles[0].video")
    own = ".tile[data-own='true']"
    page.evaluate(f"""() => {{
        const [track] = document.querySelector("{own} video").srcObject.getTracks();
        Object.defineProperty(track, 'muted', {{ value: true }});
        track.dispatchEvent(new Event('mute'));
    }}""")
    wait(page, "/keeps your camera back/.test(document.getElementById('notice').textContent)")
    assert text(page, f"{own} .delivery") == "Kept back by this device"


def test_without_https_the_page_says_why_there_is_no_camera(chromium_browser):
    # A name that is not localhost, as a room in the house has; it leads to this machine all the same.
    browser = chromium_browser.browser_type.launch(
        executable_path=chromium.PROGRAM,
        args=[*chromium.ARGUMENTS, "--host-resolver-rules=MAP room.test 127.0.0.1"],
    )
    try:
        with pages(browser) as start:
            page = start(joined=False)
            page.goto(page.url.replace("127.0.0.1", "room.test"))
            assert page.evaluate("[isSecureContext, navigator.mediaDevices === undefined]") == [False, True]
            join(page)
            for name in ("microphone", "camera"):
                page.click(f"#{name}-button")
                wait(page, f"document.getElementById('notice').textContent.includes('the {name} only to pages with HTTPS')")
                assert attribute(page, f"#{name}-button", "data-state") == "problem"
            page.click("#settings-button")
            wait(page, "/Desk picture/.test(document.getElementById('quality-line').textContent)")
    finally:
        browser.close()
