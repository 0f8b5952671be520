"""Static files: vendored ones unchanged, all of them our own to serve."""

from __future__ import annotations

import hashlib
import re
import tomllib

from portal.config import ROOT
from tests.architecture.sources import TEMPLATES, html, name

STATIC = ROOT / "portal" / "static"
VENDOR = STATIC / "vendor"
LISTED = tomllib.loads((VENDOR / "VENDORED.toml").read_text(encoding="utf-8"))["file"]


def test_every_vendored_file_is_as_it_came() -> None:
    found = {one["path"]: hashlib.sha256((VENDOR / one["path"]).read_bytes()).hexdigest() for one in LISTED}
    assert found == {one["path"]: one["sha256"] for one in LISTED}


def test_every_vendored_file_is_listed_with_version_and_licence() -> None:
    there = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert there - {"VENDORED.toml"} == {one["path"] for one in LISTED}
    for one in LISTED:
        assert one["version"] in one["path"].split("/")[0], "the version stands in the folder's name"
        assert one["licence"]


def test_no_style_sheet_or_script_loads_from_elsewhere() -> None:
    elsewhere = re.compile(r"""(url\(|@import|from|import)\s*\(?["']?\s*(https?:)?//""")
    own = [path for kind in ("*.css", "*.js") for path in STATIC.rglob(kind) if VENDOR not in path.parents]
    assert [name(path) for path in own if elsewhere.search(path.read_text(encoding="utf-8"))] == []


def test_every_asset_a_template_names_is_there() -> None:
    named = {
        (name(path), asset) for path in TEMPLATES for asset in re.findall(r"asset\('([^'~]+)'\)", html(path))
    }
    assert len(named) > 5
    assert [(page, asset) for page, asset in named if not (STATIC / asset).is_file()] == []


MARKUP_FROM_TEXT = {
    "portal/static/js/poll.js": "swaps a part of the page for the same part, escaped by the server"
}


def test_no_script_makes_code_or_markup_of_text() -> None:
    evil = re.compile(r"\beval\(|new Function\(|innerHTML\s*=[^=]|document\.write|insertAdjacentHTML")
    scripts = [path for path in STATIC.rglob("*.js") if VENDOR not in path.parents]
    found = {name(path) for path in scripts if evil.search(path.read_text(encoding="utf-8"))}
    assert found == set(MARKUP_FROM_TEXT)


def test_every_icon_a_page_names_is_in_the_sheet() -> None:
    sheet = (VENDOR / "bootstrap-icons-1.13.2" / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol[^>]* id="([^"]+)"', sheet)) or set(re.findall(r'id="([^"]+)"', sheet))
    words = r"""icon='([a-z0-9-]+)'|todo_row\('([a-z0-9-]+)'"""
    named = {a or b for path in TEMPLATES for a, b in re.findall(words, html(path))}
    rail = (ROOT / "portal" / "web" / "navigation.py").read_text(encoding="utf-8")
    named |= set(re.findall(r'_item\(_\("[^"]+"\), "([a-z-]+)"', rail))
    assert len(named) > 20
    assert named - drawn == set()
