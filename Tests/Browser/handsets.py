"""Firefox on an X display of its own, where a keyboard is pressed as a hand does it."""

from contextlib import ExitStack

from bidi import Firefox
from desk import Sound, XServer, environment
from processes import Process

WIDTH, HEIGHT = 1300, 850


class Handset:
    """A display with a window manager. `tab` is a tab of the browser on it."""

    def __init__(self, folder):
        self.folder = folder
        self.closing = ExitStack()
        try:
            self.x = XServer(folder, WIDTH + 40, HEIGHT + 150)
            self.closing.callback(self.x.stop)
            windows = Process(["openbox"], folder / "openbox.log", self.environment())
            self.closing.callback(windows.stop)
            ears = folder / "ears"
            ears.mkdir()
            sound = Sound(ears)
            self.closing.callback(sound.stop)
            self.tab = Firefox(
                folder, sound.server, width=WIDTH, height=HEIGHT, display=self.display,
                GTK_IM_MODULE="gtk-im-context-simple", LC_ALL="C.UTF-8", NO_AT_BRIDGE="1",
            )
            self.closing.callback(self.tab.close)
            self.tab.take_keyboard()
        except BaseException:
            self.closing.close()
            raise

    @property
    def display(self):
        return self.x.display

    def environment(self, **more):
        return environment(self.folder, DISPLAY=self.display, **more)

    def close(self):
        self.closing.close()
