"""How long it takes from a key on the page to the picture that it changes, seen from outside of the page's own figures."""

import subprocess
from pathlib import Path

from desk import CLIENTS

OUTSIDE = """
// Notes, for each key, when the first picture of another brightness arrived and was painted.
window.outside = { presses: [], samples: [] };
addEventListener('keydown', () => outside.presses.push(performance.now()), true);
window.watchPicture = () => {
    outside.presses.length = 0;
    const video = document.getElementById('desk');
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const isLightNow = () => {
        canvas.drawImage(video, 0, 0, 1, 1);
        return canvas.getImageData(0, 0, 1, 1).data[1] > 127;
    };
    // A desk that stands still sends no picture before the first key.
    let before = isLightNow();
    const look = (now, { receiveTime }) => {
        const isLight = isLightNow();
        if (isLight !== before && outside.presses.length > 0) {
            const pressed = outside.presses.shift();
            outside.samples.push({ arrived: receiveTime - pressed, painted: now - pressed });
        }
        before = isLight;
        video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
    return true;
};
"""


def compiled_flip(folder):
    """Builds clients/flip.c and returns the program's path."""
    program = Path(folder) / "flip"
    subprocess.run(["cc", "-O2", "-Wall", "-Werror", "-o", program, CLIENTS / "flip.c", "-lX11"], check=True)
    return program


def press(visitor, count, pause=0.15):
    """Presses a key so often, and returns `[{arrived, painted}]` in milliseconds after each."""
    visitor.ask("watchPicture()")
    for _ in range(count):
        visitor.tab.key_down("a")
        visitor.tab.key_up("a")
        # Not in step with the frames.
        visitor.ask(f"new Promise((done) => setTimeout(done, {1000 * pause} + 40 * Math.random()))")
    return visitor.ask("outside.samples")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
