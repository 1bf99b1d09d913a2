"""What the page's sources say of its messages: which ids they use, with which values, and which words they have besides."""

import re
from html.parser import HTMLParser

from pagefiles import FOLDER

LANGUAGES = ("en", "es")
WORDS = re.compile(rf"({'|'.join(LANGUAGES)})(-\w+)?\.js")


def sources():
    """The page's modules but for the catalogues, by name."""
    return {path.name: path.read_text() for path in FOLDER.rglob("*.js") if not WORDS.fullmatch(path.name)}


def index():
    """All pages."""
    return "".join((FOLDER / name).read_text() for name in ("index.html", "check.html"))


def literals(source):
    """The texts in a module, each with what stands before it: `(before, text)`. What is put into one is `{}`."""
    found = []
    scan(source, 0, found, until=None)
    return found


def scan(source, at, found, until):
    """Goes on until a closing brace of its own; returns where it is."""
    depth, code = 0, ""
    while at < len(source):
        one, two = source[at], source[at:at + 2]
        if two == "//":
            at = source.find("\n", at) if "\n" in source[at:] else len(source)
            continue
        if two == "/*":
            at = source.index("*/", at) + 2
            continue
        if one in "'\"`":
            place = len(found)
            at, text = literal(source, at, found)
            found.insert(place, (code[-60:], text))
            code += "''"
            continue
        if one == "/" and (re.search(r"\breturn\s*$", code) or not re.search(r"[\w)\]'`]\s*$", code)):
            at = expression(source, at)
            code += "//"
            continue
        if until and one == until and depth == 0:
            return at + 1
        depth += {"{": 1, "}": -1}.get(one, 0)
        code += one
        at += 1
    return at


def literal(source, at, found):
    """A text that begins here: where it ends, and what it is."""
    quote, text = source[at], ""
    at += 1
    while source[at] != quote:
        if source[at] == "\\":
            text += source[at:at + 2]
            at += 2
        elif quote == "`" and source[at:at + 2] == "${":
            at = scan(source, at + 2, found, until="}")
            text += "{}"
        else:
            text += source[at]
            at += 1
    return at + 1, text


def expression(source, at):
    """Where a regular expression that begins here ends."""
    at, in_class = at + 1, False
    while source[at] != "/" or in_class:
        in_class = {"[": True, "]": False}.get(source[at], in_class)
        at += 2 if source[at] == "\\" else 1
    return at + 1


# Of messages.

CALL = re.compile(r"\b(?:say|parts|has)\($")
# `say(isThis ? 'one' : 'other')` and the like: whatever stands in the first argument of a call.
CHOICE = re.compile(r"\b(?:say|parts|has)\([^,()]*\?[^,()]*$")


def used(source):
    """Ids in calls of `say`, `parts` and `has`; `{}` stands for any word in those that are put together."""
    return [text for before, text in literals(source) if CALL.search(before) or CHOICE.search(before)]


def given(source):
    """The names of values of calls that write them all out: `(id, names)`."""
    simple = re.compile(r"\bsay\('([\w.]+)'(?:, \{ ([^{}]*) \})?\)")
    for call in simple.finditer(source):
        values = call[2] or ""
        while (outer := re.sub(r"\([^()]*\)", "", values)) != values:
            values = outer
        if "..." not in values:
            yield call[1], {part.split(":")[0].strip() for part in values.split(",") if part.strip()}


def matches(pattern, ids):
    """The ids that a pattern of `used` may stand for."""
    form = re.compile(r"\w+".join(re.escape(part) for part in pattern.split("{}")))
    return {one for one in ids if form.fullmatch(one)}


class Page(HTMLParser):
    """What index.html has of messages, and of words that are none."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.words, self.inside = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name.startswith("data-say"):
                self.ids.add(value)
            if name == "data-key":
                self.ids.add(f"key.{value}")
            if name in ("aria-label", "title", "placeholder", "alt", "aria-description"):
                self.words.append(value)
        if tag not in ("meta", "link", "input", "br"):
            self.inside.append(tag)

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        # A page without scripts has no catalogue, and the product's name is the same in all of them.
        free = {"noscript", "title", "kbd"} & set(self.inside)
        if re.search(r"[^\W\d_]{2}", data) and not free and data.strip() != "Deskroom":
            self.words.append(data.strip())


# Of words that are not in the catalogue.

SENTENCE = re.compile(r"[^\W\d_]{2,}[,:;]? [^\W\d_]{2,}|^[A-Z][a-z]+$|[“”’]|\w…|^[A-Z][a-z]+[:.,] ")
SHOWN = re.compile(r"(textContent|innerText|title|placeholder|ariaLabel) = $|setAttribute\('', $|(append|notice|announce)\($")
# What browsers call keys, and files that are dragged.
NAMES = set("""Files Alt Backspace Compose Control Dead Delete End Enter Escape Home Insert Meta Pause Process Shift Tab
Unidentified Clear Help Menu Print Select Execute Undo Redo Find Cancel Hyper Super""".split())
# How the room begins a sentence of its own, by which it is recognised.
ROOM = {"The room does not understand this page: "}
# Keys of what a browser keeps, styles and SDP.
TECHNICAL = re.compile(r"^deskroom [a-z ]+$|^(translate|url)\(|^\(|=|^[.#\[:]|, (textarea|\.|#|\[)|^input, ")


def stray(name, source):
    """Words for people that stand in a module instead of the catalogue."""
    if name in ("desk-layout-guess.js", "key-places.js", "keysyms.js"):
        return []
    return [
        text for before, text in literals(source)
        if (SHOWN.search(before) and re.search(r"[^\W\d_]{2}", text.replace("{}", "")))
        or (SENTENCE.search(text) and text not in NAMES | ROOM and not TECHNICAL.search(text))
    ]
