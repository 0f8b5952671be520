"""Each guard, rule, filter and hook of the walls taken away in turn: at least one test goes red (T38)."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from tests.mutations.conftest import Copy
from tests.mutations.families import WALLED
from tests.mutations.mutants import Mutant

MUTANTS = [one for family in WALLED for one in family()]


@pytest.mark.long
@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_a_missing_guard_is_noticed(mutant: Mutant, is_noticed: Callable[[Mutant], bool]) -> None:
    assert is_noticed(mutant), f"{mutant.name} lives"


@pytest.mark.long
def test_without_a_mutant_the_same_tests_are_green(copied: Copy) -> None:
    """A red test would prove nothing if it were red for the writing alone, without comments and breaks."""
    sources = {mutant.path: mutant.path.read_text(encoding="utf-8") for mutant in MUTANTS}
    try:
        for path, source in sources.items():
            copied.write(path, ast.unparse(ast.parse(source)))
        assert not copied.goes_red(
            tuple(dict.fromkeys(tests for mutant in MUTANTS for tests in mutant.tests))
        )
    finally:
        for path, source in sources.items():
            copied.write(path, source)


def test_there_are_mutants_of_every_kind_and_no_name_twice() -> None:
    assert all(list(family()) for family in WALLED)
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
