"""The floors and rooms of the house: imports, door plates, sizes."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Blueprint

from portal.blueprints import rooms
from portal.config import ROOT
from tests.architecture.sources import PORTAL, ROOMS, TESTS, functions, length, name

WALL = 400
"""Lines of a module."""
VIEW = 15
"""Lines of a view."""


def test_the_import_contracts_are_kept() -> None:
    lint = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_has_a_door_plate_a_blueprint_and_its_own_shelf(room: Path) -> None:
    module = importlib.import_module(f"portal.blueprints.{room.name}")
    plate = (module.__doc__ or "").strip()
    assert plate.endswith("."), "a door plate is a sentence"
    assert ":" in plate.splitlines()[0], "a door plate names the room, then says what it is for"
    assert isinstance(module.bp, Blueprint)
    assert module.bp.name == room.name
    assert (room / "views.py").exists()
    shelf = room / "templates"
    strays = [name(path) for path in shelf.rglob("*.html") if path.parent != shelf / room.name]
    assert strays == [], "two rooms with the same template name shadow each other"


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_has_tests_under_its_own_name(room: Path) -> None:
    assert list((ROOT / "tests" / room.name).glob("test_*.py")), f"tests/{room.name} is empty"


def test_every_room_is_opened() -> None:
    assert {room.name for room in rooms()} == {path.name for path in ROOMS}


def test_every_module_says_what_it_is() -> None:
    silent = [name(path) for path in PORTAL if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_a_module_is_readable_in_one_sitting() -> None:
    sizes = {name(path): len(path.read_text().splitlines()) for path in PORTAL + TESTS}
    assert {path: size for path, size in sizes.items() if size > WALL} == {}


def test_a_view_is_short() -> None:
    views = [path for path in PORTAL if path.name == "views.py"]
    routed = [(path, one) for path in views for one in functions(path) if one.decorator_list]
    sizes = {f"{name(path)}: {one.name}": length(one) for path, one in routed}
    assert len(sizes) > 20
    assert {view: size for view, size in sizes.items() if size > VIEW} == {}


def test_nothing_is_imported_from_the_package_root() -> None:
    root = ast.parse((ROOT / "portal" / "__init__.py").read_text())
    assert [type(node) for node in root.body] == [ast.Expr]


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "misc"])
def test_no_module_is_a_drawer_for_everything(word: str) -> None:
    assert [name(path) for path in PORTAL if word in (path.stem, path.parent.name)] == []


SECRETS = {
    "Credential",
    "HalfSession",
    "HeldForm",
    "LoginSession",
    "RecoveryCode",
    "SignInFailure",
    "Throttle",
}


def test_what_accounts_prove_themselves_with_is_read_in_one_place() -> None:
    asking = {
        name(path)
        for path in PORTAL
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "portal.models.accounts"
        for alias in node.names
        if alias.name in SECRETS
    }
    assert {path for path in asking if not path.startswith("portal/services/accounts/")} == {
        "portal/cli/seed/__init__.py",  # the list of demo logins
        "portal/cli/seed/accounts.py",
    }
