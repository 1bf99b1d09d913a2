#!/usr/bin/python3
"""The desk in GStreamer, by WHEP, and a file or a test picture in the room, by WHIP: Debian 12's own webrtcbin, and no other plug-ins.

    gstreamer.py watch   https://room.example/whep [--token TOKEN] [--codec H264|VP8] [--no-window]
    gstreamer.py publish https://room.example/whip [--token TOKEN] [--file FILE] [--only picture|sound]

It writes a line of JSON each second: how many frames of picture and packets of sound have come or gone. It ends with the file, by
Ctrl-C, or when the room ends it, and tells the room so.

Needs: python3-gi gir1.2-gst-plugins-base-1.0 gir1.2-gst-plugins-bad-1.0 gstreamer1.0-nice gstreamer1.0-plugins-good gstreamer1.0-plugins-bad
"""

import argparse
import json
import os
import signal
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import gi

for library in ("Gst", "GstWebRTC", "GstSdp"):
    gi.require_version(library, "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

CODECS = {"H264": ",packetization-mode=(string)1,profile-level-id=(string)42e01f", "VP8": ""}
SOUND = "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2"
PICTURE = "application/x-rtp,media=video,encoding-name={},payload=96,clock-rate=90000,rtcp-fb-nack-pli=(boolean)true{}"
BIN = "webrtcbin name=peer bundle-policy=max-bundle "
# Files are read as fast as they can be: clocksync lets them through in their own time.
FILE = "uridecodebin name=file uri={} "
TEST_PICTURE = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=15/1"
TEST_SOUND = "audiotestsrc is-live=true wave=ticks volume=0.3"
SEND_PICTURE = ("! queue ! videoconvert ! clocksync ! vp8enc deadline=1 cpu-used=8 keyframe-max-dist=60 target-bitrate=1000000 "
                "! rtpvp8pay name=picture picture-id-mode=15-bit ! " + PICTURE.format("VP8", "") + " ! peer. ")
SEND_SOUND = "! queue ! audioconvert ! audioresample ! clocksync ! opusenc ! rtpopuspay name=sound ! " + SOUND + " ! peer. "


class Peer:
    def __init__(self, options):
        self.options = options
        self.counted = {"picture": 0, "sound": 0}
        self.session = None
        self.status = 0
        self.loop = GLib.MainLoop()
        (self.watch if options.what == "watch" else self.publish)()
        self.keep_alive()
        self.bin.connect("on-negotiation-needed", lambda _: GLib.idle_add(self.offer))
        self.bin.connect("notify::connection-state", lambda *_: GLib.idle_add(self.connection_changed))
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message::error", lambda _, message: self.end(message.parse_error()[0].message))
        bus.connect("message::eos", lambda *_: self.end())

    # What is sent and received

    def watch(self):
        self.pipeline = Gst.Pipeline.new()
        self.bin = Gst.parse_launch(BIN)
        self.pipeline.add(self.bin)
        receive = GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY
        for caps in (PICTURE.format(self.options.codec, CODECS[self.options.codec]), SOUND):
            transceiver = self.bin.emit("add-transceiver", receive, Gst.Caps.from_string(caps))
            # What is lost is asked for again.
            transceiver.set_property("do-nack", True)
        self.bin.connect("pad-added", self.received)

    def received(self, _, pad):
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        decoder = Gst.ElementFactory.make("decodebin", None)
        decoder.connect("pad-added", self.decoded)
        self.pipeline.add(decoder)
        decoder.sync_state_with_parent()
        pad.link(decoder.get_static_pad("sink"))

    def decoded(self, _, pad):
        kind, shown = ("picture", "videoconvert ! autovideosink")
        if pad.get_current_caps().get_structure(0).get_name().startswith("audio/"):
            kind, shown = ("sound", "audioconvert ! audioresample ! autoaudiosink")
        if self.options.no_window:
            shown = "fakesink sync=true"
        sink = Gst.parse_bin_from_description(f"queue ! {shown}", True)
        self.pipeline.add(sink)
        sink.sync_state_with_parent()
        pad.link(sink.get_static_pad("sink"))
        self.count(kind, pad)

    def publish(self):
        file = self.options.file
        start = FILE.format(Path(file).resolve().as_uri()) if file else ""
        if self.options.only != "sound":
            start += ("file. " if file else TEST_PICTURE) + SEND_PICTURE
        if self.options.only != "picture":
            start += ("file. " if file else TEST_SOUND) + SEND_SOUND
        self.pipeline = Gst.parse_launch(BIN + start)
        self.bin = self.pipeline.get_by_name("peer")
        for index in range(1 if self.options.only else 2):
            transceiver = self.bin.emit("get-transceiver", index)
            transceiver.set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        for kind in self.counted:
            if payloader := self.pipeline.get_by_name(kind):
                # A frame of the picture is many packets: what is counted is what comes in.
                self.count(kind, payloader.get_static_pad("sink"))

    def count(self, kind, pad):
        def passed(*_):
            self.counted[kind] += 1
            return Gst.PadProbeReturn.OK

        pad.add_probe(Gst.PadProbeType.BUFFER, passed)

    # The conversation

    def keep_alive(self):
        """By itself libnice asks once, and then sends what needs no answer: the room would give it up after 30 s (RFC 7675 §5.1)."""
        # Python takes the bin's only reference of its ICE, and has to hold it for as long as there is a bin.
        self.ice = self.bin.get_property("ice-agent")
        self.ice.get_property("agent").set_property("keepalive-conncheck", True)

    def offer(self):
        if self.session is None:
            self.bin.emit("create-offer", None, Gst.Promise.new_with_change_func(self.offered))

    def offered(self, promise):
        # The offer is a part of the reply, which has to outlive it.
        reply = promise.get_reply()
        offer = reply.get_value("offer")
        self.bin.emit("set-local-description", offer, Gst.Promise.new())
        # The room needs none of our candidates, so nothing is waited for.
        GLib.idle_add(self.post, offer.sdp.as_text())

    def post(self, sdp):
        answer = self.ask("POST", self.options.endpoint, sdp, "application/sdp")
        if answer is None or answer.status != 201:
            return self.end("the room does not take this codec" if answer and answer.status == 406 else "the room refused")
        self.session = urllib.parse.urljoin(self.options.endpoint, answer.headers["Location"])
        _, message = GstSdp.SDPMessage.new_from_text(answer.text)
        description = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
        self.bin.emit("set-remote-description", description, Gst.Promise.new())

    def ask(self, method, address, body=None, kind=None):
        headers = {"Content-Type": kind} if kind else {}
        if self.options.token:
            headers["Authorization"] = f"Bearer {self.options.token}"
        request = urllib.request.Request(address, body and body.encode(), headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                answer.text = answer.read().decode()
                return answer
        except urllib.error.HTTPError as error:
            error.text = error.read().decode(errors="replace")
            print(error.status, error.text, file=sys.stderr)
            return error
        except OSError as error:
            print(error, file=sys.stderr)
            return None

    def connection_changed(self):
        state = self.bin.get_property("connection-state")
        if state in (GstWebRTC.WebRTCPeerConnectionState.FAILED, GstWebRTC.WebRTCPeerConnectionState.CLOSED):
            self.end("the connection has ended")

    def end(self, problem=None):
        if problem:
            print(problem, file=sys.stderr)
            self.status = 1
        self.loop.quit()
        return GLib.SOURCE_REMOVE

    def report(self):
        print(json.dumps(self.counted), flush=True)
        return GLib.SOURCE_CONTINUE

    def run(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, number, self.end)
        GLib.timeout_add(1000, self.report)
        self.pipeline.set_state(Gst.State.PLAYING)
        self.loop.run()
        if self.session:
            self.ask("DELETE", self.session)
        self.pipeline.set_state(Gst.State.NULL)
        self.report()
        return self.status


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["watch", "publish"])
    parser.add_argument("endpoint")
    parser.add_argument("--token")
    parser.add_argument("--codec", choices=CODECS, default="H264", help="of the desk's picture, when watching")
    parser.add_argument("--no-window", action="store_true", help="decodes and counts, and shows nothing")
    parser.add_argument("--file", help="what to publish; a test picture and ticks without it")
    parser.add_argument("--only", choices=["picture", "sound"], help="publishes one of the two: a file that has one needs it")
    chosen = parser.parse_args()
    Gst.init(None)
    # Nothing is taken apart at the end, since that would be done twice for the ICE (see keep_alive).
    os._exit(Peer(chosen).run())
