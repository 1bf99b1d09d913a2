"""The room behind nginx and HAProxy, at the root and below a path."""

import json
import ssl
import time
import urllib.error
import urllib.request
from contextlib import ExitStack

import pytest

import links
from desk import CENTRES, QUADRANTS
from proxies import HOST, certificate, free_tcp_port, haproxy, nginx
from waiting import eventually

SECRET = "fedcba9876543210fedcba9876543210"
HEADERS = """
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
"""


def nginx_location(room_port, strips, path="/s/42/"):
    return f"location {path} {{ proxy_pass http://127.0.0.1:{room_port}{'/' if strips else ''}; {HEADERS} }}"


def haproxy_http(folder, port, room_port, strips):
    strip = "http-request replace-path /s/42/(.*) /\\1" if strips else ""
    return f"""
frontend people
    bind 127.0.0.1:{port} ssl crt {folder}/proxy.pem
    option forwardfor
    http-request set-header X-Forwarded-Proto https
    {strip}
    default_backend room
backend room
    server room 127.0.0.1:{room_port}
"""


def haproxy_tcp(port, room_port, send):
    return f"""
listen people
    mode tcp
    bind 127.0.0.1:{port}
    server room 127.0.0.1:{room_port} {send}
"""


@pytest.fixture
def behind(open_room, folder, desk):
    """behind(kind, strips, **settings): a room and its proxy; the room's address is that of the proxy."""
    with ExitStack() as stack:

        def start(kind, strips=True, **settings):
            port, room_port = free_tcp_port(), free_tcp_port()
            base = f"https://{HOST}:{port}/s/42/"
            if kind == "nginx":
                proxy = nginx(folder, port, nginx_location(room_port, strips))
            elif kind == "haproxy":
                proxy = haproxy(folder, port, haproxy_http(folder, port, room_port, strips))
            else:
                proxy = haproxy(folder, port, haproxy_tcp(port, room_port, kind))
                base = f"https://{HOST}:{port}/"
                pem = str(certificate(folder))
                settings = {"HTTP_PROXY_PROTOCOL": "on", "TLS_CERTIFICATE": pem, "TLS_KEY": pem, **settings}
            stack.callback(proxy.stop)
            settings = {"HTTP_PROXIES": "127.0.0.1", "HTTP_PORT": str(room_port), "HTTP_BASE": base, **settings}
            room = open_room(desk, **settings)
            assert room.address == base
            return room

        yield start


def ask(address, method="GET", body=None):
    """The answer's content, whatever the certificate."""
    request = urllib.request.Request(
        # Python does not know that these names are this machine.
        address.replace(HOST, "127.0.0.1"), body and json.dumps(body).encode(), method=method,
        headers={"Host": address.split("/")[2], "Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"},
    )
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with urllib.request.urlopen(request, timeout=30, context=context) as answer:
        return answer.read()


WAYS = [("nginx", True), ("nginx", False), ("haproxy", True), ("haproxy", False), ("send-proxy", True),
        ("send-proxy-v2", True), ("send-proxy-v2-ssl", True)]


@pytest.mark.parametrize("kind, strips", WAYS)
def test_behind_a_proxy_somebody_joins_sees_the_desk_and_drives_it(kind, strips, behind, desk, visitor):
    room = behind(kind, strips)
    ada = visitor("Ada").join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    assert ada.ask("isSecureContext")
    if kind.startswith("send-proxy"):
        assert ada.ask("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2", "its TLS is the room's own"
    ada.take_control()
    ada.click(200, 100)
    eventually(lambda: desk.pattern.events("buttonDown"), what="the click arrives")
    assert not ada.problems()
    assert "refused" not in room.log(100_000)


# How the proxy says who is behind it changes nothing of its timeouts.
@pytest.mark.parametrize("kind", ["nginx", "haproxy"])
def test_who_does_nothing_for_over_a_minute_is_still_connected(kind, behind, visitor):
    room = behind(kind)
    ada = visitor("Ada").join(room.address)
    time.sleep(70)
    assert not ada.dropped()
    ada.take_control()


@pytest.mark.parametrize("kind, strips", WAYS[:5])
def test_the_api_is_below_the_path_and_its_links_lead_through_the_proxy(kind, strips, behind, visitor):
    room = behind(kind, strips, **{**links.SETTINGS, "API_SECRET": SECRET})
    made = json.loads(ask(f"{room.address}api/v1/tokens", "POST", {"subject": "dr-1", "role": "clinician"}))
    assert made["link"].startswith(f"{room.address}#token=")
    ada = visitor("Ada")
    ada.enter(made["link"])
    ada.wait_for_picture()
    assert json.loads(ask(f"{room.address}healthz"))


def test_the_path_without_its_slash_leads_to_the_page(behind, visitor):
    for kind in ("nginx", "haproxy"):
        room = behind(kind, strips=False)
        ada = visitor("Ada")
        ada.tab.goto(room.address.rstrip("/"))
        assert ada.ask("location.href") == room.address


def test_rooms_below_two_paths_of_one_origin_know_nothing_of_each_other(open_room, folder, desk, visitor):
    port, ports = free_tcp_port(), [free_tcp_port(), free_tcp_port()]
    paths = ["/s/1/", "/s/2/"]
    proxy = nginx(folder, port, "".join(map(nginx_location, ports, (True, False), paths)))
    try:
        rooms = [
            open_room(desk, HTTP_PROXIES="127.0.0.1", HTTP_PORT=str(one), HTTP_BASE=f"https://{HOST}:{port}{path}")
            for one, path in zip(ports, paths, strict=True)
        ]
        ada = visitor("Ada").join(rooms[0].address)
        first = ada.ask("({ ...localStorage, ...sessionStorage })")
        ada.tab.goto(rooms[1].address)
        # Nobody is known in the second room, which asks for a name.
        eventually(lambda: ada.ask("document.getElementById('name')?.checkVisibility()"), what="a form")
        assert ada.ask("document.getElementById('name').value") == ""
        ada.enter(rooms[1].address)
        ada.wait_for_picture()
        both = ada.ask("({ ...localStorage, ...sessionStorage })")
        identity = {key: value for key, value in first.items() if key.endswith(" /s/1/")}
        assert {key.removesuffix(" /s/1/") for key in identity} >= {
            "deskroom browser", "deskroom name", "deskroom resume",
        }
        other = {key.removesuffix(" /s/2/"): value for key, value in both.items() if key.endswith(" /s/2/")}
        assert other["deskroom browser"] != identity["deskroom browser /s/1/"]
        assert other["deskroom resume"] != identity["deskroom resume /s/1/"]
        # Back in the first room they are who they were.
        ada.tab.goto(rooms[0].address)
        ada.wait_for_picture()
    finally:
        proxy.stop()


def test_plain_http_on_an_address_of_its_own_is_for_the_proxy_alone(open_room, folder, desk, visitor):
    port, room_port = free_tcp_port(), free_tcp_port()
    # 127.0.0.2 is for the room an address like any other; connections come from 127.0.0.1 or 127.0.0.9.
    location = nginx_location(room_port, True).replace("http://127.0.0.1", "http://127.0.0.2")
    proxy = nginx(folder, port, location + "proxy_bind 127.0.0.9;")
    settings = {"HTTP_HOST": "127.0.0.2", "HTTP_TLS": "off", "MEDIA_ADDRESSES": "127.0.0.1", "HTTP_PORT": str(room_port)}
    try:
        room = open_room(desk, HTTP_PROXIES="127.0.0.9", HTTP_BASE=f"https://{HOST}:{port}/s/42/", **settings)
        ada = visitor("Ada").join(room.address)
        assert ada.ask("isSecureContext")
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(f"http://127.0.0.2:{room_port}/", timeout=30)
        assert error.value.code == 403 and b"HTTPS" in error.value.read()
        assert urllib.request.urlopen(f"http://127.0.0.2:{room_port}/healthz", timeout=30).status == 200
    finally:
        proxy.stop()


def test_without_being_told_of_the_proxy_page_and_log_say_what_to_set(open_room, folder, desk, visitor):
    port, room_port = free_tcp_port(), free_tcp_port()
    proxy = nginx(folder, port, nginx_location(room_port, True))
    try:
        room = open_room(desk, HTTP_PORT=str(room_port))
        ada = visitor("Ada")
        ada.tab.goto(f"https://{HOST}:{port}/s/42/")
        ada.click_element("name")
        ada.type("Ada\n")
        eventually(lambda: "DESKROOM_HTTP_BASE" in room.log(100_000), what="the log says what to set")
    finally:
        proxy.stop()
