#!/usr/bin/env python3
"""The desk in Python, by WHEP, and a file in the room, by WHIP: aiortc, a WebRTC stack of its own (`pip install aiortc`).

    aiortc_peer.py watch   https://room.example/whep [--token TOKEN] [--codec H264|VP8] [--record FILE]
    aiortc_peer.py publish https://room.example/whip FILE [--token TOKEN] [--codec H264|VP8]

It writes a line of JSON each second: how many frames of picture and of sound have come or gone. It ends with the file, by Ctrl-C, or
when the room ends it, and tells the room so.
"""

import argparse
import asyncio
import json
import signal
import sys
import urllib.error
import urllib.parse
import urllib.request

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription
from aiortc.contrib.media import MediaBlackhole, MediaPlayer, MediaRecorder
from aiortc.mediastreams import MediaStreamError

KINDS = {"video": "picture", "audio": "sound"}
# What a room sends and takes of H.264: Constrained Baseline in packetization mode 1.
BASELINE = {"packetization-mode": "1", "profile-level-id": "42e01f"}


class Counted(MediaStreamTrack):
    """A track as it is, each frame of which is counted."""

    def __init__(self, track, counted, ended):
        super().__init__()
        self.kind = track.kind
        self.track, self.counted, self.has_ended = track, counted, ended

    async def recv(self):
        try:
            frame = await self.track.recv()
        except MediaStreamError:
            self.has_ended.set()
            raise
        self.counted[KINDS[self.kind]] += 1
        return frame


class Peer:
    def __init__(self, options):
        self.options = options
        self.counted = {"picture": 0, "sound": 0}
        self.connection = RTCPeerConnection()
        self.ended = asyncio.Event()
        self.session = None
        self.connection.on("connectionstatechange", self.connection_changed)

    async def run(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self.ended.set)
        sink = None
        if self.options.what == "watch":
            sink = MediaRecorder(self.options.record) if self.options.record else MediaBlackhole()
            self.connection.on("track", lambda track: sink.addTrack(Counted(track, self.counted, self.ended)))
            self.connection.addTransceiver("audio", direction="recvonly")
            self.choose(self.connection.addTransceiver("video", direction="recvonly"))
        else:
            player = MediaPlayer(self.options.file)
            for track in filter(None, (player.audio, player.video)):
                transceiver = self.connection.addTransceiver(Counted(track, self.counted, self.ended), direction="sendonly")
                if track.kind == "video":
                    self.choose(transceiver)
        try:
            problem = await self.begin()
            if problem:
                print(problem, file=sys.stderr)
                return 1
            if sink:
                await sink.start()
            while not self.ended.is_set():
                print(json.dumps(self.counted), flush=True)
                await asyncio.wait([asyncio.ensure_future(self.ended.wait())], timeout=1)
        finally:
            if sink:
                await sink.stop()
            if self.session:
                await self.ask("DELETE", self.session)
            await self.connection.close()
            print(json.dumps(self.counted), flush=True)
        return 0

    def choose(self, transceiver):
        wanted = f"video/{self.options.codec}"
        transceiver.setCodecPreferences([
            codec for codec in RTCRtpReceiver.getCapabilities("video").codecs
            if codec.mimeType == wanted and (wanted != "video/H264" or codec.parameters.items() >= BASELINE.items())
        ])

    async def begin(self):
        """What went wrong, in words, if anything did."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        status, headers, text = await self.ask("POST", self.options.endpoint, self.connection.localDescription.sdp)
        if status == 406:
            return "the room does not send what was asked for: take another --codec"
        if status != 201:
            return text
        self.session = urllib.parse.urljoin(self.options.endpoint, headers["Location"])
        await self.connection.setRemoteDescription(RTCSessionDescription(text, "answer"))
        return None

    async def ask(self, method, address, body=None):
        headers = {"Content-Type": "application/sdp"} if body else {}
        if self.options.token:
            headers["Authorization"] = f"Bearer {self.options.token}"
        request = urllib.request.Request(address, body and body.encode(), headers, method=method)

        def fetch():
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    return answer.status, answer.headers, answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.headers, error.read().decode(errors="replace")
            except OSError as error:
                return 0, {}, str(error)

        return await asyncio.to_thread(fetch)

    async def connection_changed(self):
        if self.connection.connectionState in ("failed", "closed"):
            self.ended.set()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="what", required=True)
    for name in ("watch", "publish"):
        command = commands.add_parser(name)
        command.add_argument("endpoint")
        command.add_argument("--token")
        command.add_argument("--codec", choices=["H264", "VP8"], default="VP8")
        if name == "watch":
            command.add_argument("--record", help="a file for what comes, film.mp4 for example")
        else:
            command.add_argument("file")

    async def main():
        return await Peer(parser.parse_args()).run()

    sys.exit(asyncio.run(main()))
