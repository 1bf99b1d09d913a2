#!/usr/bin/python3
"""A GStreamer peer of a plain transport: sends or receives VP8 over RTP with RTCP, by GStreamer's own rtpbin.

    peer.py send    [--mux] [--srtp SUITE KEY]
    peer.py receive [--mux] [--srtp SUITE KEY] [--rtx PT] [--drop N]

It writes a line of JSON with its ports, then reads commands, a line each, from standard input:

    connect PORT RTCPPORT [KEY]   where the transport is on 127.0.0.1, and the key with which it seals; then it begins
    keyframe                      asks for a key frame (receive)
    report                        writes a line of JSON: what has happened so far
    quit                          or the end of the input

KEY is base64 of master key and salt. With --drop every Nth packet of media is lost right before rtpbin.
"""

import argparse
import base64
import json
import os
import sys
import threading
import traceback

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gio, GLib, Gst  # noqa: E402

SUITES = {
    "AES_CM_128_HMAC_SHA1_80": ("aes-128-icm", "hmac-sha1-80"),
    "AEAD_AES_128_GCM": ("aes-128-gcm", "null"),
}
SSRC, PAYLOAD_TYPE = 0x5EED, 96
CAPS = (f"media=(string)video,clock-rate=(int)90000,encoding-name=(string)VP8,payload=(int){PAYLOAD_TYPE},"
        "rtcp-fb-nack-pli=(boolean)true,rtcp-fb-ccm-fir=(boolean)true")


def bound_socket():
    socket = Gio.Socket.new(Gio.SocketFamily.IPV4, Gio.SocketType.DATAGRAM, Gio.SocketProtocol.UDP)
    socket.bind(Gio.InetSocketAddress.new_from_string("127.0.0.1", 0), False)
    return socket


class Peer:
    def __init__(self, options):
        self.options = options
        self.rtp = bound_socket()
        self.rtcp = self.rtp if options.mux else bound_socket()
        self.frames = self.keyframes = self.dropped = self.media = 0
        self.jitterbuffer = None
        self.pipeline = None

    def ports(self):
        return {"rtp": self.rtp.get_local_address().get_port(), "rtcp": self.rtcp.get_local_address().get_port()}

    # Making

    def connect(self, port, rtcp_port, key=None):
        self.pipeline = Gst.Pipeline.new()
        self.bin = self.make("rtpbin", rtp_profile="avpf", latency=150)
        (self.make_sender if self.options.role == "send" else self.make_receiver)(port, key)
        rtcp_sink = self.make("udpsink", host="127.0.0.1", port=rtcp_port, socket=self.rtcp, close_socket=False,
                              sync=False, **{"async": False})
        source = self.bin.request_pad_simple("send_rtcp_src_0")
        self.sealed(source, "rtcp", key).link(rtcp_sink.get_static_pad("sink"))
        self.pipeline.set_state(Gst.State.PLAYING)

    def make(self, factory, **properties):
        element = Gst.ElementFactory.make(factory, None)
        for name, value in properties.items():
            if isinstance(value, (str, int)) and not isinstance(value, bool):
                Gst.util_set_object_arg(element, name.replace("_", "-"), str(value))
            else:
                element.set_property(name.replace("_", "-"), value)
        self.pipeline.add(element)
        return element

    def sealed(self, source, kind, key):
        """The pad from which what leaves `source` comes sealed, if it is to be."""
        if not self.options.srtp:
            return source
        cipher, auth = SUITES[self.options.srtp[0]]
        if not hasattr(self, "encoder"):
            own = base64.b64decode(self.options.srtp[1])
            self.encoder = self.make("srtpenc", rtp_cipher=cipher, rtcp_cipher=cipher, rtp_auth=auth, rtcp_auth=auth)
            self.encoder.set_property("key", Gst.Buffer.new_wrapped(own))
        source.link(self.encoder.request_pad_simple(f"{kind}_sink_0"))
        return self.encoder.get_static_pad(f"{kind}_src_0")

    def opened(self, source, kind, key):
        """The pad from which what comes from the pad `source` comes opened."""
        if not self.options.srtp:
            return source
        cipher, auth = SUITES[self.options.srtp[0]]
        if not hasattr(self, "decoder"):
            self.decoder = self.make("srtpdec")
            caps = (f"application/x-srtp,{CAPS},srtp-key=(buffer){base64.b64decode(key).hex()},"
                    f"srtp-cipher=(string){cipher},srtp-auth=(string){auth},"
                    f"srtcp-cipher=(string){cipher},srtcp-auth=(string){auth}")
            self.decoder.connect("request-key", lambda *_: Gst.Caps.from_string(caps))
        source.link(self.decoder.get_static_pad(f"{kind}_sink"))
        return self.decoder.get_static_pad(f"{kind}_src")

    def make_sender(self, port, key):
        camera = Gst.parse_bin_from_description(
            "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=30/1"
            " ! vp8enc deadline=1 keyframe-max-dist=100000 target-bitrate=600000 error-resilient=default"
            f" ! rtpvp8pay pt={PAYLOAD_TYPE} ssrc={SSRC} mtu=1100 picture-id-mode=15-bit name=pay", True)
        self.pipeline.add(camera)
        camera.get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER | Gst.PadProbeType.BUFFER_LIST, self.note_sent)
        camera.get_static_pad("src").link(self.bin.request_pad_simple("send_rtp_sink_0"))
        sink = self.make("udpsink", host="127.0.0.1", port=port, socket=self.rtp, close_socket=False, sync=False,
                         **{"async": False})
        self.sealed(self.bin.get_static_pad("send_rtp_src_0"), "rtp", key).link(sink.get_static_pad("sink"))
        # With one port for both, all that comes is RTCP: this side receives no media.
        source = self.make("udpsrc", socket=self.rtcp, close_socket=False,
                           caps=Gst.Caps.from_string("application/x-srtcp" if self.options.srtp else "application/x-rtcp"))
        self.opened(source.get_static_pad("src"), "rtcp", key).link(self.bin.request_pad_simple("recv_rtcp_sink_0"))

    def make_receiver(self, port, key):
        self.bin.set_property("do-retransmission", True)
        self.bin.connect("new-jitterbuffer", lambda _bin, buffer, *_: setattr(self, "jitterbuffer", buffer))
        self.bin.connect("pad-added", self.decode)
        if self.options.rtx is not None:
            self.bin.connect("request-aux-receiver", self.make_rtx)
        sealed = "application/x-srtp" if self.options.srtp else "application/x-rtp"
        source = self.make("udpsrc", socket=self.rtp, close_socket=False, caps=Gst.Caps.from_string(f"{sealed},{CAPS}"))
        opened = self.opened(source.get_static_pad("src"), "rtp", key)
        opened.add_probe(Gst.PadProbeType.BUFFER, self.lose)
        opened.link(self.bin.request_pad_simple("recv_rtp_sink_0"))
        if self.options.srtp and self.options.mux:
            self.decoder.get_static_pad("rtcp_src").link(self.bin.request_pad_simple("recv_rtcp_sink_0"))
        if not self.options.mux:
            kind = "application/x-srtcp" if self.options.srtp else "application/x-rtcp"
            reports = self.make("udpsrc", socket=self.rtcp, close_socket=False, caps=Gst.Caps.from_string(kind))
            self.opened(reports.get_static_pad("src"), "rtcp", key).link(
                self.bin.request_pad_simple("recv_rtcp_sink_0"))

    def make_rtx(self, _bin, session):
        box = Gst.Bin.new(None)
        receive = Gst.ElementFactory.make("rtprtxreceive", None)
        types = Gst.Structure.new_from_string(f"application/x-rtp-pt-map,{PAYLOAD_TYPE}=(uint){self.options.rtx}")
        receive.set_property("payload-type-map", types)
        box.add(receive)
        for way in ("sink", "src"):
            box.add_pad(Gst.GhostPad.new(f"{way}_{session}", receive.get_static_pad(way)))
        return box

    def decode(self, _bin, pad):
        if not pad.get_name().startswith("recv_rtp_src"):
            return
        box = Gst.parse_bin_from_description(
            "rtpvp8depay wait-for-keyframe=true request-keyframe=true name=depay ! vp8dec ! fakesink sync=false name=shown",
            True)
        self.pipeline.add(box)
        box.get_by_name("depay").get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER, self.note_frame)
        box.get_by_name("shown").get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, self.note_shown)
        box.sync_state_with_parent()
        pad.link(box.get_static_pad("sink"))
        self.received = pad

    # What happens

    def lose(self, _pad, info):
        data = info.get_buffer().extract_dup(0, 2)
        if data[1] & 0x7F != PAYLOAD_TYPE:
            return Gst.PadProbeReturn.OK
        self.media += 1
        # Not those that it begins with: what comes then is not asked for again.
        if self.options.drop and self.media > 100 and self.media % self.options.drop == 0:
            self.dropped += 1
            return Gst.PadProbeReturn.DROP
        return Gst.PadProbeReturn.OK

    def note_sent(self, _pad, info):
        buffers = info.get_buffer_list()
        first = buffers.get(0) if buffers else info.get_buffer()
        # Descriptor with X, I and M (RFC 7741 §4.2), then VP8's frame tag: P is zero in a key frame.
        payload = first.extract_dup(12, 8)
        if payload[0] & 0x1F == 0x10 and not payload[4] & 1:
            self.keyframes += 1
        self.frames += 1
        return Gst.PadProbeReturn.OK

    def note_frame(self, _pad, info):
        if not info.get_buffer().has_flags(Gst.BufferFlags.DELTA_UNIT):
            self.keyframes += 1
        return Gst.PadProbeReturn.OK

    def note_shown(self, _pad, _info):
        self.frames += 1
        return Gst.PadProbeReturn.OK

    def ask_for_key_frame(self):
        structure = Gst.Structure.new_from_string("GstForceKeyUnit,all-headers=(boolean)true")
        self.received.send_event(Gst.Event.new_custom(Gst.EventType.CUSTOM_UPSTREAM, structure))

    def report(self):
        report = {"frames": self.frames, "keyframes": self.keyframes, "dropped": self.dropped, "media": self.media}
        stats = self.jitterbuffer.get_property("stats") if self.jitterbuffer else None
        for name in ("num-lost", "rtx-count", "rtx-success-count") if stats else ():
            report[name] = stats.get_value(name)
        session = self.bin.emit("get-internal-session", 0) if self.pipeline else None
        report["sources"] = []
        for source in session.get_property("sources") if session else ():
            stats = source.get_property("stats")
            names = ("ssrc", "internal", "is-sender", "have-sr", "sr-packet-count", "have-rb", "rb-round-trip",
                     "packets-received", "recv-pli-count", "sent-pli-count", "recv-nack-count", "sent-nack-count")
            report["sources"].append({name: stats.get_value(name) for name in names if stats.has_field(name)})
        return report


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=("send", "receive"))
    parser.add_argument("--mux", action="store_true")
    parser.add_argument("--srtp", nargs=2)
    parser.add_argument("--rtx", type=int)
    parser.add_argument("--drop", type=int)
    Gst.init(None)
    peer = Peer(parser.parse_args())
    loop = GLib.MainLoop()

    def say(value):
        print(json.dumps(value), flush=True)

    def act(words):
        try:
            obey(words)
        except Exception:
            # Whoever waits for an answer learns of the end; a main loop goes on behind an exception.
            traceback.print_exc()
            os._exit(1)
        return False

    def obey(words):
        if words[:1] == ["connect"]:
            peer.connect(int(words[1]), int(words[2]), *words[3:])
        elif words == ["keyframe"]:
            peer.ask_for_key_frame()
        elif words == ["report"]:
            say(peer.report())
        else:
            if peer.pipeline:
                peer.pipeline.set_state(Gst.State.NULL)
            loop.quit()

    def read():
        for line in sys.stdin:
            GLib.idle_add(act, line.split())
        GLib.idle_add(act, ["quit"])

    say(peer.ports())
    threading.Thread(target=read, daemon=True).start()
    loop.run()


if __name__ == "__main__":
    main()
