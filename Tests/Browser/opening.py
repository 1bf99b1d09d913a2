"""How long a person waits for the first picture, beside the least that a browser needs on this machine."""

import statistics

import chromium
from visitor import Visitor
from waiting import eventually

# A person who needs no time to type: as soon as the form is there, it is filled in and sent.
JOIN_AT_ONCE = """
  const fill = () => {
    const form = document.getElementById("welcome-form");
    if (!form || document.getElementById("welcome").hidden) return setTimeout(fill, 1);
    document.getElementById("name").value = "Somebody";
    form.requestSubmit();
  };
  fill();
"""

# The floor: an empty page that sends itself a picture, without anybody between, and then some messages.
FLOOR = """<!doctype html><video muted autoplay></video><script>
  const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
  const paint = () => {
    const context = canvas.getContext("2d");
    context.fillStyle = `hsl(${performance.now() / 10}, 50%, 50%)`;
    context.fillRect(0, 0, 1280, 720);
    requestAnimationFrame(paint);
  };
  const video = document.querySelector("video");
  const there = () => {
    if (video.readyState < 2 || !video.videoWidth) return setTimeout(there, 4);
    window.floor = { opened: performance.now(), joined: performance.now() - began };
  };
  const began = performance.now();
  const [one, two] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.onicecandidate = ({ candidate }) => two.addIceCandidate(candidate);
  two.onicecandidate = ({ candidate }) => one.addIceCandidate(candidate);
  two.ontrack = ({ track }) => { video.srcObject = new MediaStream([track]); };
  const channel = one.createDataChannel("control");
  const delays = [];
  two.ondatachannel = ({ channel }) => {
    channel.onmessage = ({ data }) => delays.push(performance.now() - Number(data));
  };
  window.send = (count) => new Promise((resolve) => {
    const timer = setInterval(() => {
      if (count-- > 0) return channel.send(String(performance.now()));
      clearInterval(timer);
      setTimeout(() => resolve(delays.splice(0).sort((a, b) => a - b)), 200);
    }, 4);
  });
  (async () => {
    paint();
    there();
    one.addTrack(canvas.captureStream(30).getTracks()[0]);
    await one.setLocalDescription();
    await two.setRemoteDescription(one.localDescription);
    await two.setLocalDescription();
    await one.setRemoteDescription(two.localDescription);
  })();
</script>"""


def floor_page(browser, address):
    """A tab with the floor's page, from an address whose server is the room."""
    tab = chromium.Tab(browser)
    tab.page.route("**/floor", lambda route: route.fulfill(content_type="text/html", body=FLOOR))
    tab.goto(address + "floor")
    eventually(lambda: tab.evaluate("window.floor"), what="the floor's first picture")
    return tab


def first_pictures(browser, address, count, latency=0):
    """Medians in ms, of so many people who open the page one after the other, and of as many floors.

    `latency` delays every answer over HTTP, as a distant server's. Returns two dictionaries: from the opening of the
    page (`opened`), and from the wish to join (`joined`), to the first decoded picture; the room's has every step too.
    """
    ours, floors = [], []
    for number in range(count + 1):
        person = Visitor(chromium.Tab(browser), f"Person {number}")
        try:
            person.tab.before_pages(JOIN_AT_ONCE)
            if latency:
                limits = {"offline": False, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1}
                person.tab.page.context.new_cdp_session(person.tab.page).send(
                    "Network.emulateNetworkConditions", limits)
            person.tab.goto(address)
            opened = eventually(lambda person=person: person.ask("probe.firstFrame"), what="the first picture")
            marks = person.state()["marks"]
        finally:
            person.close()
        tab = floor_page(browser, address)
        floor = tab.evaluate("window.floor")
        tab.close()
        # The first of either is for the caches of browser and kernel.
        if number:
            ours.append({**marks, "opened": opened, "joined": opened - marks["joinAsked"]})
            floors.append(floor)
    return median(ours), median(floors)


def median(rows):
    return {key: statistics.median(row[key] for row in rows) for key in rows[0]}
