"""Waiting for something to become true, with words for when it does not."""

import time


def eventually(question, within=45.0, every=0.02, what="it"):
    """Asks until the answer is true and returns it; fails after `within` seconds with the last answer.

    That is for a machine that is slow and busy, and costs nothing where the thing comes true: a claim about speed is a
    ratio to something that was measured in the same run, not a short wait. `what` says what was waited for, in words or by a function that gives them.
    """
    end = time.monotonic() + within
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            words = what() if callable(what) else what
            raise AssertionError(f"{words}: not within {within:g} s; last answer: {answer!r}")
        time.sleep(every)
