"""The kinds of mutants, and which tests could notice each. A new view, verb, table or guard is found by itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from portal.config import ROOT
from tests.mutations.mutants import (
    Mutant,
    Pick,
    Tests,
    answering,
    calls,
    deaf,
    inside,
    instead,
    listeners,
    mutants,
    never,
    nothing,
    refusals,
    verdicts,
    with_argument,
)

PORTAL = ROOT / "portal"
WALLS = PORTAL / "tenancy/walls"
TRUE = "__import__('sqlalchemy').true()"

ON_SQLITE = ("-k", "not postgresql")
"""What Python decides is decided alike on both engines: one is enough to notice."""

PROPERTY = "tests/tenancy/test_property.py"
_QUICK = tuple(
    f"tests/tenancy/test_{name}.py"
    for name in ("reads", "class_teachers", "volunteers", "between_units", "writes", "leaks")
)
_TENANCY = ("tests/tenancy", f"--ignore={PROPERTY}", "--ignore=tests/tenancy/test_catalogue.py")
OF_A_WALL: Tests = ((*_QUICK, *ON_SQLITE), (PROPERTY, *ON_SQLITE), (*_TENANCY, *ON_SQLITE))
OF_POSTGRESQL: Tests = (
    ("tests/tenancy/test_catalogue.py",),
    (*_TENANCY, "-k", "postgresql"),
    (PROPERTY, "-k", "postgresql"),
)
OF_BOTH_DATABASES: Tests = (*OF_A_WALL, *OF_POSTGRESQL)
OF_A_GUARD: Tests = (
    ("tests/permissions/test_actor.py", "tests/architecture/test_routes.py"),
    ("tests/permissions", *ON_SQLITE),
    ("tests/accounts", *ON_SQLITE),
)


# ---- the wall of the ORM -------------------------------------------------------------------------------


SEES = re.compile(r"seen_by_\w+|about_pupils|_nothing|_county|_township|_unit|_class|_volunteer")
"""The functions that say what a reader sees."""
CUTTING = (PORTAL / "tenancy/sight.py", PORTAL / "tenancy/scoped.py", WALLS / "orm.py")


def criteria() -> Iterator[Mutant]:
    """Each answer to what a reader sees is: everything."""

    def change(node: ast.AST) -> ast.AST:
        cuts = isinstance(node.value, ast.Lambda)
        node.value = ast.parse(f"lambda cls: {TRUE}" if cuts else TRUE, mode="eval").body
        return node

    for path in CUTTING:
        yield from mutants(path, "everything", inside(path, SEES, ast.Return), change, OF_A_WALL)


def conditions() -> Iterator[Mutant]:
    """Each condition of a query that decides what is seen is left out, alone."""
    for path in CUTTING:
        calls_there = inside(path, SEES, ast.Call)
        for place in range(6):

            def pick(node: ast.AST, place: int = place, there: Pick = calls_there) -> bool:
                is_filter = there(node) and ast.unparse(node.func).endswith((".where", "and_"))
                return is_filter and len(node.args) > max(1, place)

            yield from mutants(
                path, f"without condition {place}", pick, with_argument(place, TRUE), OF_A_WALL
            )


OPENS = {"_is_rekeyed": False}
"""Verdicts of which yes is the stricter."""


def judges() -> Iterator[Mutant]:
    """Each function that says whether something may be done lets it be done."""
    for path, tests in ((WALLS / "orm.py", OF_A_WALL), (PORTAL / "tenancy/actor.py", OF_A_GUARD)):
        for name in sorted(
            node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if verdicts(node)
        ):

            def pick(node: ast.AST, name: str = name) -> bool:
                return verdicts(node) and node.name == name

            yield from mutants(path, f"{name} lets it be", pick, answering(OPENS.get(name, True)), tests)


# ---- both walls ----------------------------------------------------------------------------------------

GUARDED: dict[str, Tests] = {
    "tenancy/walls/orm.py": OF_A_WALL,
    "tenancy/walls/context.py": OF_A_WALL,
    "tenancy/scope.py": OF_A_WALL,
    "tenancy/actor.py": OF_A_GUARD,
    "web/guards.py": OF_A_GUARD,
}


def guards() -> Iterator[Mutant]:
    """Each refusal does nothing."""
    for name, tests in GUARDED.items():
        yield from mutants(PORTAL / name, "does not refuse", refusals, never, tests)


def hooks() -> Iterator[Mutant]:
    """Each listener at which a wall stands is deaf."""
    for name, tests in (("orm", OF_A_WALL), ("context", OF_BOTH_DATABASES)):
        yield from mutants(WALLS / f"{name}.py", "deaf", listeners, deaf, tests)


# ---- the walls of the databases ------------------------------------------------------------------------

_COMPARED = re.compile(r"(?:=|<=|<>|>) \{(?:scope|county|day|membership)\}")


def rules() -> Iterator[Mutant]:
    """Each comparison in the rules that both databases are built from is left out, alone."""
    path = WALLS / "fences.py"
    for place in range(6):

        def pick(node: ast.AST, place: int = place) -> bool:
            is_rule = (
                isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value
            )
            return is_rule and len(_COMPARED.findall(node.value)) > place

        def change(node: ast.AST, place: int = place) -> ast.AST:
            found = list(_COMPARED.finditer(node.value))[place]
            return ast.Constant(f"{node.value[: found.start()]}IS NOT NULL{node.value[found.end() :]}")

        yield from mutants(path, f"without comparison {place}", pick, change, OF_A_WALL)


_SAID = {
    "append_only": "False",
    "kept_by_triggers": "False",
    "volunteer_columns": "None",
    "teacher_sees": "Sight.COUNTY",
}


def declarations() -> Iterator[Mutant]:
    """Each limit that a table declares for itself is left out."""

    def pick(node: ast.AST) -> bool:
        return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in _SAID

    def change(node: ast.AST) -> ast.AST:
        node.value = ast.parse(_SAID[ast.unparse(node.targets[0])], mode="eval").body
        return node

    def sees(node: ast.AST) -> bool:
        return isinstance(node, ast.FunctionDef) and node.name == "volunteer_sees"

    def all_of_it(node: ast.AST) -> ast.AST:
        node.body = [ast.Return(ast.parse(TRUE, mode="eval").body)]
        return node

    for path in sorted((PORTAL / "models").rglob("*.py")):
        tests = (("tests/tenancy/test_catalogue.py", *ON_SQLITE), *OF_A_WALL, *in_rooms(path))
        yield from mutants(path, "not declared", pick, change, tests)
        yield from mutants(path, "seen by every volunteer", sees, all_of_it, tests)


def statements() -> Iterator[Mutant]:
    """Each statement that builds the wall of PostgreSQL, and each step that binds or frees SQLite's, is left out."""

    def builds(node: ast.AST) -> bool:
        return isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield)

    steps = inside(WALLS / "sqlite.py", re.compile("enter|leave"), (ast.Expr, ast.Assign))

    def done(node: ast.AST) -> bool:
        return steps(node) and not isinstance(node.value, ast.Constant)

    yield from mutants(WALLS / "postgresql.py", "not built", builds, nothing, OF_POSTGRESQL)
    yield from mutants(WALLS / "sqlite.py", "not built", builds, nothing, OF_A_WALL)
    yield from mutants(WALLS / "sqlite.py", "not done", done, nothing, OF_A_WALL)


# ---- verbs ---------------------------------------------------------------------------------------------


def verbs() -> Iterator[Mutant]:
    """Each `actor.require` of the services is left out."""
    for path in sorted((PORTAL / "services").rglob("*.py")):
        tests: Tests = (("tests/permissions/test_verbs.py",), *in_rooms(path))
        yield from mutants(path, "without require", calls("actor.require"), instead("None"), tests)


def in_rooms(path: Path) -> Tests:
    """The tests of a room: its own folder, then every other test that names the module of the room."""
    room = path.relative_to(PORTAL).parts[1].removesuffix(".py")
    own = ROOT / "tests" / room
    named = re.compile(rf"\b(?:services|models)(?:\.{room}\b|\s+import[^\n]*\b{room}\b)")
    others = [
        name
        for name, text in _texts().items()
        if named.search(text) and not name.startswith(f"tests/{room}/")
    ]
    found = ([(f"tests/{room}",)] if own.is_dir() else []) + ([tuple(others)] if others else [])
    return tuple((*one, *ON_SQLITE) for one in found)


@lru_cache(maxsize=1)
def _texts() -> dict[str, str]:
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    names = {file: str(file.relative_to(ROOT)) for file in files}
    left = ("tests/mutations/", "tests/journeys/", "tests/jobs/")  # the last two need a browser and a Redis
    return {name: file.read_text("utf-8") for file, name in names.items() if not name.startswith(left)}


WALLED: tuple[Callable[[], Iterator[Mutant]], ...] = (
    criteria, conditions, judges, guards, hooks, rules, declarations, statements
)  # fmt: skip
"""Every kind but the verbs, which have a test of their own."""
