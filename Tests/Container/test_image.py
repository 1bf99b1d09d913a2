"""What is in the image, and what lies beside it: nothing here depends on how busy the machine is."""

import json
import os
import re
import subprocess
import tarfile

import pytest

from container import IMAGE, LOOSE, ROOT, podman

FILES = ROOT / ".build/image"
MEGABYTE = 1_000_000
# Built for these tests only, a deskroom has Swift's libraries beside it, and these are large.
IS_WHOLE = "swift/linux" not in subprocess.run(
    ["ldd", os.environ["DESKROOM_IMAGE_BINARY"]], capture_output=True, text=True, check=True
).stdout


def run(*command):
    """What a command in the image prints."""
    done = podman("run", "--rm", *LOOSE, "--entrypoint", command[0], IMAGE, *command[1:], check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def names():
    with tarfile.open(FILES / "root.tar") as tar:
        return {member.name.removeprefix("./"): member for member in tar}


@pytest.fixture(scope="module")
def image():
    return json.loads(podman("inspect", "--type", "image", IMAGE).stdout)[0]


@pytest.fixture(scope="module")
def bill():
    return json.loads((FILES / "deskroom.spdx.json").read_text())


def test_it_is_small(figure, names):
    unpacked = sum(member.size for member in names.values())
    packed = (FILES / "deskroom.tar.gz").stat().st_size
    figure("image, gzip", packed / MEGABYTE, "MB", goal=180, before=422)
    figure("image, unpacked", unpacked / MEGABYTE, "MB", before=1090)
    figure("files", sum(member.isfile() for member in names.values()), "")
    if IS_WHOLE:
        assert packed <= 180 * MEGABYTE
        assert unpacked <= 450 * MEGABYTE


def test_no_program_or_library_lacks_a_library(names):
    """What is left out of Debian's packages is missed by nothing that is left in."""
    script = r"""
        find /usr -type f \( -name '*.so' -o -name '*.so.*' -o -perm /111 \) | while read -r file; do
            ldd "$file" 2>/dev/null | sed -n "s|^.*=> not found|$file: &|p"
        done"""
    assert run("sh", "-c", script) == ""


def test_every_element_of_the_rooms_pipelines_loads(names):
    text = "\n".join(path.read_text() for path in (ROOT / "Sources/GstBridge").glob("*.swift"))
    wanted = set(re.findall(r"\b(appsrc|appsink|ximagesrc|x264enc|vp8enc|rtpvp8pay|videoconvert|queue)\b", text))
    plugins = {
        "appsrc": "app", "appsink": "app", "ximagesrc": "ximagesrc", "x264enc": "x264", "vp8enc": "vpx",
        "rtpvp8pay": "rtp", "videoconvert": "videoconvertscale", "queue": "coreelements",
    }
    assert len(wanted) == len(plugins)
    for element in wanted:
        assert any(name.endswith(f"gstreamer-1.0/libgst{plugins[element]}.so") for name in names), element


@pytest.mark.parametrize("what", [
    r"usr/bin/(gcc|cc|cpp|g\+\+|clang|swift|swiftc|python3.*)$", r"usr/share/(man|info)/.*[^/]$", r"usr/share/locale/.*\.mo$",
    r"usr/share/doc/.*/(?!copyright)[^/]+$", r".*/libLLVM.*", r".*/libav(codec|format).*", r"var/cache/apt/.*\.bin$", r".*\.a$",
    r".*\.h$",
])
def test_what_nobody_needs_is_not_there(what, names):
    assert not [name for name, member in names.items() if member.isfile() and re.fullmatch(what, name)]


def test_no_program_gives_more_rights_than_whoever_starts_it_has(names):
    assert not [name for name, member in names.items() if member.isfile() and member.mode & 0o6000]


def test_the_licence_of_every_package_is_there(bill, names):
    packages = [one["name"] for one in bill["packages"] if one["SPDXID"].startswith("SPDXRef-Debian-")]
    assert len(packages) > 100
    assert not [name for name in packages if f"usr/share/doc/{name}/copyright" not in names and not names[f"usr/share/doc/{name}"].issym()]


def test_its_bill_of_materials_names_every_package(bill, names):
    assert bill["spdxVersion"] == "SPDX-2.3"
    installed = run("dpkg-query", "--show", "--showformat", "${Package} ${Version}\n").splitlines()
    listed = {f"{one['name']} {one['versionInfo']}" for one in bill["packages"]}
    assert not [line for line in installed if line not in listed and not line.startswith("deskroom-without ")]
    swift = {pin["identity"] for pin in json.loads((ROOT / "container/swift-packages.json").read_text())["pins"]}
    assert swift <= {one["name"] for one in bill["packages"]}
    assert all(one["externalRefs"][0]["referenceLocator"].startswith("pkg:") for one in bill["packages"])
    identifiers = [one["SPDXID"] for one in bill["packages"]]
    assert len(set(identifiers)) == len(identifiers)
    assert all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", one) for one in identifiers)
    # The same is inside.
    assert json.loads(run("cat", "/usr/share/deskroom/deskroom.spdx.json")) == bill


def test_security_updates_are_in_it(bill):
    version = next(one["versionInfo"] for one in bill["packages"] if one["name"] == "libssl3")
    newest = subprocess.run(["apt-cache", "policy", "libssl3"], capture_output=True, text=True, check=True).stdout
    newest = re.search(r"Candidate: (\S+)", newest)[1]
    assert subprocess.run(["dpkg", "--compare-versions", version, "ge", newest]).returncode == 0, (version, newest)


def test_its_labels_say_what_it_is(image):
    labels = {key.removeprefix("org.opencontainers.image."): value for key, value in image["Labels"].items()}
    assert {"title", "description", "licenses", "version", "revision", "created"} <= labels.keys()
    assert labels["licenses"] == "Apache-2.0"
    assert re.fullmatch(r"[0-9a-f]{40}", labels["revision"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", labels["created"])
    assert not re.search(r"https?://|localhost|\.local", " ".join(labels.values()))


def test_it_runs_as_an_ordinary_user_and_is_asked_for_its_health(image):
    assert image["User"] == "deskroom"
    assert image["Config"]["Entrypoint"] == ["/usr/lib/deskroom/entrypoint"], "the room becomes the first process"
    assert image["Healthcheck"]["Test"][-1] == "health"
    assert "LANG=C.UTF-8" in image["Config"]["Env"]


def test_the_package_is_in_order_by_debians_own_rules():
    package, = FILES.glob("*.deb")
    done = subprocess.run(
        ["lintian", "--allow-root", "--fail-on", "error", "--suppress-tags", "dir-or-file-in-opt", package],
        capture_output=True, text=True,
    )
    assert done.returncode == 0 or not IS_WHOLE, done.stdout


def test_the_package_brings_a_unit_its_settings_and_a_user(names):
    # The image is made by installing it.
    assert {"usr/bin/deskroom", "etc/deskroom/deskroom.conf"} <= names.keys()
    package, = FILES.glob("*.deb")
    inside = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True).stdout
    assert "lib/systemd/system/deskroom.service" in inside
    assert "usr/lib/sysusers.d/deskroom.conf" in inside
    assert re.search(r"^deskroom:x:", run("cat", "/etc/passwd"), re.MULTILINE)


def test_the_context_of_a_build_is_small():
    """It is what the file beside it lets through, for podman and docker alike."""
    words = (ROOT / ".containerignore").read_text()
    assert "\n*\n" in words
    assert (ROOT / ".dockerignore").read_text() == words
    assert not re.search(r"^!(\.git|\.venv|\.build)/?$", words.replace("!.build\n.build/*", ""), re.MULTILINE)
