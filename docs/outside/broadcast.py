#!/usr/bin/env python3
"""Publishes a file into a room, or watches its desk, as plain RTP by gst-launch-1.0 (docs/broadcast.md).

    broadcast.py publish http://127.0.0.1:8080/ --file film.webm [--token TOKEN] [--name NAME]
    broadcast.py watch   http://127.0.0.1:8080/ [--token TOKEN] [--picture SINK] [--sound SINK]

SINK is the end of a pipeline for gst-launch-1.0, such as "videoconvert ! autovideosink". It needs Python's own library, and
GStreamer's tools with the plug-ins good (RTP), base (Opus) and good's vpx.
"""

import argparse
import json
import secrets
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

VP8 = {"mimeType": "video/VP8", "clockRate": 90000,
       "rtcpFeedback": [{"type": "nack"}, {"type": "nack", "parameter": "pli"}, {"type": "ccm", "parameter": "fir"}]}
OPUS = {"mimeType": "audio/opus", "clockRate": 48000, "channels": 2}


class Broadcaster:
    """Requests to the room, about one broadcaster."""

    def __init__(self, options):
        self.root = options.room.rstrip("/") + "/rooms/room/broadcasters"
        self.token = options.token
        self.name = secrets.token_hex(8)
        self.ask("POST", "", {"peerId": self.name, "displayName": options.name, "device": {"name": "GStreamer"}})
        self.root += "/" + self.name

    def ask(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(
            self.root + path, None if body is None else json.dumps(body).encode(), headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            content = error.read()
            sys.exit(f"{method} {path}: {error.code}: {json.loads(content).get('detail', '') if content else ''}")
        return json.loads(content) if content else None

    def transport(self, direction, comedia):
        return self.ask("POST", "/transports", {"direction": direction, "comedia": comedia, "rtcpMux": False})

    def produce(self, transport, kind, codec, ssrc):
        self.ask("POST", "/producers", {
            "transportId": transport["transportId"], "kind": kind,
            "rtpParameters": {"codecs": [codec], "encodings": [{"ssrc": ssrc}]}, "appData": {"source": kind}})


def publish(room, options):
    """Two transports, where the room takes whoever sends first (comedia), as in mediasoup-demo's scripts."""
    pipeline = ["rtpbin name=rtp", f'filesrc location="{options.file}" ! decodebin name=file']
    streams = [
        ("video", VP8, 101, 2222,
         "videoconvert ! videoscale ! vp8enc deadline=1 cpu-used=8 keyframe-max-dist=30 target-bitrate=1000000"
         " ! rtpvp8pay mtu=1200 picture-id-mode=15-bit"),
        ("audio", OPUS, 100, 1111, "audioconvert ! audioresample ! audio/x-raw,rate=48000,channels=2 ! opusenc ! rtpopuspay mtu=1200"),
    ]
    for session, (kind, codec, number, ssrc, encoder) in enumerate(streams):
        at = room.transport("producer", comedia=True)
        room.produce(at, kind, {**codec, "payloadType": number}, ssrc)
        pipeline += [
            f"file. ! queue ! {encoder} pt={number} ssrc={ssrc} ! rtp.send_rtp_sink_{session}",
            f"rtp.send_rtp_src_{session} ! udpsink host={at['ip']} port={at['port']}",
            f"rtp.send_rtcp_src_{session} ! udpsink host={at['ip']} port={at['rtcpPort']} sync=false async=false",
        ]
    return pipeline


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def watch(room, options):
    """Two transports, which are told where to send. Reports go back from a port of their own: without them the room stops."""
    pipeline = ["rtpbin name=rtp rtp-profile=avpf"]
    streams = [
        ("video", VP8, 101, "desk-picture", "media=video,clock-rate=90000,encoding-name=VP8,rtcp-fb-nack-pli=true",
         f"rtpvp8depay wait-for-keyframe=true request-keyframe=true ! vp8dec ! {options.picture}"),
        ("audio", OPUS, 100, "desk-sound", "media=audio,clock-rate=48000,encoding-name=OPUS",
         f"rtpopusdepay ! opusdec ! {options.sound}"),
    ]
    for session, (kind, codec, number, producer, caps, sink) in enumerate(streams):
        at = room.transport("consumer", comedia=False)
        port, reports = free_port(), free_port()
        room.ask("POST", f"/transports/{at['transportId']}/connect", {"ip": "127.0.0.1", "port": port, "rtcpPort": reports})
        consumer = room.ask("POST", "/consumers", {
            "transportId": at["transportId"], "producerId": producer, "paused": True,
            "rtpCapabilities": {"codecs": [{**codec, "kind": kind, "preferredPayloadType": number}]}})
        room.consumers.append(consumer["consumerId"])
        pipeline += [
            f'udpsrc port={port} address=127.0.0.1 caps="application/x-rtp,payload={number},{caps}" ! rtp.recv_rtp_sink_{session}',
            f"rtp.recv_rtp_src_{session}_{consumer['rtpParameters']['encodings'][0]['ssrc']}_{number} ! {sink}",
            f"rtp.send_rtcp_src_{session} ! udpsink host={at['ip']} port={at['rtcpPort']} bind-port={reports} sync=false async=false",
        ]
    return pipeline


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("publish", "watch"))
    parser.add_argument("room", help="its address")
    parser.add_argument("--file")
    parser.add_argument("--token")
    parser.add_argument("--name", default="GStreamer")
    parser.add_argument("--picture", default="videoconvert ! autovideosink")
    parser.add_argument("--sound", default="audioconvert ! autoaudiosink")
    options = parser.parse_args()
    if options.what == "publish" and not options.file:
        parser.error("publish needs --file")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    room = Broadcaster(options)
    room.consumers = []
    try:
        pipeline = (publish if options.what == "publish" else watch)(room, options)
        room.ask("POST", "/join")
        print("gst-launch-1.0 " + " \\\n    ".join(pipeline), flush=True)
        program = subprocess.Popen(["gst-launch-1.0", "-q", *" ".join(pipeline).replace('"', "").split()])
        try:
            for consumer in room.consumers:
                room.ask("POST", f"/consumers/{consumer}/resume")
            program.wait()
        finally:
            program.terminate()
            program.wait()
    except KeyboardInterrupt:
        pass
    finally:
        room.ask("DELETE", "")


if __name__ == "__main__":
    main()
