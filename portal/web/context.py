"""What every template finds: the actor, the way round, the language, hashed asset addresses."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale

from portal.config import LOCALES, ROOT, today
from portal.tenancy.permissions import Permission
from portal.web.locale import reader_theme
from portal.web.navigation import breadcrumbs, navigation


def init_app(app: Flask) -> None:
    """Give templates their globals and the per-request values."""
    app.context_processor(_values)
    app.jinja_env.globals.update(asset=asset, can=_can, Permission=Permission, LOCALES=LOCALES)


def _values() -> dict[str, Any]:
    actor = g.get("actor")
    locale = str(get_locale() or "zh_Hans_CN")
    return {
        "actor": _shown(actor) if actor else None,
        "switchable": _switchable(actor) if actor else [],
        "navigation": navigation(actor) if actor else [],
        "breadcrumbs": breadcrumbs(actor) if actor else [],
        "today": today(),
        "locale": locale,
        "html_lang": "en" if locale == "en" else "zh-Hans",
        "theme": reader_theme(),
        "density": "tap" if actor and actor.is_volunteer else "clerk",
        "ask_whom": g.get("ask_whom"),
        "here": request.full_path.rstrip("?") if request.method == "GET" else url_for("home.index"),
        "demo": current_app.config["SETTINGS"].PORTAL_DEMO,
    }


def _shown(actor: Any) -> dict[str, Any]:
    return {
        "name": actor.name,
        "role_label": actor.role.label if not actor.department else actor.department.label,
        "unit_name": actor.unit.name,
        "unit_code": actor.unit.code,
        "parent_name": actor.unit.parent_name,
        "is_volunteer": actor.is_volunteer,
    }


def _switchable(actor: Any) -> list[dict[str, Any]]:
    return [
        {"id": str(key), "role_label": role.label, "unit_name": unit.name, "is_acting": False}
        for key, role, unit in actor.switchable
    ]


def _can(permission: Permission, at: Any = None) -> bool:
    """Whether a link is worth showing; the service decides again."""
    return bool(g.actor and g.actor.can(permission, at))


@lru_cache(maxsize=128)
def _digest(name: str, modified: float) -> str:
    return hashlib.sha256((ROOT / "portal" / "static" / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a static file with its content's hash, so that browsers may keep it for ever."""
    path = ROOT / "portal" / "static" / name
    return url_for("static", filename=name, v=_digest(name, path.stat().st_mtime))
