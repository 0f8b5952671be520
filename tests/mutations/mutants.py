"""Mutants of the sources: each takes one guard, rule or filter away. Found by reading the code, not listed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.config import ROOT

ORM = ROOT / "portal/tenancy/walls/orm.py"
PROPERTY = "tests/tenancy/test_property.py"


@dataclass(frozen=True)
class Mutant:
    """One change of one file, and the tests of which one at least must go red."""

    name: str
    path: Path
    source: str
    tests: tuple[str, ...]
    chosen: str = ""
    """pytest's -k."""


def _rewritten(path: Path, pick: Callable[[ast.AST], bool], change: Callable[[ast.AST], ast.AST]) -> Iterator[
    tuple[int, str]
]:  # fmt: skip
    """The source once for every node that `pick` chooses, with that node changed."""
    source = path.read_text(encoding="utf-8")
    number = sum(pick(node) for node in ast.walk(ast.parse(source)))
    for chosen in range(number):
        tree = ast.parse(source)
        node = [one for one in ast.walk(tree) if pick(one)][chosen]
        line = getattr(node, "lineno", 0)

        class Swap(ast.NodeTransformer):
            def visit(self, one: ast.AST, node: ast.AST = node) -> ast.AST:
                return change(one) if one is node else self.generic_visit(one)

        yield line, ast.unparse(ast.fix_missing_locations(Swap().visit(tree)))


def _calls(name: str) -> Callable[[ast.AST], bool]:
    return lambda node: isinstance(node, ast.Call) and ast.unparse(node.func) == name


def orm_criteria() -> Iterator[Mutant]:
    """Each criterion of the ORM wall lets everything through."""

    def open_it(node: ast.AST) -> ast.AST:
        node.args[1] = ast.parse("lambda cls: __import__('sqlalchemy').true()", mode="eval").body
        return node

    for line, source in _rewritten(ORM, _calls("_criteria"), open_it):
        yield Mutant(
            f"orm criterion {line}", ORM, source, (PROPERTY, "tests/tenancy/test_reads.py"), "sqlite"
        )


def orm_guards() -> Iterator[Mutant]:
    """Each refusal of the ORM wall (`raise ScopeError`, `return False`) does nothing."""

    def pick(node: ast.AST) -> bool:
        return isinstance(node, ast.If) and len(node.body) == 1 and ast.unparse(node.body[0]) in REFUSES

    refusals = {
        ast.unparse(node) for node in ast.walk(ast.parse(ORM.read_text())) if isinstance(node, ast.Raise)
    }
    REFUSES = {"return False", *refusals}

    def skip(node: ast.AST) -> ast.AST:
        node.test = ast.Constant(False)
        return node

    for line, source in _rewritten(ORM, pick, skip):
        tests = ("tests/tenancy/test_writes.py", "tests/tenancy/test_class_teachers.py", PROPERTY)
        yield Mutant(f"orm guard {line}", ORM, source, tests, "sqlite")


def open_views() -> Iterator[Mutant]:
    """Each view is open to everybody."""
    for path in sorted((ROOT / "portal/blueprints").rglob("*views*.py")):

        def public(node: ast.AST) -> ast.AST:
            return ast.parse("__import__('portal.web.guards').web.guards.public('mutant')", mode="eval").body

        for line, source in _rewritten(path, _calls("requires"), public):
            name = f"{path.parent.name}/{path.name} {line} public"
            yield Mutant(name, path, source, ("tests/architecture/test_routes.py",))


def silent_verbs() -> Iterator[Mutant]:
    """Each `actor.require` of the services is left out."""
    for path in sorted((ROOT / "portal/services").rglob("*.py")):
        for line, source in _rewritten(path, _calls("actor.require"), lambda node: ast.Constant(None)):
            name = f"{path.relative_to(ROOT / 'portal/services')} {line} without require"
            room = f"tests/{path.relative_to(ROOT / 'portal/services').parts[0].removesuffix('.py')}"
            tests = ("tests/permissions/test_verbs.py", *([room] if (ROOT / room).is_dir() else []))
            yield Mutant(name, path, source, tests)


FAMILIES: dict[str, Callable[[], Iterator[Mutant]]] = {
    "criteria of the ORM wall": orm_criteria,
    "guards of the ORM wall": orm_guards,
    "views without a guard": open_views,
    "verbs that do not ask": silent_verbs,
}
