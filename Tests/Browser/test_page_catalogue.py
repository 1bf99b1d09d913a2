"""All words of the page come from its catalogue, which has the same messages in each language."""

import re

import pytest

import catalogue
from pagefiles import blank_page

IMPORT = """async (languages) => Object.fromEntries(await Promise.all(languages.map(async (tag) => {
    const { tag: own, direction, name, messages } = (await import(`/${tag}.js`))[tag];
    const rules = new Intl.PluralRules(tag);
    const plurals = [...new Set(Array.from({ length: 1000 }, (_, count) => rules.select(count)))];
    return [tag, { tag: own, direction, name, messages, plurals }];
})))"""
PARAMETER = re.compile(r"\{(\w+)\}")


@pytest.fixture(scope="module")
def languages(browser_with_devices):
    with blank_page(browser_with_devices) as page:
        yield page.evaluate(IMPORT, list(catalogue.LANGUAGES))


def forms(message):
    return message.values() if isinstance(message, dict) else [message]


def parameters(message):
    """Of the form that says most: “one camera” need not name the number."""
    return set().union(*(PARAMETER.findall(form) for form in forms(message)))


def differences(languages):
    """What a language has or lacks that English does not, one line each."""
    english = languages["en"]["messages"]
    for tag, language in languages.items():
        messages = language["messages"]
        for one in english.keys() ^ messages.keys():
            yield f"{tag}: {one} is not in both"
        for one in english.keys() & messages.keys():
            if parameters(english[one]) != parameters(messages[one]):
                yield f"{tag}: {one} has other values"
            if isinstance(english[one], dict) != isinstance(messages[one], dict):
                yield f"{tag}: {one} counts in one language only"
            if isinstance(messages[one], dict) and not set(messages[one]) >= {*language["plurals"], "other"}:
                yield f"{tag}: {one} lacks a plural"
            if not all(form.strip() for form in forms(messages[one])):
                yield f"{tag}: {one} is empty"


def test_every_language_says_the_same(languages):
    assert list(differences(languages)) == []
    for tag, language in languages.items():
        assert language["tag"] == tag and language["name"] and language["direction"] in ("ltr", "rtl")


def test_a_language_that_falls_behind_is_found_out(languages):
    english = languages["en"]
    spoilt = {**english["messages"], "control.other": "{nombre} tiene el control", "chat.left": {"one": "Queda {count}"}}
    spoilt["tile.pin"] = " "
    spoilt["network.cameras"] = "{count} cameras"
    del spoilt["chat.send"]
    spoilt["chat.sent"] = "Sent"
    found = set(differences({"en": english, "xx": {**english, "messages": spoilt}}))
    assert found == {
        "xx: control.other has other values", "xx: chat.left lacks a plural", "xx: tile.pin is empty",
        "xx: network.cameras counts in one language only", "xx: chat.send is not in both",
        "xx: chat.sent is not in both",
    }


def test_every_message_is_used_and_every_one_that_is_used_is_there(languages):
    messages = languages["en"]["messages"]
    patterns = catalogue.Page(catalogue.index()).ids.union(*map(catalogue.used, catalogue.sources().values()))
    stands_for = {pattern: catalogue.matches(pattern, messages) for pattern in patterns}
    assert {pattern for pattern, ids in stands_for.items() if not ids} == set()
    assert messages.keys() - set().union(*stands_for.values()) == set()


def test_every_call_gives_the_values_that_its_message_wants(languages):
    messages = languages["en"]["messages"]
    calls = [(name, *call) for name, source in catalogue.sources().items() for call in catalogue.given(source)]
    assert len(calls) > 60
    wrong = [
        (name, one, values) for name, one, values in calls
        if not parameters(messages[one]) <= values or not values <= parameters(messages[one]) | {"count"}
        or (isinstance(messages[one], dict) and "count" not in values)
    ]
    assert wrong == []


def test_no_sentence_stands_outside_the_catalogue():
    found = {name: words for name, source in catalogue.sources().items() if (words := catalogue.stray(name, source))}
    assert found == {}
    assert catalogue.Page(catalogue.index()).words == []


@pytest.mark.parametrize("source", [
    "view.notice('Nobody is there.');",
    "button.title = `Pin ${name}`;",
    "const TITLES = { again: 'Retry' };",
    "status.textContent = 'ready';",
    "button.setAttribute('aria-label', isOn ? 'Microphone' : name);",
    "const made = isEmpty ? `${count} people wait` : '';",
    "throw words ?? 'Sending…';",
])
def test_words_that_stand_in_a_module_are_found_out(source):
    assert catalogue.stray("new.js", f"// Not this: 'it is'.\nconst form = /[\"'`]/u;\n{source}") != []


@pytest.mark.parametrize("tag", [
    "<button>Press here</button>", '<input placeholder="Your name">', '<nav aria-label="Main"></nav>', '<p title="Hi">x</p>',
])
def test_words_that_stand_in_the_page_are_found_out(tag):
    assert catalogue.Page(f"<title>Deskroom</title><h1>Deskroom</h1>{tag}").words != []


def test_ids_are_found_however_they_are_asked_for():
    source = """
        // say('not.this')
        say('one.two', { name }); say(isOn ? 'three.on' : 'three.off'); say(`four.${kind}.five`);
        append(...parts('six')); if (has(`seven.${code}`)) tell('eight.nine');
    """
    assert catalogue.used(source) == ["one.two", "three.on", "three.off", "four.{}.five", "six", "seven.{}"]
    assert catalogue.matches("four.{}.five", ["four.a.five", "four.a.six", "four.a.b.five"]) == {"four.a.five"}
    assert list(catalogue.given("say('a.b', { name: label(x), count }) + say('c') + say('d', { ...all })")) == [
        ("a.b", {"name", "count"}), ("c", set()),
    ]
