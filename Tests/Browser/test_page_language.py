"""The page speaks one language at a time: which one, how it is chosen, and what the room says in it."""

import pytest

from catalogue import LANGUAGES
from pagefiles import blank_page
from pageroom import attribute, enter, fill, people, text, wait
from states import walk
from waiting import eventually

LANG = "[document.documentElement.lang, document.documentElement.dir]"


def prefers(*languages):
    """A browser of which these languages are wanted."""
    return f"Object.defineProperty(navigator, 'languages', {{ get: () => {list(languages)} }});"


@pytest.mark.parametrize(
    "languages, address, lang",
    [
        (["es-MX", "en"], "", "es"), (["fr", "es-AR"], "", "es"), (["fr", "de"], "", "en"), ([], "", "en"),
        (["en-GB", "es"], "", "en"), (["en-GB"], "?lang=es", "es"), (["es"], "?lang=en-AU", "en"),
        (["es"], "?lang=tlh", "es"), (["en"], "?lang=%00%22", "en"),
    ],
)
def test_it_is_that_of_the_address_or_the_browser(open_page, languages, address, lang):
    page = open_page(joined=False, before=prefers(*languages))
    page.goto(page.url.split("?")[0] + address)
    assert page.evaluate(LANG) == [lang, "ltr"]
    assert text(page, "#join") == {"en": "Join", "es": "Entrar"}[lang]
    assert page.input_value("#welcome-language") == lang


CHOSEN = """async ([wanted, ofBrowser]) => {
    const { chosen } = await import('/language.js');
    const known = [{ tag: 'en' }, { tag: 'es' }];
    const { words, locale } = chosen(wanted, known, ofBrowser);
    return [words.tag, locale];
}"""


@pytest.mark.parametrize(
    "wanted, of_browser, expected",
    [
        (["es"], ["en-US", "es-MX"], ["es", "es-MX"]), (["es-AR"], ["es-MX"], ["es", "es-AR"]),
        (["es"], ["en-US"], ["es", "es"]), ([None, None], [], ["en", "en"]), (["fr"], ["en-GB"], ["en", "en-GB"]),
        (["ES-mx"], [], ["es", "ES-mx"]), (["es-?!"], [], ["es", "es"]), (["est"], ["est"], ["en", "en"]),
    ],
)
def test_numbers_and_times_are_those_of_the_browsers_region(browser_with_devices, wanted, of_browser, expected):
    with blank_page(browser_with_devices) as page:
        assert page.evaluate(CHOSEN, [wanted, of_browser]) == expected


def test_a_choice_is_kept_and_comes_before_what_the_browser_says(open_page):
    page = open_page(joined=False, language="es")
    page.evaluate("history.replaceState(null, '', location.search + '#token=x')")
    page.select_option("#welcome-language", "en")
    assert text(page, "#join") == "Join"
    assert page.evaluate(LANG) == ["en", "ltr"]
    assert page.evaluate("location.search + location.hash") == "#token=x", "or a reload would take it back"
    page.select_option("#welcome-language", "es")
    page.reload()
    assert page.evaluate(LANG) == ["es", "ltr"]
    page.goto(page.url.split("#")[0] + "?lang=en")
    assert page.evaluate(LANG) == ["en", "ltr"], "a link may ask for another"


def test_a_browser_that_keeps_nothing_lets_choose_all_the_same(open_page):
    page = open_page(joined=False, before="Object.defineProperty(window, 'localStorage', { get() { throw new Error(); } });")
    page.select_option("#welcome-language", "es")
    assert text(page, "#join") == "Entrar"


# Nothing is left of another language.

LEFT = """async ([from, to]) => {
    const messages = async (tag) => (await import(`/${tag}.js`))[tag].messages;
    const [old, now] = [await messages(from), await messages(to)];
    const forms = (all) => Object.values(all).flatMap((one) => (typeof one === 'string' ? [one] : Object.values(one)));
    const plain = (form) => form.replace(/[.*+?^$()|[\\]\\\\]/g, '\\\\$&').replace(/\\{\\w+\\}/g, '.+');
    const known = new Set(forms(now));
    const other = forms(old).filter((form) => !known.has(form) && /\\p{L}{3}/u.test(form.replace(/\\{\\w+\\}/g, '')));
    const form = new RegExp(`^(${other.map(plain).join('|')})$`, 'u');
    const found = [];
    const look = (words) => words && form.test(words.trim()) && found.push(words.trim());
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const one = node.parentElement;
        if (one.checkVisibility() && !one.closest('bdi, option[lang], #announcement, #events')) look(node.data);
    }
    for (const one of document.querySelectorAll('*')) {
        for (const name of ['aria-label', 'title', 'placeholder']) look(one.getAttribute(name));
    }
    return found;
}"""


def test_every_state_of_the_page_is_in_spanish(open_page):
    page = open_page(joined=False, language="es", reduced_motion="reduce")
    found = {state: left for state in walk(page) if (left := page.evaluate(LEFT, ["en", "es"]))}
    assert found == {}
    assert page.evaluate(LEFT, ["es", "en"]) != [], "it is found where it is"


def test_another_language_is_spoken_at_once_by_all_of_the_page(open_page):
    page = open_page()
    fill(page)
    page.click("#camera-button")
    wait(page, "fake.last('setMedia')?.video === 'on'")
    page.click("#control")
    wait(page, "deskroom.state().control.mine")
    page.evaluate("() => { fake.ask(2); fake.ask(3); }")
    wait(page, "deskroom.state().control.asks === 2")
    page.evaluate("() => fake.raw(JSON.stringify({ id: 0, from: 2, name: 'Ben', text: 'Hi', at: 1700000000000 }))")
    wait(page, "deskroom.state().chat.unread === 1")
    page.click("#settings-button")
    before = page.evaluate("[deskroom.state().control.mine, deskroom.state().media.video, fake.count('join')]")
    page.focus("#language-choice")
    said = text(page, "#announcement")
    for tag, line in (("es", "Ben pide el control, y una persona más espera"), ("en", "Ben asks for control, and one more waits")):
        page.select_option("#language-choice", tag)
        other = next(one for one in LANGUAGES if one != tag)
        assert page.evaluate(LANG)[0] == tag
        assert text(page, "#request-line") == line
        wait(page, "document.getElementById('settings').hidden === false")
        eventually(lambda other=other, tag=tag: page.evaluate(LEFT, [other, tag]) == [],
                   what=lambda other=other, tag=tag: page.evaluate(LEFT, [other, tag]))
        assert page.evaluate("document.activeElement.id") == "language-choice"
    assert text(page, "#announcement") == said, "nobody is told what has not changed"
    assert page.evaluate("[deskroom.state().control.mine, deskroom.state().media.video, fake.count('join')]") == before


def test_spanish_sentences_have_their_plurals_lists_and_numbers(open_page):
    page = open_page(language="es", locale="es-AR")
    enter(page, *people(3))
    wait(page, "/ entraron\\./.test(document.getElementById('events').textContent)")
    assert text(page, "#events") == "Person 2, Person 3 y Person 4 entraron."
    assert text(page, "#people-words") == "4 personas en la sala"
    made = page.evaluate("""async () => {
        const { networkSentence } = await import('/network-words.js');
        const { undelivered } = await import('/client/outbox.js');
        const { offerWords } = await import('/client/capture-words.js');
        return [networkSentence({ cameras: 1 }, { problem: 'loss', roundTrip: 0.02, loss: 0.012 }),
            undelivered(1, 1, 'silent'), undelivered(2000, 12000, 'cut'),
            offerWords({ label: 'USB', parts: { microphone: 'a', speaker: 'b' } })];
    }""")
    assert made == [
        "Conexión débil: una cámara en pausa (20 ms de ida y vuelta a la sala, 1,2% se pierde en el camino).",
        "Un carácter no se escribió en el escritorio: el escritorio no respondió.",
        "Solo se escribieron 10.000 de 12.000 caracteres en el escritorio: se perdió la conexión.",
        "Se conectó “USB”. ¿Desea usarlo como micrófono y altavoz?",
    ]


# What the room says.


@pytest.mark.parametrize(
    "language, told, words",
    [
        ("en", {"step": "chat", "code": "chatTooFast", "message": "x"}, "That was too many messages at once. Wait a moment."),
        ("es", {"step": "chat", "code": "chatTooFast", "message": "x"}, "Fueron demasiados mensajes a la vez. Espere un momento."),
        ("en", {"step": "chat", "code": "ofTomorrow", "message": "Come tomorrow."}, "Come tomorrow."),
        ("es", {"step": "chat", "code": "ofTomorrow", "message": "Come tomorrow."}, "Su mensaje en el chat no se aceptó."),
        ("es", {"step": "publish", "message": "One camera a person."}, "Su cámara o su micrófono no se envía a los demás."),
        ("es", {"step": "constructor", "code": "constructor", "message": "x"},
         "La sala no aceptó lo que esta página pidió. Si continúa, cargue la página de nuevo."),
        ("es", {"step": "", "message": "The room does not understand this page: “id” is missing."},
         "La sala no aceptó lo que esta página pidió. Si continúa, cargue la página de nuevo."),
    ],
)
def test_a_refusal_is_told_in_the_language_of_the_page(open_page, language, told, words):
    page = open_page(language=language)
    page.evaluate("(told) => fake.send({ type: 'error', ...told })", told)
    wait(page, "!document.getElementById('notice').hidden")
    assert text(page, "#notice") == words


def test_how_long_to_wait_is_told_in_words(browser_with_devices):
    script = """async (all) => {
        const { roomWords } = await import('/client/reasons.js');
        const { setCatalogue } = await import('/catalogue.js');
        const { es } = await import('/es.js');
        const tell = () => all.map((seconds) => roomWords({ code: 'tokenNotYetValid', values: { seconds } }, ''));
        const english = tell();
        setCatalogue(es, 'es-MX');
        return [...english, ...tell(), roomWords({ code: 'tokenTooManyTries', values: { seconds: 1 } }, '')];
    }"""
    with blank_page(browser_with_devices) as page:
        told = page.evaluate(script, [0, 61, 3600, 200_000])
    assert [one.split("Come back ")[-1].split("Vuelva ")[-1] for one in told[:8]] == [
        "in 1 second.", "in 2 minutes.", "in 1 hour.", "in 3 days.",
        "dentro de 1 segundo.", "dentro de 2 minutos.", "dentro de 1 hora.", "dentro de 3 días.",
    ]
    assert told[8].endswith("Espere 1 segundo e intente de nuevo.")


def test_why_control_was_not_given_or_has_ended_is_told_in_spanish(open_page):
    page = open_page(language="es")
    enter(page, *people(1))
    notice = "document.getElementById('notice').textContent"
    page.evaluate("() => fake.control({ holder: null, denied: 'You may watch.', deniedCode: 'mayNotControl' })")
    wait(page, f"{notice} === 'En esta sala usted puede mirar el escritorio, pero no controlarlo.'")
    page.evaluate("() => fake.control({ holder: null, denied: 'Nobody can.' })")
    wait(page, f"{notice} === 'No se le dio el control.'")
    page.evaluate("() => fake.control({ holder: null, ended: 'Control has passed on.', endedCode: 'controlIdle' })")
    wait(page, f"{notice} === 'El control pasó a otra persona: usted no hizo nada por un rato.'")


def test_what_the_desk_does_is_told_in_spanish(open_page):
    page = open_page(language="es")
    desk = {"type": "desk", "state": "failed", "message": "Its encoder is not installed.", "width": 0, "height": 0}
    for code, words in (("encoderMissing", "su codificador de video no está instalado"), ("", "la persona responsable de la sala")):
        page.evaluate("(desk) => fake.send(desk)", {**desk, "code": code})
        wait(page, f"document.getElementById('banner-text').textContent.includes('{words}')")


def test_a_name_that_is_refused_is_told_in_spanish(open_page):
    page = open_page(joined=False, language="es", before="fake.receive = ({ type, name }) => type === 'join' && "
                     "fake.send({ type: 'error', step: 'join', code: name === 'x' ? 'nameHidden' : undefined,"
                     "message: 'The room does not understand this page: the name has characters that cannot be seen.' });")
    page.fill("#name", "x")
    page.click("#join")
    wait(page, "/caracteres invisibles/.test(document.getElementById('join-error').textContent)")
    page.fill("#name", "y")
    page.click("#join")
    wait(page, "document.getElementById('join-error').textContent === 'La sala no acepta este nombre. Elija otro.'")
    assert attribute(page, "html", "lang") == "es"


def test_whoever_gives_no_name_is_called_a_guest_in_their_language(open_page):
    page = open_page(joined=False, language="es")
    page.click("#join")
    wait(page, "fake.last('join') !== null")
    assert page.evaluate("fake.last('join').name") == "Visitante"
