"""The session cookie: wherever the site runs on HTTPS it is Secure and bound to the host by its name."""

from __future__ import annotations

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface


class HostCookie(SecureCookieSessionInterface):
    """`__Host-portal` on HTTPS, `portal` where there is none (demo, development).

    A browser takes a `__Host-` cookie only if it is Secure, has no domain and the path `/`: no sister
    site and nobody on the line can plant one.
    """

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure or super().get_cookie_secure(app)

    def get_cookie_name(self, app: Flask) -> str:
        name = super().get_cookie_name(app)
        return f"__Host-{name}" if self.get_cookie_secure(app) else name
