"""The gallery renders every component, in both languages, without an account."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal.config import ROOT

COMPONENTS = sorted((ROOT / "portal" / "templates" / "components").glob("*.html"))


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_the_gallery_opens_in_both_languages(sqlite_app: Flask, locale: str) -> None:
    client = sqlite_app.test_client()
    client.post("/preferences", data={"locale": locale, "next": "/patterns/"})
    page = client.get("/patterns/")
    assert page.status_code == 200
    assert f'lang="{"en" if locale == "en" else "zh-Hans"}"' in page.text


def test_the_gallery_shows_every_component(sqlite_app: Flask) -> None:
    gallery = (ROOT / "portal/blueprints/patterns/templates/patterns/index.html").read_text("utf-8")
    used = set(re.findall(r"'components/(\w+)\.html'", gallery))
    shared = {
        "chart_parts",
        "words",
        "headline",
        "record",
        "icon",
        "search",
        "segmented",
    }  # parts of other components and of room pages
    missing = {path.stem for path in COMPONENTS} - used - shared
    assert not missing
    assert sqlite_app.test_client().get("/patterns/").status_code == 200
