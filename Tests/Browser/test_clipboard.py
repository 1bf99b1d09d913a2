"""What is copied on the desk can be pasted elsewhere, and the other way round, by whoever may do that and by nobody else."""

import json
import re
import struct
import time

import pytest

import links
from copying import DeskPrograms, Local, known, picture
from processes import children
from waiting import eventually

WORDS = "Größe, é, 漢字かな, emoji 😀👩‍👩‍👧, עברית\nand a second line\t."
MARKUP = '<p>Größe <b>bold</b> <a href="https://example.invalid/">漢字</a></p>'


@pytest.fixture
def programs(desk, folder):
    programs = DeskPrograms(desk, folder)
    yield programs
    programs.stop()


@pytest.fixture
def ada(room, visitor):
    ada = visitor("Ada")
    ada.local = Local(ada)
    return ada.join(room.address)


def keys_on(desk):
    return [entry["text"] for entry in desk.pattern.events("keyDown")]


def paste_by_keys(person):
    person.tab.key_down("Control")
    person.press("v")
    person.tab.key_up("Control")


def copy_by_keys(person):
    person.tab.key_down("Control")
    person.press("c")
    person.tab.key_up("Control")


def notice(person):
    return person.ask("document.getElementById('notice').textContent")


def copy_by_button(person):
    person.click_element("clipboard-button")
    person.click_element("clipboard-copy")
    eventually(lambda: "clipboard" in notice(person), what=lambda: f"{person.name} is told: {notice(person)!r}")


# Onto the desk.


def test_keys_go_to_the_desk_as_soon_as_control_is_there(ada, desk):
    ada.take_control()
    ada.type("a")
    eventually(lambda: keys_on(desk) == ["a"], what=lambda: f"the key arrives: {keys_on(desk)}")


@pytest.mark.parametrize("text", [WORDS, "0123456789abcdé" * 65_536], ids=["words", "1 MB"])
def test_text_is_pasted_before_the_key_comes(ada, desk, programs, text):
    ada.take_control()
    ada.local.copy(text=text.encode())
    paste_by_keys(ada)
    eventually(lambda: "\x16" in keys_on(desk), what="the key arrives")
    assert programs.paste() == text.encode()
    assert keys_on(desk).count("\x16") == 1


def test_markup_comes_with_its_text(ada, desk, programs):
    ada.take_control()
    ada.local.copy(text=b"plain", html=MARKUP.encode())
    paste_by_keys(ada)
    eventually(lambda: "\x16" in keys_on(desk), what="the key arrives")
    assert programs.paste() == b"plain"
    html = programs.paste("html").decode()
    assert "charset=utf-8" in html and "<b>bold</b>" in html and "漢字" in html


def test_a_picture_of_4_mb_goes_to_the_desk(ada, desk, programs):
    ada.take_control()
    sent = picture(4_000_000)
    ada.local.copy(png=sent)
    paste_by_keys(ada)
    eventually(lambda: "\x16" in keys_on(desk), 90, what=lambda: f"the key arrives: {notice(ada)}")
    there = programs.paste("png")
    assert len(there) > 3_000_000
    assert ada.local.pixels(there) == ada.local.pixels(sent)


def test_what_was_copied_last_is_pasted(ada, desk, programs):
    ada.take_control()
    ada.local.copy(text=b"here")
    paste_by_keys(ada)
    eventually(lambda: programs.paste() == b"here", what="it is there")
    # Then something is copied on the desk: a key alone goes there, and nothing takes its place.
    programs.copy(text=b"there")
    known(ada, "text")
    eventually(lambda: programs.paste() == b"there", what="the desk has its own")
    before = len(keys_on(desk))
    paste_by_keys(ada)
    eventually(lambda: "\x16" in keys_on(desk)[before:], what="the key arrives")
    assert programs.paste() == b"there"


def test_what_takes_long_is_said_and_escape_gives_it_up(room, desk, visitor, programs):
    ada = visitor("Ada")
    local = Local(ada)
    # Pieces never leave: a network that carries nothing.
    ada.tab.before_pages("""{
        const send = RTCDataChannel.prototype.send;
        RTCDataChannel.prototype.send = function (data) {
            if (this.label === 'clipboard' && new Uint8Array(data)[0] === 0x64) return;
            send.call(this, data);
        };
    }""")
    ada.join(room.address).take_control()
    local.copy(text=b"never there")
    paste_by_keys(ada)
    ada.type("a")
    eventually(lambda: "Escape" in notice(ada), what=lambda: f"Ada is told: {notice(ada)!r}")
    assert "a" not in keys_on(desk)
    ada.press("Escape")
    # What was pressed meanwhile is not lost, and nothing is pasted.
    eventually(lambda: "a" in keys_on(desk), what="the key arrives")
    assert "\x16" not in keys_on(desk) and "\x1b" not in keys_on(desk)
    assert programs.paste() is None


def test_the_button_puts_something_there_and_presses_no_key(ada, desk, programs):
    ada.take_control()
    ada.local.copy(text=WORDS.encode())
    ada.click_element("clipboard-button")
    ada.click_element("clipboard-paste")
    eventually(lambda: programs.paste() == WORDS.encode(), what="it is there")
    eventually(lambda: "desk’s clipboard" in notice(ada), what="Ada is told")
    assert keys_on(desk) == []


def test_a_browser_that_lets_no_page_at_its_clipboard_has_a_field(room, visitor, programs):
    ada = visitor("Ada")
    ada.tab.before_pages("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    ada.join(room.address).take_control()
    ada.click_element("clipboard-button")
    ada.click_element("clipboard-paste")
    ada.tab.page.keyboard.insert_text("typed é")
    ada.click_element("clipboard-submit")
    eventually(lambda: programs.paste() == "typed é".encode(), what="it is there")
    programs.copy(text=b"from the desk")
    known(ada, "text")
    ada.click_element("clipboard-button")
    ada.click_element("clipboard-copy")
    field = "document.getElementById('clipboard-field').value"
    eventually(lambda: ada.ask(field) == "from the desk", what="the field has it")
    ada.click_element("clipboard-close")
    eventually(lambda: ada.ask(field) == "", what="nothing of it is left")


# From the desk.


@pytest.mark.parametrize("text", [WORDS, "0123456789abcdé" * 65_536], ids=["words", "1 MB"])
def test_text_is_copied_by_the_button(ada, programs, text):
    programs.copy(text=text.encode())
    known(ada, "text")
    copy_by_button(ada)
    assert ada.local.paste() == text.encode()


def test_a_picture_and_markup_are_copied(ada, programs):
    sent = picture(4_000_000, seed=2)
    programs.copy(text=b"plain", html=MARKUP.encode(), png=sent)
    known(ada, "text", "html", "png")
    copy_by_button(ada)
    assert ada.local.paste() == b"plain"
    assert "<b>bold</b>" in ada.local.paste("html").decode()
    assert ada.local.pixels(ada.local.paste("png")) == ada.local.pixels(sent)


def test_the_key_copies_what_the_program_copies_then_and_not_what_was_there(ada, desk, programs):
    programs.copy(text=b"old")
    known(ada, "text")
    ada.take_control()
    ada.local.copy(text=b"mine")
    copy_by_keys(ada)
    eventually(lambda: "\x03" in keys_on(desk), what="the key arrives")
    programs.copy(text=b"new")
    eventually(lambda: ada.local.paste() == b"new", what=lambda: f"it is here: {ada.local.paste()}; {notice(ada)!r}")


def test_a_key_that_copies_nothing_leaves_the_clipboard_alone(ada, desk, programs):
    programs.copy(text=b"old")
    known(ada, "text")
    ada.take_control()
    ada.local.copy(text=b"mine")
    copy_by_keys(ada)
    time.sleep(2.5)
    assert ada.local.paste() == b"mine"
    assert ada.ask("document.getElementById('notice').hidden")


def test_what_a_program_copied_before_it_ended_can_be_pasted(ada, programs):
    programs.copy_briefly(200, text=b"last words")
    known(ada, "text")
    eventually(lambda: not programs.running[-1].is_running(), what="the program has ended")
    copy_by_button(ada)
    assert ada.local.paste() == b"last words"
    # On the desk as well.
    eventually(lambda: programs.paste() == b"last words", what="it is there")


def test_what_is_too_large_is_said(open_room, desk, visitor, programs):
    room = open_room(desk, CLIPBOARD_BYTES="100000")
    ada = visitor("Ada")
    local = Local(ada)
    ada.join(room.address).take_control()
    local.copy(text=b"x" * 100_001)
    paste_by_keys(ada)
    eventually(lambda: "0.1 MB" in notice(ada), what=lambda: f"Ada is told: {notice(ada)!r}")
    assert "\x16" not in keys_on(desk)
    programs.copy(text=b"y" * 100_001)
    eventually(lambda: ada.state()["clipboard"]["tooLarge"], what="the page knows")
    assert ada.state()["clipboard"]["kinds"] == []


# Who may.




def test_a_client_without_the_right_is_refused_by_the_room(open_room, desk, visitor, programs):
    room = open_room(desk, **links.SETTINGS)
    ben = visitor("Ben")
    # What the page does not do a changed page could.
    ben.tab.before_pages("""{
        const Connection = window.RTCPeerConnection;
        window.RTCPeerConnection = class extends Connection {
            createDataChannel(label, ...more) {
                if (label === 'pointer') {
                    const forged = (window.forged = { answers: [], channel: super.createDataChannel('clipboard') });
                    forged.channel.binaryType = 'arraybuffer';
                    forged.channel.onmessage = ({ data }) => forged.answers.push([...new Uint8Array(data)]);
                }
                return super.createDataChannel(label, ...more);
            }
        };
    }""")
    programs.copy(text=b"secret")
    ben.join(links.link(room))
    ben.take_control()
    assert ben.ask("document.getElementById('clipboard-button').hidden")
    assert ben.state()["clipboard"] == {"toDesk": False, "fromDesk": False, "kinds": [], "bytes": 0, "tooLarge": False, "isOpen": False}
    lease = ben.leases() or [1]
    put = struct.pack(">BBHIBBI", 0x61, 0, 7, lease[-1], 1, 1, 4)
    piece = struct.pack(">BBHI", 0x64, 0, 7, 0) + b"evil"
    take = struct.pack(">BBHI", 0x62, 0, 8, 0)
    eventually(lambda: ben.ask("forged.channel.readyState") == "open", what="the channel is open")
    for message in (put, piece, take):
        ben.ask(f"forged.channel.send(new Uint8Array({list(message)}))")
    eventually(lambda: len(ben.ask("forged.answers")) == 2, what=lambda: f"the room answers: {ben.ask('forged.answers')}")
    assert ben.ask("forged.answers") == [[0x66, 1, 0, 7], [0x66, 1, 0, 8]]
    assert programs.paste() == b"secret"


def test_only_who_drives_puts_something_on_the_desk(room, visitor, ada, programs):
    ben = visitor("Ben")
    ben.join(room.address)
    ben.take_control()
    programs.copy(text=b"of Ben's")
    known(ada, "text")
    put = struct.pack(">BBHIBBI", 0x61, 0, 7, max(ben.leases() or [1]), 1, 1, 4)
    ada.send_raw("clipboard", put)
    ada.send_raw("clipboard", struct.pack(">BBHI", 0x64, 0, 7, 0) + b"evil")
    ada.click_element("clipboard-button")
    ada.click_element("clipboard-paste")
    eventually(lambda: "in control" in notice(ada), what="Ada is told")
    assert programs.paste() == b"of Ben's"


def test_nothing_of_it_is_written_down_but_what_kind_and_how_much(open_room, desk, folder, visitor, programs):
    audit = folder / "audit"
    room = open_room(desk, AUDIT_FILE=str(audit))
    ada = visitor("Ada")
    local = Local(ada)
    ada.join(room.address).take_control()
    local.copy(text=b"unmistakable words")
    paste_by_keys(ada)
    eventually(lambda: programs.paste() == b"unmistakable words", what="it is there")
    programs.copy(text=b"other unmistakable words", html=b"<i>unmistakable</i>")
    known(ada, "text", "html")
    copy_by_button(ada)
    written = audit.read_text()
    entries = [json.loads(line) for line in written.splitlines() if '"clipboard"' in line]
    found = [(re.search(r'"direction":"(\w+)"', json.dumps(one, separators=(",", ":")))[1]) for one in entries]
    assert found == ["toDesk", "fromDesk"]
    assert "unmistakable" not in written + room.process.log.read_text()


# Much of it.


def test_200_changes_a_second_are_bounded_and_the_last_one_counts(room, desk, ada, programs):
    started = set(children(room.pid))
    programs.start("churn", "2000", "5000", log="churn.log")

    def memory(pid):
        with open(f"/proc/{pid}/smaps_rollup") as rollup:
            return int(re.search(r"Pss:\s+(\d+)", rollup.read())[1])

    processes = (room.room_process(), room.desk_process())
    time.sleep(2)
    before = [memory(pid) for pid in processes]
    eventually(lambda: "ready" in (programs.folder / "churn.log").read_text(), 60, what="2000 changes were made")
    after = [memory(pid) for pid in processes]
    assert all(now < then + 20_000 for then, now in zip(before, after, strict=True)), (before, after)
    known(ada, "text")
    eventually(lambda: programs.paste() == b"change 1999", what="the last one is there")
    # What is on its way when the last one comes is not taken for it.
    eventually(lambda: ada.state()["clipboard"]["bytes"] == len("change 1999"), what="the page knows")
    copy_by_button(ada)
    assert ada.local.paste() == b"change 1999"
    # No process was started for any of it.
    assert set(children(room.pid)) <= started
