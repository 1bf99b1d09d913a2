"""Prometheus' text format 0.0.4, read strictly; by promtool, too, where there is one."""

import re
import shutil
import subprocess

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LINE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (\S+)")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)')


def series(text):
    """{family: (type, {((name, labels…): value})}; fails at whatever the format does not allow."""
    families, current = {}, None
    assert text.endswith("\n")
    for line in text.splitlines():
        head = re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.+)", line)
        if head and head[1] == "HELP":
            assert head[2] not in families, f"{head[2]} is there twice"
            current = head[2]
            families[current] = [None, {}]
        elif head:
            assert head[2] == current and families[current][0] is None, line
            assert head[3] in ("counter", "gauge", "histogram"), line
            families[current][0] = head[3]
        else:
            sample = LINE.fullmatch(line)
            assert sample, f"not a sample: {line!r}"
            name, labels, value = sample[1], sample[2] or "", float(sample[3])
            found = LABEL.findall(labels)
            assert "".join(f'{key}="{text}",' for key, text in found).rstrip(",") == labels, line
            kind = families[current][0]
            suffixes = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
            assert any(name == current + suffix for suffix in suffixes), f"{line} is not of {current}"
            key = (name, *sorted(found))
            assert key not in families[current][1], f"{line} is there twice"
            assert kind != "counter" or value >= 0
            families[current][1][key] = value
    for name, (kind, samples) in families.items():
        assert name.endswith("_total") == (kind == "counter"), name
        if kind == "histogram":
            buckets_rise(name, samples)
    return families


def buckets_rise(name, samples):
    rows = {}
    for (sample, *labels), value in samples.items():
        if sample == name + "_bucket":
            bound = float(dict(labels)["le"].replace("+Inf", "inf"))
            rows.setdefault(tuple(label for label in labels if label[0] != "le"), []).append((bound, value))
    for labels, row in rows.items():
        row.sort()
        assert row[-1][0] == float("inf"), name
        assert [value for _, value in row] == sorted(value for _, value in row), name
        assert samples[(name + "_count", *labels)] == row[-1][1], name


def promtool_says(text):
    """What `promtool check metrics` has to say against it; None where there is no promtool."""
    program = shutil.which("promtool")
    if not program:
        return None
    done = subprocess.run([program, "check", "metrics"], input=text, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip() or ("" if done.returncode == 0 else f"status {done.returncode}")
