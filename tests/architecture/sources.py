"""The source files of the house, for the tests that read them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from portal.config import ROOT

PORTAL = sorted((ROOT / "portal").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "portal").rglob("*.html"))
ROOMS = sorted(path.parent for path in (ROOT / "portal" / "blueprints").glob("*/__init__.py"))


def name(path: Path) -> str:
    """The path as written in lists and messages."""
    return path.relative_to(ROOT).as_posix()


def calls(path: Path) -> Iterator[ast.Call]:
    """Every call in a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    """The last word of what is called: `text` of sqlalchemy.text(…)."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def first_argument(call: ast.Call) -> str:
    """The first argument as source."""
    argument = call.args[0] if call.args else None
    return (
        str(argument.value)
        if isinstance(argument, ast.Constant)
        else ast.unparse(argument)
        if argument
        else ""
    )


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Every function of a module, methods included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def length(function: ast.FunctionDef) -> int:
    """Lines of a function from `def` to its end, decorators left out."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def html(path: Path) -> str:
    """A template without its Jinja comments."""
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
