"""Each guard and filter of the sources taken away in turn: at least one test goes red (T38)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.config import ROOT
from tests.mutations.mutants import FAMILIES, Mutant

MUTANTS = [one for family in FAMILIES.values() for one in family()]
PARTS = ("portal", "tests", "migrations", "translations", "docs", "samples", "deploy")


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
    file.write_text(mutant.source, encoding="utf-8")
    yield copied
    file.write_text(sound, encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize(
    ("broken", "mutant"), [(m, m) for m in MUTANTS], indirect=["broken"], ids=[m.name for m in MUTANTS]
)
def test_a_missing_guard_is_noticed(broken: Path, mutant: Mutant) -> None:
    chosen = ["-k", mutant.chosen] if mutant.chosen else []
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *chosen, *mutant.tests]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(command, cwd=broken, env=environment, capture_output=True, text=True, timeout=900)
    assert ran.returncode == 1, f"{mutant.name} lives\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}"


def test_there_are_mutants_of_every_kind() -> None:
    assert all(list(family()) for family in FAMILIES.values())
