"""What a page makes of what the desk says has arrived, on a page of its own."""

import pytest

from pagefiles import blank_page

KEYS, TEXT = 0, 1


@pytest.fixture(scope="module")
def page(chromium_browser):
    with blank_page(chromium_browser) as page:
        yield page


@pytest.fixture
def proof(page):
    page.evaluate("""async () => {
        const { TypingProof } = await import('/client/typing-proof.js');
        window.again = [];
        window.proof = new TypingProof((keysyms) => again.push(keysyms));
    }""")

    def run(script):
        page.evaluate(script)
        return page.evaluate("[again, proof.figures]")
    return run


def figures(**some):
    return {"typed": 0, "confirmed": 0, "wrong": 0, "missing": 0, "resent": 0, **some}


def test_what_arrived_is_confirmed_and_what_arrived_as_something_else_is_counted(proof):
    assert proof("""
        proof.key(0xffff, 0x61, false);
        proof.key(0, 0x62, false);
        proof.key(1, 0x43, true);
        proof.text(7, [0x64, 0x65], false);
        proof.handle({ kind: 0, sequence: 0xffff, keysyms: [0x61, 0x78, 0x63] });
        proof.handle({ kind: 1, sequence: 7, keysyms: [0x64] });
        proof.handle({ kind: 1, sequence: 7, keysyms: [0x65] });
    """) == [[], figures(typed=5, confirmed=4, wrong=1)]


def test_the_end_of_what_was_typed_is_sent_again_once(proof):
    assert proof("""
        proof.key(1, 0x61, false);
        proof.key(2, 0x62, false);
        proof.key(3, 0xff0d, false);
        proof.handle({ kind: 0, sequence: 1, keysyms: [0x61, 0, 0] });
    """) == [[[0x62, 0xFF0D]], figures(typed=3, confirmed=1, missing=2, resent=2)]
    assert proof("""
        proof.text(4, [0x62, 0xff0d], true);
        proof.handle({ kind: 1, sequence: 4, keysyms: [0x62, 0] });
    """) == [[[0x62, 0xFF0D]], figures(typed=5, confirmed=2, missing=3, resent=2)]


@pytest.mark.parametrize("script", [
    # Something was typed after it; it is a shortcut, or no text; nobody knows of it; nothing was said of it yet.
    "proof.key(1, 0x61, false); proof.key(2, 0x62, false); proof.handle({ kind: 0, sequence: 1, keysyms: [0] })",
    "proof.key(1, 0x61, false); proof.key(2, 0x62, false); proof.handle({ kind: 0, sequence: 1, keysyms: [0, 0x62] })",
    "proof.text(1, [0x61, 0x62], false); proof.handle({ kind: 1, sequence: 1, keysyms: [0] })",
    "proof.key(1, 0x63, true); proof.handle({ kind: 0, sequence: 1, keysyms: [0] })",
    "proof.key(1, 0xff51, false); proof.handle({ kind: 0, sequence: 1, keysyms: [0] })",
    "proof.handle({ kind: 0, sequence: 1, keysyms: [0] })",
    "proof.key(1, 0x61, false); proof.clear(); proof.handle({ kind: 0, sequence: 1, keysyms: [0] })",
])
def test_what_would_come_in_the_wrong_place_or_twice_is_not_sent_again(proof, script):
    assert proof(script)[0] == []


def test_what_is_never_answered_is_forgotten(proof):
    again, found = proof("""
        for (let i = 0; i < 5000; i += 1) proof.key(i, 0x61, false);
        proof.handle({ kind: 0, sequence: 0, keysyms: [0x61] });
        proof.handle({ kind: 0, sequence: 4999, keysyms: [0x61] });
    """)
    assert (again, found["confirmed"]) == ([], 1)
