"""How what arrived differs from what was typed."""

from collections import Counter
from difflib import SequenceMatcher


def differences(expected, found):
    """Counts of characters: `wrong`, `lost` and `doubled`; what came from nowhere is wrong, too."""
    counts = Counter(wrong=0, lost=0, doubled=0)
    for kind, first, last, start, end in SequenceMatcher(None, expected, found, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        missing, extra = expected[first:last], found[start:end]
        both = min(len(missing), len(extra))
        counts["wrong"] += both
        counts["lost"] += len(missing) - both
        for place, character in enumerate(extra[both:], start + both):
            counts["doubled" if character in (found[place - 1:place], found[place + 1:place + 2]) else "wrong"] += 1
    return dict(counts)
