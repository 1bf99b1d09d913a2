"""Containers and a browser for the tests of the image; what they measured is printed at the end."""

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent / "Browser"))

import chromium  # noqa: E402
from desk import compiled_pattern  # noqa: E402
from visitor import Visitor  # noqa: E402

from container import Container  # noqa: E402

FIGURES = []


@pytest.fixture(scope="session")
def figure():
    """Notes what was measured: figure("ready", 0.2, "s", goal=0.3)."""
    def note(name, value, unit, goal=None, before=None):
        FIGURES.append((name, value, unit, goal, before))

    return note


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line("")
    terminalreporter.write_line(f"{'':44}{'now':>10}{'goal':>10}{'before':>10}")
    for name, value, unit, goal, before in FIGURES:
        columns = [f"{number:10.2f}" if number is not None else " " * 10 for number in (value, goal, before)]
        terminalreporter.write_line(f"{name:44}{''.join(columns)}  {unit}")


@pytest.fixture
def folder(tmp_path):
    # Containers run as other users.
    for directory in (tmp_path, *list(tmp_path.parents)[:2]):
        directory.chmod(0o755)
    return tmp_path


@pytest.fixture
def start(folder):
    """Starts containers: start(*command, options=…, **settings). Each is removed."""
    with ExitStack() as stack:
        ports = iter(range(8443, 8500))

        def run(*command, **settings):
            container = Container(folder, *command, **{"port": next(ports), **settings})
            stack.callback(container.stop)
            return container

        yield run


@pytest.fixture(scope="session")
def pattern_program(tmp_path_factory):
    return compiled_pattern(tmp_path_factory.mktemp("clients"))


@pytest.fixture
def visitor():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.PROGRAM, args=chromium.ARGUMENTS)
        yield lambda name="Ada": Visitor(chromium.Tab(browser), name)
        browser.close()
