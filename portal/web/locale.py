"""The reader's language: what she chose on this device, else in her account, else the installation's."""

from __future__ import annotations

from flask import current_app, has_request_context, session
from flask_login import current_user

from portal.config import LOCALES


def reader_locale() -> str:
    """A locale of LOCALES, always."""
    default: str = current_app.config["SETTINGS"].PORTAL_LOCALE
    if not has_request_context():
        return default
    if session.get("locale") in LOCALES:
        return str(session["locale"])
    if current_user and current_user.is_authenticated and current_user.signed_in.locale in LOCALES:
        return str(current_user.signed_in.locale)
    return default


def reader_theme() -> str:
    """light, dark, or empty to follow the device."""
    chosen = session.get("theme")
    if chosen is None and current_user and current_user.is_authenticated:
        chosen = current_user.signed_in.theme
    return chosen if chosen in ("light", "dark") else ""
