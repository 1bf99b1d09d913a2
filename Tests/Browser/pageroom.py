"""What the tests of the page against a room inside the page have in common; see fakeroom.js."""

from contextlib import contextmanager
from pathlib import Path

import pseudo
from pagefiles import served
from waiting import eventually

FAKE = (Path(__file__).parent / "fakeroom.js").read_text()
NAMES = [
    "Ben", "Chiara de’ Medici", "Dmitri", "Eleni Papadopoulou", "Farid", "Grace", "Henk", "Ida", "João", "Keiko",
    "Lena", "Maximilian von Hohenstein", "Noor",
]


@contextmanager
def pages(browser):
    """Opens pages, each with a room of its own: open(width, height, before, joined, language, **context options)."""
    contexts = []
    with served() as address:

        def start(width=1280, height=800, before="", joined=True, language=None, **options):
            context = browser.new_context(viewport={"width": width, "height": height}, **options)
            contexts.append(context)
            pseudo.serve(context, language)
            page = context.new_page()
            page.problems = []
            page.on("pageerror", lambda error: page.problems.append(str(error)))
            page.add_init_script(f"{FAKE}\n{before}")
            page.goto(f"{address}/index.html" + (f"?lang={language}" if language else ""))
            if joined:
                join(page)
            return page

        yield start
        for context in contexts:
            for page in context.pages:
                assert page.problems == []
            context.close()


def join(page):
    page.fill("#name", "Ada")
    page.click("#join")
    wait(page, "deskroom.state().picture.shown && deskroom.state().subscribe.ice === 'connected'")


def wait(page, expression, within=45):
    return eventually(lambda: page.evaluate(f"() => {expression}"), within, what=expression)


def people(count, **more):
    return [{"id": i, "name": f"Person {i}", "audio": "on", "video": "on", **more} for i in range(2, count + 2)]


def enter(page, *who):
    page.evaluate("(who) => fake.enter(...who)", list(who))
    wait(page, f"deskroom.state().tiles.length >= {len(who) + 1}")


def fill(page):
    """Thirteen others, of all sorts."""
    kinds = [
        {"id": i + 2, "name": name, "audio": ["on", "muted", "on", "none"][i % 4], "video": ["on", "on", "off"][i % 3]}
        for i, name in enumerate(NAMES)
    ]
    enter(page, *kinds)
    shown = [one["id"] for one in kinds if one["video"] == "on"]
    page.evaluate("(shown) => fake.show(...shown)", shown)
    wait(page, f"deskroom.state().tiles.filter(({{ video }}) => video).length === {len(shown)}")


def tile(page, person):
    return next(one for one in page.evaluate("deskroom.state().tiles") if one["person"] == person)


def text(page, selector):
    return page.evaluate("(selector) => document.querySelector(selector).textContent.trim()", selector)


def attribute(page, selector, name):
    return page.evaluate("([s, name]) => document.querySelector(s).getAttribute(name)", [selector, name])
