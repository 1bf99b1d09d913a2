"""What is installed for the tests starts nothing on the machine."""

import os
import subprocess

import pytest

from room import ROOT

SCRIPT = ROOT / "scripts/without-services"
POLICY = "/usr/sbin/policy-rc.d"
# Debian's word for “no” (invoke-rc.d(8)).
DENIED = 101


def in_a_machine_of_its_own(folder, script):
    """What a shell prints where changes of the system stay in `folder`."""
    for name in ("sbin", "sbin-work", "init", "init-work"):
        (folder / name).mkdir(exist_ok=True)
    overlay = "mount -t overlay overlay -o lowerdir=$1,upperdir=$2,workdir=$2-work $1"
    mounts = f"set -- /usr/sbin {folder}/sbin; {overlay}; set -- /etc/init.d {folder}/init; {overlay}; rm -f {POLICY}"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-ec", f"{mounts}\n{script}"], capture_output=True, text=True, cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture
def place(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("as root only")
    # Not every file system can be the upper one.
    probe = tmp_path / "probe"
    for name in ("lower", "upper", "work"):
        (probe / name).mkdir(parents=True)
    mount = f"mount -t overlay overlay -o lowerdir={probe}/lower,upperdir={probe}/upper,workdir={probe}/work {probe}/lower"
    if subprocess.run(["unshare", "--mount", "sh", "-c", mount], capture_output=True).returncode:
        pytest.skip("there is no overlay here")
    return tmp_path


def ask(name, action="start"):
    return f"{POLICY} --quiet {name} '{action}' && echo 0 || echo $?\n"


def test_new_services_are_not_started_and_others_are(place):
    (place / "init").mkdir()
    (place / "init" / "webserver").write_text("#!/bin/sh\n")
    (place / "questions").write_text(
        ask("newcomer") + ask("newcomer.service", "(start)") + ask("webserver", "restart") + ask("webserver.service")
    )
    answers = in_a_machine_of_its_own(place, f"""{SCRIPT} sh {place}/questions; ls {POLICY}* 2>/dev/null || echo gone""")
    assert answers == [str(DENIED), str(DENIED), "0", "0", "gone"]


@pytest.mark.parametrize("end", ["exit 7", "kill -TERM $PPID; sleep 1"])
def test_nothing_is_left_however_it_ends(place, end):
    answers = in_a_machine_of_its_own(
        place, f"""{SCRIPT} sh -c 'test -x {POLICY} && echo there; {end}' || echo failed; ls {POLICY}* 2>/dev/null || echo gone""",
    )
    assert answers == ["there", "failed", "gone"]


def test_the_policy_of_a_machine_stays(place):
    answers = in_a_machine_of_its_own(
        place, f"""echo own >{POLICY}; {SCRIPT} cat {POLICY}; cat {POLICY}; ls {POLICY}*""",
    )
    assert answers == ["own", "own", POLICY]


def test_what_a_killed_one_has_left_is_taken_away(place):
    answers = in_a_machine_of_its_own(
        place,
        f"""{SCRIPT} sh -c 'kill -KILL $PPID' || echo killed; ls {POLICY} || true
        {SCRIPT} true; ls {POLICY} 2>/dev/null || echo gone""",
    )
    assert answers == ["killed", POLICY, "gone"]
