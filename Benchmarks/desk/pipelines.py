"""The two ways to send a desk that are compared: each starts one process and names the RTP that it sends."""

import os
import socket
import struct
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Deskroom:
    """The desk process of the product, with this script in the place of the room."""

    encoding, payload, decoder = "H264", 102, "rtph264depay ! h264parse ! openh264dec"

    def start(self, screen, port, sound, sound_port, directory):
        binary = os.environ.get("DESKROOM_BINARY", f"{ROOT}/.build/release/deskroom")
        self.room, link = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        number = str(link.fileno())
        command = [binary, "desk", "--link", number, "--display", screen.name, "--sound", sound.server]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, pass_fds=[link.fileno()])
        link.close()
        # docs: DeskConfiguration. H.264 at the room's defaults, and Opus, as in a session.
        streams = struct.pack("!BBHIIBQ", 1, self.payload, port, 1, 5_000_000, 1, 1)
        streams += struct.pack("!BBHIIBQ", 3, 111, sound_port, 2, 96_000, 1, 1)
        self.room.send(struct.pack("!BBHB", 1, 30, 1200, 2) + streams)
        return process


class Neko:
    """What neko's server builds by default: its VP8 pipeline at 3072 kbit/s and 25 fps, without sound.

    https://github.com/m1k1o/neko, server/internal/capture/pipelines.go. Its appsink, which waits for the clock, is replaced by a
    payloader and a socket that do not.
    """

    encoding, payload, decoder = "VP8", 96, "rtpvp8depay ! vp8dec"
    description = (
        "ximagesrc display-name={display} show-pointer=true use-damage=false ! video/x-raw,framerate=25/1 ! videoconvert ! queue "
        "! vp8enc target-bitrate=1996800 cpu-used=4 end-usage=cbr threads=4 deadline=1 undershoot=95 buffer-size=12288 "
        "buffer-initial-size=6144 buffer-optimal-size=9216 keyframe-max-dist=25 min-quantizer=4 max-quantizer=20 "
        "! rtpvp8pay mtu=1200 ! udpsink host=127.0.0.1 port={port} sync=false"
    )

    def start(self, screen, port, sound, sound_port, directory):
        words = self.description.format(display=screen.name, port=port).split()
        return subprocess.Popen(["gst-launch-1.0", "-q", *words], stderr=subprocess.DEVNULL)


PIPELINES = {"deskroom": Deskroom(), "neko": Neko()}
