"""The plumbing the front rooms share: sign-in, guards, transaction, errors, headers, language, forms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import Babel
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.config import ROOT, Settings
from portal.web import context, cookies, errors, filters, headers, held_forms, locale, searching, sign_in

COOKIE_LIFE = timedelta(days=7)
"""How long a cookie is still read. The session's row ends it much earlier; the longer life of the cookie is
what proves that a form left open over the weekend is the reader's own, so that it can be kept for her."""


def flask_config(settings: Settings) -> dict[str, Any]:
    """Flask's own settings, derived from ours."""
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.SECRET_KEY,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings),
        "BABEL_DEFAULT_LOCALE": settings.PORTAL_LOCALE,
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.PORTAL_HTTPS,
        "SESSION_COOKIE_NAME": "portal",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": COOKIE_LIFE,
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 24 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "JSON_AS_ASCII": False,
    }


def _engine_options(settings: Settings) -> dict[str, Any]:
    """A small pool; on PostgreSQL a connection is nobody until a transaction takes a role (tenancy/walls).

    An error keeps the values of its statement to itself: they are names and numbers, and errors end in logs.
    """
    quiet: dict[str, Any] = {"hide_parameters": True}
    if settings.database_url == "sqlite://":
        return quiet  # a database in memory has one connection
    pool = quiet | {"pool_size": 5, "max_overflow": 5}
    if not settings.database_url.startswith("postgresql"):
        return pool
    return pool | {"connect_args": {"options": "-c role=portal_nobody"}}


def init_app(app: Flask, babel: Babel) -> None:
    """Put the plumbing in. Order matters only where said."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.session_interface = cookies.HostCookie()
    if proxies := app.config["SETTINGS"].PORTAL_PROXIES:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]
    babel.init_app(app, locale_selector=locale.reader_locale)
    sign_in.init_app(app)  # before the guards ask who is there
    held_forms.init_app(app)
    searching.init_app(app)
    context.init_app(app)
    filters.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
