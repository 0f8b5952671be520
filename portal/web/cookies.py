"""The session cookie: readable to the portal alone, and wherever the site runs on HTTPS bound to the host."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, request
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature

from portal.errors import SealBroken
from portal.tenancy.keys import keyring

_PURPOSE = "session cookie"


class SealedCookie:
    """What lies in the cookie, encrypted: messages and one-time codes pass through it, and cookies lie about."""

    _json = TaggedJSONSerializer()

    def dumps(self, value: Any) -> str:
        """The cookie's value, with the time at which it was written."""
        return keyring.wrap(f"{int(time.time())}|{self._json.dumps(value)}".encode(), purpose=_PURPOSE)

    def loads(self, word: str, max_age: int) -> Any:
        """What was written at most `max_age` seconds ago. Raises BadSignature for anything else."""
        try:
            written, _bar, text = keyring.unwrap(word, purpose=_PURPOSE).decode().partition("|")
        except SealBroken as broken:
            raise BadSignature(str(broken)) from None
        if time.time() - int(written) > max_age:
            raise BadSignature("the cookie is too old")
        return self._json.loads(text)


class HostCookie(SecureCookieSessionInterface):
    """`__Host-portal` on HTTPS, `portal` where there is none (demo, development).

    A browser takes a `__Host-` cookie only if it is Secure, has no domain and the path `/`: no sister
    site and nobody on the line can plant one.
    """

    def get_signing_serializer(self, app: Flask) -> SealedCookie:  # type: ignore[override]
        return SealedCookie()

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure or super().get_cookie_secure(app)

    def get_cookie_name(self, app: Flask) -> str:
        name = super().get_cookie_name(app)
        return f"__Host-{name}" if self.get_cookie_secure(app) else name
