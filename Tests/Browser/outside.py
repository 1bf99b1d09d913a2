"""What comes from outside, by WHIP and WHEP: offers as programs write them, and the requests about them."""

import json
import urllib.error
import urllib.request
from pathlib import Path

PAGES = Path(__file__).parents[2] / "docs/outside"
PASSWORD = "0123456789abcdefghijklmn"


def transport(ufrag="abcd", setup="actpass"):
    return [
        f"a=ice-ufrag:{ufrag}", f"a=ice-pwd:{PASSWORD}", "a=fingerprint:sha-256 " + ":".join(["AB"] * 32),
        f"a=setup:{setup}", "a=rtcp-mux",
    ]


def section(kind, mid, formats, *lines, port=9, direction="sendonly", **more):
    numbers = " ".join(line.split(" ")[0] for line in formats)
    return [
        f"m={kind} {port} UDP/TLS/RTP/SAVPF {numbers}", "c=IN IP4 0.0.0.0", f"a=mid:{mid}", *transport(**more),
        f"a={direction}", *(f"a=rtpmap:{line}" for line in formats), *lines,
    ]


def description(*sections, bundle="0 1"):
    head = ["v=0", "o=rtc 1 0 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {bundle}", "a=msid-semantic:WMS *"]
    return "".join(f"{line}\r\n" for line in [*head, *(line for one in sections for line in one)])


BASELINE = "a=fmtp:96 profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1"
LAYERS = [
    "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid", "a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "a=rid:0 send", "a=rid:1 send", "a=rid:2 send", "a=simulcast:send 0;1;2",
]


def sound(**more):
    return section("audio", "0", ["111 opus/48000/2"], **more)


def picture(codec="H264", *lines, **more):
    return section("video", "1", [f"96 {codec}/90000"], *(lines or [BASELINE]), **more)


def received(sdp, codec="H264", **more):
    """A viewer's offer."""
    lines = [BASELINE] if codec == "H264" else ["a=rtcp-fb:96 nack"]
    return description(sound(direction="recvonly", **more), picture(codec, *lines, direction="recvonly", **more))


# OBS 32: no candidates, layers by rid.
OBS = description(sound(), picture("H264", BASELINE, *LAYERS))
VIEWER = description(sound(direction="recvonly"), picture(direction="recvonly"))

# For a page: as where UDP is blocked.
WITHOUT_UDP = """
(() => {
  const set = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    return set.call(this, { type, sdp: sdp.replace(/a=candidate:\\S+ 1 udp .*\\r\\n/g, "") });
  };
})();
"""


def protocol(tab, name):
    """By what the connection of a page of docs/outside, window[name], goes: "tcp"; None before it does."""
    return tab.evaluate(f"""(async () => {{
        const report = await {name}.connection.getStats();
        const pair = report.get([...report.values()].find(({{ type }}) => type === 'transport')?.selectedCandidatePairId);
        return pair ? report.get(pair.remoteCandidateId).protocol : null;
    }})()""")


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.text = status, headers, body.decode()

    @property
    def detail(self):
        assert self.headers["Content-Type"] == "application/problem+json"
        return json.loads(self.text)["detail"]

    def lines(self, start):
        return [line for line in self.text.split("\r\n") if line.startswith(start)]


class Outside:
    """Somebody outside: outside("whep", …) begins a session, and others do something with it."""

    def __init__(self, address, kind, token=None, **headers):
        self.root = address.rstrip("/")
        self.kind = kind
        self.headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **headers}

    def request(self, method, path, body=None, **headers):
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        request = urllib.request.Request(self.root + path, data, {**self.headers, **named}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def post(self, sdp, query="", **headers):
        answer = self.request("POST", f"/{self.kind}{query}", sdp, **{"Content_Type": "application/sdp", **headers})
        self.session = answer.headers["Location"]
        self.tag = answer.headers["ETag"]
        return answer

    def begin(self, sdp, **headers):
        answer = self.post(sdp, **headers)
        assert answer.status == 201, answer.text
        return answer

    def patch(self, fragment, match=None, kind="application/trickle-ice-sdpfrag"):
        return self.request("PATCH", self.session, fragment, Content_Type=kind, If_Match=match)

    def restart(self, ufrag, match="*"):
        return self.patch(f"a=ice-ufrag:{ufrag}\r\na=ice-pwd:{PASSWORD}\r\n", match)

    def delete(self, **headers):
        return self.request("DELETE", self.session, **headers)
