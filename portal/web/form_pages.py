"""A page with one form: its step in the breadcrumbs, and 400 once something in it was wrong."""

from __future__ import annotations

from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from portal.web.forms import PortalForm
from portal.web.navigation import trail

Answer = str | Response | tuple[str, int]


def form_page(template: str, form: PortalForm, title: str, **values: Any) -> tuple[str, int]:
    """The page; `title` is its last breadcrumb too."""
    trail(title)
    status = 400 if form.errors else 200
    return render_template(f"{template}.html", form=form, title=title, **values), status
