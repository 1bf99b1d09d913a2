"""A text field of a toolkit, for Debian's Python: `field.py gtk3|qt5 FILE`. FILE has what is in the field, after every change."""

import os
import sys
from pathlib import Path

WIDTH, HEIGHT = 800, 400


def write(file, text):
    # Whole: whoever reads sees one state or the next.
    beside = file.with_suffix(".new")
    beside.write_text(text)
    os.replace(beside, file)


def gtk3(file):
    import gi
    gi.require_version("Gtk", "3.0")
    from gi.repository import Gtk

    window = Gtk.Window(title="field")
    window.set_default_size(WIDTH, HEIGHT)
    view = Gtk.TextView()
    content = view.get_buffer()
    content.connect("changed", lambda _: write(file, content.get_text(*content.get_bounds(), True)))
    window.add(view)
    window.show_all()
    view.grab_focus()
    write(file, "")
    Gtk.main()


def qt5(file):
    from PyQt5.QtWidgets import QApplication, QPlainTextEdit

    application = QApplication(["field"])
    edit = QPlainTextEdit()
    edit.resize(WIDTH, HEIGHT)
    edit.textChanged.connect(lambda: write(file, edit.toPlainText()))
    edit.show()
    write(file, "")
    application.exec_()


{"gtk3": gtk3, "qt5": qt5}[sys.argv[1]](Path(sys.argv[2]))
