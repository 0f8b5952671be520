"""Each guard, rule and filter of the sources taken away in turn: at least one test goes red (T38)."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.config import ROOT
from tests.mutations.families import FAMILIES
from tests.mutations.mutants import Mutant

PARTS = ("portal", "tests", "migrations", "translations", "docs", "samples", "deploy")
GREEN, RED, NOTHING_CHOSEN = 0, 1, 5
PATIENCE = 900
"""Seconds for one run of pytest."""

MUTANTS = [one for family in FAMILIES.values() for one in family()]


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project to break."""
    there = tmp_path_factory.mktemp("mutant")
    for part in PARTS:
        shutil.copytree(
            ROOT / part, there / part, ignore=shutil.ignore_patterns("__pycache__", "screenshots")
        )
    for file in [*ROOT.glob("*.toml"), *ROOT.glob("*.py"), *ROOT.glob("*.cfg"), *ROOT.glob("*.md"),
                 ROOT / "Makefile", ROOT / ".env.example"]:  # fmt: skip
        shutil.copy(file, there / file.name)
    return there


@pytest.fixture
def broken(copied: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The copy with one mutant in it."""
    mutant: Mutant = request.param
    file = copied / mutant.path.relative_to(ROOT)
    sound = file.read_text(encoding="utf-8")
    _write(file, mutant.source())
    yield copied
    _write(file, sound)


def _write(file: Path, source: str) -> None:
    """Python tells a stale compiled file by size and second, which is too coarse here: it is removed."""
    file.write_text(source, encoding="utf-8")
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()


def _ask(where: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    left = ("PYTHONPATH", "PYTEST_ADDOPTS", "DATABASE_URL", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if name not in left}
    return subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("broken", "mutant"), [(m, m) for m in MUTANTS], indirect=["broken"], ids=[m.name for m in MUTANTS]
)
def test_a_missing_guard_is_noticed(broken: Path, mutant: Mutant) -> None:
    said = []
    for tests in mutant.tests:
        ran = _ask(broken, tests)
        assert ran.returncode in (GREEN, RED, NOTHING_CHOSEN), (
            f"{mutant.name} does not run\n{ran.stdout[-3000:]}"
        )
        if ran.returncode == RED:
            return
        said.append(f"{' '.join(tests)}: {ran.stdout[-300:]}")
    pytest.fail(f"{mutant.name} lives\n" + "\n".join(said))


@pytest.mark.long
def test_without_a_mutant_the_same_tests_are_green(copied: Path) -> None:
    """A red test would prove nothing if it were red for the writing alone, without comments and breaks."""
    sound = {}
    for path in sorted({mutant.path for mutant in MUTANTS}):
        file = copied / path.relative_to(ROOT)
        sound[file] = file.read_text(encoding="utf-8")
        _write(file, ast.unparse(ast.parse(sound[file])))
    try:
        for tests in dict.fromkeys(tests for mutant in MUTANTS for tests in mutant.tests):
            ran = _ask(copied, tests)
            assert ran.returncode in (GREEN, NOTHING_CHOSEN), f"{' '.join(tests)}\n{ran.stdout[-3000:]}"
    finally:
        for file, source in sound.items():
            _write(file, source)


def test_there_are_mutants_of_every_kind_and_no_name_twice() -> None:
    assert all(list(family()) for family in FAMILIES.values())
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
