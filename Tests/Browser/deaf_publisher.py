"""Publishes a file as OBS does: it makes a key frame every two seconds, and none when it is asked; nor does it follow an estimate.

    deaf_publisher.py ENDPOINT FILE [SECONDS]
"""

import argparse
import asyncio
import sys

from outside import PAGES

sys.path.insert(0, str(PAGES))
from aiortc import RTCRtpSender  # noqa: E402
from aiortc.codecs.vpx import Vp8Encoder  # noqa: E402
from aiortc_peer import Peer  # noqa: E402

make_key_frame = RTCRtpSender._send_keyframe
RTCRtpSender._send_keyframe = lambda _: None
# At another bit rate aiortc begins anew, with a key frame.
Vp8Encoder.target_bitrate = property(Vp8Encoder.target_bitrate.fget, lambda *_: None)


async def publish(endpoint, file, seconds="2"):
    peer = Peer(argparse.Namespace(what="publish", endpoint=endpoint, file=file, token=None, codec="VP8"))

    async def now_and_then():
        while True:
            await asyncio.sleep(float(seconds))
            for sender in peer.connection.getSenders():
                make_key_frame(sender)

    clock = asyncio.create_task(now_and_then())
    try:
        return await peer.run()
    finally:
        clock.cancel()


if __name__ == "__main__":
    sys.exit(asyncio.run(publish(*sys.argv[1:])))
