"""Two people whose names look the same are told apart wherever they are named, against a room inside the page."""

import pytest

from pagefiles import blank_page
from pageroom import attribute, enter, text, wait

CYRILLIC = "\u0410n\u0430"  # Two of its letters are no Latin ones.
LISTED = "[...document.querySelectorAll('#people-list bdi')].map((one) => one.textContent)"


@pytest.fixture
def page(open_page):
    return open_page(reduced_motion="reduce")


def ana(person, name="Ana"):
    return {"id": person, "name": name, "audio": "on", "video": "off"}


def test_they_have_the_same_number_everywhere(page):
    enter(page, ana(2), ana(3))
    assert page.evaluate(LISTED) == ["Ada", "Ana", "Ana (2)"]
    assert text(page, ".tile[data-person='3'] .name") == "Ana (2)"
    assert attribute(page, ".tile[data-person='3'] .pin", "aria-label") == "Pin Ana (2)"
    assert attribute(page, ".tile[data-person='2'] .pin", "aria-label") == "Pin Ana"
    wait(page, "document.getElementById('events').textContent === 'Ana and Ana (2) joined.'")
    for person in (3, 2):
        message = f"{{ id: {5 - person}, from: {person}, name: 'Ana', text: 'Hi', at: 1700000000000 }}"
        page.evaluate(f"() => fake.raw(JSON.stringify({message}))")
    wait(page, "document.querySelectorAll('.message b').length === 2")
    assert page.evaluate("[...document.querySelectorAll('.message b')].map((one) => one.textContent)") == ["Ana (2)", "Ana"]
    page.evaluate("() => fake.control({ holder: { id: 3, name: 'Ana' } })")
    wait(page, "document.getElementById('control-label').textContent === 'Ana (2) is in control'")
    assert text(page, "#announcement") == "Ana (2) is in control."
    page.evaluate("() => fake.control({ holder: null })")
    page.click("#control")
    wait(page, "deskroom.state().control.mine")
    page.evaluate("() => fake.ask(3)")
    wait(page, "document.getElementById('request-line').textContent === 'Ana (2) asks for control'")
    assert page.title() == "Ana (2) asks for control – Deskroom"


def test_a_number_stays_with_whoever_has_it(page):
    enter(page, ana(2), ana(3))
    page.evaluate("() => fake.leave(2)")
    wait(page, "deskroom.state().people === 2")
    assert page.evaluate(LISTED) == ["Ada", "Ana (2)"]
    page.evaluate("(ana) => fake.enter(ana)", ana(4))
    wait(page, "deskroom.state().people === 3")
    assert page.evaluate(LISTED) == ["Ada", "Ana (2)", "Ana (3)"]


def test_whoever_came_first_keeps_the_name_whatever_order_the_room_tells(page):
    enter(page, ana(9), ana(2), ana(5, "Ada"))
    assert page.evaluate(LISTED) == ["Ada", "Ana (2)", "Ana", "Ada (2)"]


@pytest.mark.parametrize("name", [CYRILLIC, "ana", "ANA", "A\u0301na", " Ana", "Ana.", "\uff21na"])
def test_a_name_that_only_looks_the_same_is_marked_too(page, name):
    enter(page, ana(2), ana(3, name))
    assert page.evaluate(LISTED)[1] == "Ana"
    assert page.evaluate(LISTED)[2].endswith(" (2)")


def test_a_name_with_a_number_of_its_own_takes_nobodys_place(page):
    enter(page, ana(2), ana(3, "Ana (2)"), ana(4))
    assert page.evaluate(LISTED)[1:] == ["Ana", "Ana (2)", "Ana (3)"]


SKELETONS = """async (pairs) => {
    const { skeleton } = await import('/client/lookalikes.js');
    return pairs.map(([one, other]) => skeleton(one) === skeleton(other));
}"""


def test_only_what_looks_the_same_is_the_same(browser_with_devices):
    same = [("Paul", "Ρаul"), ("Iris", "lris"), ("Bill", "Bi11"), ("Modern", "Modem"), ("O’Neil", "0'Neil"), ("İda", "Ida")]
    others = [("Ana", "Ann"), ("Анна", "Anna"), ("Ben", "Bea"), ("Noor", "Nora"), ("王", "玉"), ("נועם", "נעם"), ("M", "N")]
    with blank_page(browser_with_devices) as page:
        assert page.evaluate(SKELETONS, same) == [True] * len(same)
        assert page.evaluate(SKELETONS, others) == [False] * len(others)


def test_however_many_come_and_go_no_more_is_remembered(browser_with_devices):
    with blank_page(browser_with_devices) as page:
        shown = page.evaluate("""async () => {
            const { Names } = await import('/client/names.js');
            const names = new Names();
            const here = { id: 1, name: 'Ana' };
            let shown = [];
            for (let id = 2; id < 1100; id += 1) shown = names.people([here, { id, name: 'Ana' }]);
            return shown.map(({ name }) => name);
        }""")
    assert shown[0] == "Ana"
    # Numbers are taken anew once nobody is remembered by them.
    assert 1 < int(shown[1].removeprefix("Ana (").removesuffix(")")) <= 502
