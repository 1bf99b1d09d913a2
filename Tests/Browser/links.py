"""Links to a room, as a clinic's back end makes them: join tokens (docs/access.md) signed with a secret."""

import base64
import hashlib
import hmac
import json
import time

SECRET = "0123456789abcdef0123456789abcdef"
# A room that asks for links which are signed with it, and in which nobody waits.
SETTINGS = {"ACCESS_OPEN": "", "ACCESS_SECRET": SECRET, "ROOM_NAME": "room-1", "ROOM_WAITING": "none"}


def encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def token(subject="client-1", role="client", secret=SECRET, header=None, **claims):
    """A token for an hour; a claim of None is left out."""
    claims = {"room": "room-1", "sub": subject, "role": role, "exp": int(time.time()) + 3600, **claims}
    claims = {name: value for name, value in claims.items() if value is not None}
    parts = [header or {"alg": "HS256", "typ": "JWT"}, claims]
    content = ".".join(encoded(json.dumps(part).encode()) for part in parts)
    signature = b"" if secret is None else hmac.digest(secret.encode(), content.encode(), hashlib.sha256)
    return f"{content}.{encoded(signature)}"


def link(room, *arguments, **claims):
    return f"{room.address}#token={token(*arguments, **claims)}"
