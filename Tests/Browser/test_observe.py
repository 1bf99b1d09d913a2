"""What the room tells of its state to those who run it."""

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request

import exposition
import hook
from attackers import enter
from room import ROOT
from test_links import web_socket
from waiting import eventually


def ask(room, path, **headers):
    """Status and content of an answer."""
    request = urllib.request.Request(room.address + path.lstrip("/"), headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def readiness(room):
    status, content = ask(room, "/health/ready")
    return status, json.loads(content)["reasons"]


def is_ready(room):
    return readiness(room) == (200, [])


def test_a_desk_that_is_stopped_makes_the_room_unready_until_it_goes_on(open_room, desk):
    room = open_room(desk)
    eventually(lambda: is_ready(room), what=lambda: f"the room is ready: {readiness(room)}")
    assert room.health()["status"] == "ok"
    process = room.desk_process()
    os.kill(process, signal.SIGSTOP)
    try:
        start = time.monotonic()
        eventually(lambda: readiness(room) == (503, ["deskNotAnswering"]), what="the desk is missed")
        print(f"noticed after {time.monotonic() - start:.1f} s")
        assert room.health()["status"] == "degraded"
        assert ask(room, "/health/live")[0] == 200, "the room itself is well"
    finally:
        os.kill(process, signal.SIGCONT)
    eventually(lambda: is_ready(room), what="the desk is back")
    assert room.health()["status"] == "ok"


def test_a_room_without_a_desk_does_not_say_that_it_is_well(open_room):
    room = open_room(None, DESK_DISPLAY=":4093")
    status, reasons = readiness(room)
    assert status == 503 and reasons and all(reason.startswith("desk") for reason in reasons)
    assert room.health()["status"] in ("starting", "degraded")
    assert ask(room, "/health/live")[0] == 200


# Metrics.


def metrics(room, **headers):
    status, text = ask(room, "/metrics", **headers)
    assert status == 200, text
    return text


def value(room, name, **labels):
    """One series; None if it is not there."""
    families = exposition.series(metrics(room))
    key = (name, *sorted(labels.items()))
    return next((samples[key] for _, samples in families.values() if key in samples), None)


def test_metrics_are_what_prometheus_reads(room, visitor):
    ada = visitor("Ada Ibarra").join(room.address)
    ada.wait_for_picture()
    eventually(lambda: value(room, "deskroom_desk_frames_total", step="encoded"), what="the desk's numbers")
    eventually(lambda: value(room, "deskroom_path_round_trip_seconds_count"), what="a report of the browser")
    text = metrics(room)
    families = exposition.series(text)
    said = exposition.promtool_says(text)
    print("promtool:", "none" if said is None else said or "nothing to say")
    assert not said
    assert "Ibarra" not in text and "127.0.0.1" not in text
    assert value(room, "deskroom_ready") == 1
    assert value(room, "deskroom_people", role="clinician") == 1
    assert value(room, "deskroom_joins_total", role="clinician") == 1
    assert value(room, "deskroom_transports", way="udp") == 2
    assert value(room, "deskroom_media_sent_bytes_total") > 10_000
    assert value(room, "deskroom_key_frames_received_total") >= 1
    assert value(room, "deskroom_desk_encode_seconds") > 0
    assert value(room, "deskroom_event_loop_lag_seconds_count", loop="media") >= 1
    assert value(room, "deskroom_process_cpu_seconds_total", kind="room") > 0
    assert value(room, "deskroom_process_open_fds", kind="room") > 10
    assert value(room, "deskroom_processes", kind="room") == value(room, "deskroom_processes", kind="keeper") == 1
    assert value(room, "deskroom_process_resident_memory_bytes", kind="desk") > 1 << 20
    # Nothing falls that is a counter, when somebody leaves and while others come.
    ada.tab.close()
    eventually(lambda: value(room, "deskroom_transports", way="udp") == 0, what="Ada is gone")
    after = exposition.series(metrics(room))
    for name, (kind, samples) in families.items():
        if kind == "counter":
            assert all(after[name][1][key] >= old for key, old in samples.items()), name
    print(f"{len(families)} families, {len(text)} bytes")


def test_the_dashboard_asks_only_for_metrics_that_there_are(open_room):
    room = open_room(None, DESK_DISPLAY=":4093")
    known = set()
    for name, (kind, _) in exposition.series(metrics(room)).items():
        known |= {name + suffix for suffix in (("_bucket", "_sum", "_count") if kind == "histogram" else ("",))}
    text = (ROOT / "container/grafana-dashboard.json").read_text()
    queries = [target["expr"] for panel in json.loads(text)["panels"] for target in panel.get("targets", [])]
    asked = set(re.findall(r"\bdeskroom_\w+", " ".join(queries)))
    assert len(asked) > 20 and asked <= known, asked - known
    # And the rules that the documentation gives.
    rules = set(re.findall(r"\bdeskroom_\w+", (ROOT / "docs/observability.md").read_text()))
    assert {name for name in rules if name not in known and not any(one.startswith(name) for one in known)} == set()


SCRAPER = "0123456789abcdef0123456789abcdef"


def test_metrics_are_for_those_who_may_read_them(open_room):
    room = open_room(None, DESK_DISPLAY=":4093", METRICS_SECRET=SCRAPER, API_SECRET="a" * 32)
    assert ask(room, "/metrics")[0] == 200
    # A proxy on this machine speaks for somebody else.
    assert ask(room, "/metrics", **{"X-Forwarded-For": "203.0.113.7"})[0] == 401
    for secret in (SCRAPER, "a" * 32):
        assert ask(room, "/metrics", **{"X-Forwarded-For": "203.0.113.7", "Authorization": f"Bearer {secret}"})[0] == 200
    closed = open_room(None, DESK_DISPLAY=":4093", METRICS_ACCESS="off")
    assert ask(closed, "/metrics")[0] == 404


def test_metrics_may_have_a_port_of_their_own(open_room):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    room = open_room(None, DESK_DISPLAY=":4093", METRICS_PORT=str(port))
    assert ask(room, "/metrics")[0] == 404, "not on the page's"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        assert exposition.series(answer.read().decode())
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=30) as answer:
        assert answer.status == 200


# The log.


def test_each_line_of_a_log_in_json_is_an_object_with_its_session_and_process(open_room):
    room = open_room(None, LOG_FORMAT="json", SESSION_ID="clinic-7")
    desk = room.desk_process()
    eventually(lambda: room.health()["isDeskConnected"], what="the desk is connected")
    room.kill(desk)
    lines = lambda: [json.loads(line) for line in room.log(10_000).splitlines()]  # noqa: E731
    eventually(lambda: any("ended" in line["message"] for line in lines()), what="the end of the desk is logged")
    for line in lines():
        assert line["session"] == "clinic-7" and line["process"] in ("keeper", "room", "desk")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"]), line
        assert line["level"] in ("trace", "debug", "info", "notice", "warning", "error", "critical")
    ended = next(line for line in lines() if line.get("metadata", {}).get("program") == "desk")
    assert "Killed" in ended["metadata"]["ending"]


# Events.


def test_events_come_to_a_receiver_in_order_signed_and_without_a_name(open_room, folder):
    receiver = hook.Receiver(SCRAPER.encode())
    room = open_room(
        None, EVENTS_URL=f"http://127.0.0.1:{receiver.port}/hook", EVENTS_SECRET=SCRAPER, SESSION_ID="s-1",
    )
    with web_socket(room) as page:
        assert enter(page, "Ada Ibarra")
        eventually(lambda: "deskroom.person.joined" in receiver.names(), what="Ada's coming")
    eventually(lambda: "deskroom.desk.connected" in receiver.names(), what="the desk's coming")
    # It is away for a while, then comes back: nothing is lost, and all of it in order.
    receiver.status = 503
    room.kill(room.desk_process())
    eventually(lambda: receiver.refused >= 2, what="it is tried again")
    receiver.status = 204
    eventually(lambda: receiver.names().count("deskroom.desk.connected") == 2, what="the rest")
    room.stop()
    eventually(lambda: receiver.names()[-1:] == ["deskroom.session.ended"], what="the end")
    receiver.stop()
    assert receiver.names()[0] == "deskroom.session.begun" or "deskroom.session.begun" in receiver.names()
    assert "deskroom.session.draining" in receiver.names() and "deskroom.program.restarted" in receiver.names()
    numbers = [hook.attributes(event)["deskroom.event.number"] for _, event in receiver.events]
    assert numbers == list(range(1, len(numbers) + 1)), receiver.names()
    assert [one for one, _ in receiver.events] == [f"s-1-{number}" for number in numbers]
    assert "Ibarra" not in json.dumps(receiver.events)
    resource = {one["key"]: one["value"]["stringValue"] for one in receiver.events[0][1]["resource"]["attributes"]}
    assert resource == {"service.name": "deskroom", "service.instance.id": "s-1"}


def test_a_receiver_has_to_show_a_certificate_for_its_name(open_room, folder):
    key, good, other = folder / "key.pem", folder / "good.pem", folder / "other.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=receiver"]
    subprocess.run([*make, "-keyout", key, "-out", good, "-addext", "subjectAltName=DNS:localhost"],
                   check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(good, key)
    receiver = hook.Receiver(SCRAPER.encode(), tls=tls)
    shared = dict(DESK_DISPLAY=":4093", EVENTS_SECRET=SCRAPER)
    room = open_room(None, EVENTS_URL=f"https://localhost:{receiver.port}/", EVENTS_AUTHORITIES=str(good), **shared)
    eventually(lambda: "deskroom.session.begun" in receiver.names(), what="the beginning is told")
    room.stop()
    count = len(receiver.events)
    for address, authorities in ((f"https://127.0.0.1:{receiver.port}/", str(good)),
                                 (f"https://localhost:{receiver.port}/", None)):
        more = {"EVENTS_AUTHORITIES": authorities} if authorities else {}
        room = open_room(None, EVENTS_URL=address, **more, **shared)
        eventually(lambda: "Events are not taken" in room.log(1_000), what="it is refused")
        room.stop()
    assert len(receiver.events) == count
    receiver.stop()


class EventReader:
    """Reads /api/v1/events in a thread: `items` are (id, event) in order."""

    def __init__(self, room, secret, last=None):
        headers = {"Authorization": f"Bearer {secret}", **({"Last-Event-ID": last} if last else {})}
        self.answer = urllib.request.urlopen(
            urllib.request.Request(room.address + "api/v1/events", headers=headers), timeout=60)
        self.items, self.type = [], self.answer.headers["Content-Type"]
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        fields = {}
        try:
            for line in self.answer:
                line = line.decode().rstrip("\n")
                if line:
                    name, _, text = line.partition(": ")
                    fields[name] = text
                    continue
                if "data" in fields:
                    assert json.loads(fields["data"])["eventName"] == fields["event"]
                    self.items.append((fields["id"], json.loads(fields["data"])))
                fields = {}
        except (AttributeError, OSError, ValueError):
            pass

    def names(self):
        return [event["eventName"] for _, event in self.items]


def test_events_are_read_as_they_happen_and_after_a_break_from_where_it_was(open_room):
    room = open_room(None, DESK_DISPLAY=":4093", API_SECRET=SCRAPER)
    assert ask(room, "/api/v1/events")[0] == 401
    reader = EventReader(room, SCRAPER, "other:7")
    assert reader.type == "text/event-stream"
    with web_socket(room) as page:
        assert enter(page, "Ada Ibarra")
        eventually(lambda: "deskroom.person.joined" in reader.names(), what="Ada's coming")
        assert "deskroom.session.begun" in reader.names(), "what was before, too"
        last = reader.items[-1][0]
        reader.answer.close()
        page.send(json.dumps({"type": "leave"}))
    again = EventReader(room, SCRAPER, last)
    eventually(lambda: "deskroom.person.left" in again.names(), what="Ada's leaving")
    known = {one for one, _ in reader.items}
    assert not known & {one for one, _ in again.items}
    room.stop()


def test_statistics_have_the_shape_of_w3cs_and_no_name_in_them(open_room, desk, visitor):
    room = open_room(desk, API_SECRET=SCRAPER)
    ada = visitor("Ada Ibarra").join(room.address)
    ada.wait_for_picture()

    def stats():
        status, text = ask(room, "/api/v1/stats", Authorization=f"Bearer {SCRAPER}")
        assert status == 200 and "Ibarra" not in text and "127.0.0.1" not in text
        return json.loads(text)["stats"]

    def pictures():
        return [one for one in stats() if one["type"] == "outbound-rtp" and one["kind"] == "video"
                and one["bytesSent"] > 1_000 and "roundTripTime" in one]

    picture = eventually(pictures, what="the picture in numbers")[0]
    every = {one["id"]: one for one in stats()}
    assert len(every) == len(stats())
    transport = every[picture["transportId"]]
    assert transport["type"] == "transport" and transport["direction"] == "subscribe"
    assert transport["dtlsState"] == "connected" and transport["person"] == picture["person"]
    source = next(one for one in every.values() if one.get("producerId") == picture["producerId"]
                  and one["type"] == "inbound-rtp" and one["packetsReceived"])
    assert source["mimeType"] == picture["mimeType"] and "person" not in source, "it is the desk's"
    assert {"chat", "control"} <= {one["label"] for one in every.values() if one["type"] == "data-producer"}
