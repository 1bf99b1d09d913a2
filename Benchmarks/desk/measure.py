"""Runs one pipeline on one scene, and finds out what it cost, what it sent, how it looked and how late it was."""

import os
import socket
import statistics
import struct
import subprocess
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SETTLING = 3.0
"""Seconds before the measurement: start-up and the first key frame are not the subject."""
JUDGED = 40
"""About how many pictures of a measurement are compared."""


class Child:
    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class Screen(Child):
    """An X server of our own."""

    def __init__(self, width, height):
        self.width, self.height = width, height

    def __enter__(self):
        read, write = os.pipe()
        geometry = f"{self.width}x{self.height}x24"
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", geometry, "-nolisten", "tcp", "-noreset"]
        self.process = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as ready:
            self.name = ":" + ready.readline().strip()
        return self


class Sound(Child):
    """A PulseAudio as the room starts it: a null sink that is suspended while nothing plays."""

    def __init__(self, directory):
        self.directory, self.server = directory, f"unix:{directory}/pulse"

    def __enter__(self):
        modules = [
            f"module-native-protocol-unix auth-anonymous=1 socket={self.directory}/pulse",
            "module-null-sink sink_name=desk rate=48000 channels=2",
            "module-suspend-on-idle timeout=2",
        ]
        command = "pulseaudio -n --daemonize=no --exit-idle-time=-1 --use-pid-file=no --log-level=error".split()
        command += [word for module in modules for word in ("-L", module)]
        environment = {**os.environ, "HOME": self.directory, "XDG_RUNTIME_DIR": self.directory}
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        return self


class Receiver:
    """Takes RTP on loopback and notes when the kernel had each packet."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.port = self.socket.getsockname()[1]
        self.packets = []
        self.running = True
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        # The kernel's stamps are on the wall clock, everything else here on the monotonic one.
        offset = time.time_ns() - time.monotonic_ns()
        while self.running:
            try:
                data, control, _, _ = self.socket.recvmsg(2048, 64)
            except TimeoutError:
                continue
            seconds, nanoseconds = struct.unpack("qq", control[0][2][:16])
            if not 192 <= data[1] <= 223:
                self.packets.append((seconds * 1_000_000_000 + nanoseconds - offset, data))

    def stop(self):
        self.running = False
        self.thread.join()
        self.socket.close()
        return self.packets


def cpu(process):
    """Seconds of CPU that a process has used."""
    fields = open(f"/proc/{process.pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(pipeline, scene, screen, reference, sound, directory, seconds):
    log = open(f"{directory}/drawn", "w+")
    stage = subprocess.Popen([f"{directory}/scene", scene, "30"], stdout=log, env={**os.environ, "DISPLAY": screen.name})
    receiver, ignored = Receiver(), Receiver()
    process = None
    try:
        time.sleep(1)
        process = pipeline.start(screen, receiver.port, sound, ignored.port, directory)
        time.sleep(SETTLING)
        begin, before = time.monotonic_ns(), (cpu(process), cpu(screen.process))
        time.sleep(seconds)
        end, after = time.monotonic_ns(), (cpu(process), cpu(screen.process))
    finally:
        for child in (process, stage):
            if child:
                child.terminate()
                child.wait()
        packets = receiver.stop()
        ignored.stop()
    log.seek(0)
    drawn = {int(number): int(when) for number, when in map(str.split, log)}
    pictures = decode(pipeline, scene, packets, reference, directory)
    frames = frames_of(packets)
    elapsed = (end - begin) / 1e9
    inside = [packet for packet in packets if begin <= packet[0] < end]
    result = {
        "cpu": (after[0] - before[0]) / elapsed * 100,
        "server": (after[1] - before[1]) / elapsed * 100,
        "frames": sum(begin <= when < end for when in frames) / elapsed,
        "kilobits": sum(len(data) for _, data in inside) * 8 / elapsed / 1000,
        "psnr": None,
        "ssim": None,
        "p50": None,
        "p95": None,
    }
    # A decoder that could not show the first frames began later: both end with the same.
    count = min(len(frames), len(pictures))
    shown = list(zip(frames[-count:], pictures[-count:])) if count else []
    judged = [quality for when, (_, quality) in shown if begin <= when < end and quality]
    if not judged:
        # Nothing changed, so what was sent last is what people look at.
        judged = [quality for _, (_, quality) in shown if quality][-1:]
    if judged:
        result["psnr"], result["ssim"] = map(statistics.median, zip(*judged))
    late, seen = [], 0
    for when, (number, _) in shown:
        if number > seen and number in drawn:
            seen = number
            if begin <= when < end:
                late.append((when - drawn[number]) / 1e6)
    if late:
        late.sort()
        result["p50"], result["p95"] = statistics.median(late), late[int(len(late) * 0.95)]
    return result


def frames_of(packets):
    """When the first packet of each frame was here."""
    times, last = [], None
    for when, data in packets:
        if data[4:8] != last:
            times.append(when)
            last = data[4:8]
    return times


def decode(pipeline, scene, packets, reference, directory):
    """The number of each decoded picture, and for some the PSNR and SSIM."""
    every = max(1, len(frames_of(packets)) // JUDGED)
    if scene == "still":
        every = 1
    caps = f"application/x-rtp-stream,media=video,clock-rate=90000,encoding-name={pipeline.encoding},payload={pipeline.payload}"
    words = f"fdsrc fd=0 ! {caps} ! rtpstreamdepay ! {pipeline.decoder} ! video/x-raw,format=I420 ! fdsink fd=1 sync=false"
    decoder = subprocess.Popen(
        ["gst-launch-1.0", "-q", *words.split()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    judge = subprocess.Popen(
        [f"{directory}/judge", scene, str(reference.width), str(reference.height), str(every)],
        stdin=decoder.stdout,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DISPLAY": reference.name},
    )
    decoder.stdout.close()
    feeder = threading.Thread(target=feed, args=(decoder.stdin, packets))
    feeder.start()
    output, _ = judge.communicate()
    feeder.join()
    decoder.wait()
    rows = (line.split() for line in output.splitlines())
    return [(int(number), None if psnr == "-" else (float(psnr), float(ssim))) for number, psnr, ssim in rows]


def feed(pipe, packets):
    # RFC 4571: each packet after its length.
    for _, data in packets:
        pipe.write(struct.pack("!H", len(data)) + data)
    pipe.close()
