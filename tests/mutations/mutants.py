"""Mutants of the sources: each takes one guard, rule or filter away. Found by reading the code, not listed."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.config import ROOT

Pick = Callable[[ast.AST], bool]
Change = Callable[[ast.AST], ast.AST | None]
Tests = tuple[tuple[str, ...], ...]
"""What pytest is asked, in turn, until a test goes red: the quickest that could notice comes first."""


@dataclass(frozen=True)
class Mutant:
    """One change of one file, and the tests of which one at least must go red."""

    name: str
    path: Path
    number: int
    """Which of the nodes that `pick` finds."""
    pick: Pick
    change: Change
    tests: Tests

    def source(self) -> str:
        """The file with the change in it."""
        tree = _tree(self.path)
        wanted = _picked(tree, self.pick)[self.number]
        return ast.unparse(ast.fix_missing_locations(_Swap(wanted, self.change).visit(tree)))


def mutants(path: Path, what: str, pick: Pick, change: Change, tests: Tests) -> Iterator[Mutant]:
    """A mutant for every node of the file that `pick` chooses, with that node changed."""
    where = path.relative_to(ROOT / "portal")
    for number, node in enumerate(_picked(_tree(path), pick)):
        name = f"{where} line {getattr(node, 'lineno', 0)} {what} ({number})"
        yield Mutant(name, path, number, pick, change, tests)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _picked(tree: ast.AST, pick: Pick) -> list[ast.AST]:
    return [node for node in ast.walk(tree) if pick(node)]


class _Swap(ast.NodeTransformer):
    """Changes one node and leaves the others alone."""

    def __init__(self, wanted: ast.AST, change: Change) -> None:
        self.wanted, self.change = wanted, change

    def visit(self, node: ast.AST) -> ast.AST | None:
        return self.change(node) if node is self.wanted else self.generic_visit(node)


# ---- what to pick --------------------------------------------------------------------------------------


def calls(name: str) -> Pick:
    """Calls of a function by the name as it is written."""
    return lambda node: isinstance(node, ast.Call) and ast.unparse(node.func) == name


def refusals(node: ast.AST) -> bool:
    """`if …: raise`, `if …: return False` and `if …: return <an answer that sends away>`."""
    if not isinstance(node, ast.If) or len(node.body) != 1:
        return False
    [does] = node.body
    if isinstance(does, ast.Return) and does.value is not None:
        return ast.unparse(does.value).startswith(("False", "abort(", "to_login(", "redirect("))
    return isinstance(does, ast.Raise)


def verdicts(node: ast.AST) -> bool:
    """Functions that answer yes or no."""
    return isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or ast.Constant("")) == "bool"


def listeners(node: ast.AST) -> bool:
    """Functions that stand at an event of the database or of a session."""
    return isinstance(node, ast.FunctionDef) and any(_listens(one) for one in node.decorator_list)


def _listens(decorator: ast.expr) -> bool:
    return ast.unparse(decorator).startswith("event.listens_for(")


def inside(path: Path, functions: re.Pattern[str], kind: type | tuple[type, ...]) -> Pick:
    """Nodes of a kind inside the functions of a file that have such names."""
    bodies = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.FunctionDef)]
    found = [
        (type(node), node.lineno, node.col_offset)
        for body in bodies
        if functions.fullmatch(body.name)
        for node in ast.walk(body)
        if isinstance(node, kind)
    ]
    return lambda node: isinstance(node, kind) and (type(node), node.lineno, node.col_offset) in found


# ---- how to change it ----------------------------------------------------------------------------------


def never(node: ast.AST) -> ast.AST:
    """The `if` is never taken."""
    assert isinstance(node, ast.If)
    node.test = ast.Constant(False)
    return node


def answering(value: bool) -> Change:
    """The function gives one answer whatever it is asked."""

    def change(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.FunctionDef)
        node.body = [ast.Return(ast.Constant(value))]
        return node

    return change


def deaf(node: ast.AST) -> ast.AST:
    """The listener is still a function, and nobody calls it."""
    assert isinstance(node, ast.FunctionDef)
    node.decorator_list = [one for one in node.decorator_list if not _listens(one)]
    return node


def instead(code: str) -> Change:
    """Another expression in its place."""
    return lambda _node: ast.parse(code, mode="eval").body


def with_argument(place: int, code: str) -> Change:
    """Another expression as one of its arguments."""

    def change(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Call)
        node.args[place] = ast.parse(code, mode="eval").body
        return node

    return change


def nothing(_node: ast.AST) -> ast.AST:
    """The statement does nothing."""
    return ast.Pass()
