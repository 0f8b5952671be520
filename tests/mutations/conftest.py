"""A copy of the project to break, and how its tests are asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.config import ROOT
from tests.mutations.mutants import Mutant, Tests

PARTS = ("portal", "tests", "migrations", "translations", "docs", "samples", "deploy")
GREEN, RED, NOTHING_CHOSEN = 0, 1, 5
PATIENCE = 900
"""Seconds for one run of pytest."""


class Copy:
    """The project in a directory of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        for part in PARTS:
            shutil.copytree(
                ROOT / part, place / part, ignore=shutil.ignore_patterns("__pycache__", "screenshots")
            )
        for file in [*ROOT.glob("*.toml"), *ROOT.glob("*.py"), *ROOT.glob("*.cfg"), *ROOT.glob("*.md"),
                     ROOT / "Makefile", ROOT / ".env.example"]:  # fmt: skip
            shutil.copy(file, place / file.name)

    def write(self, path: Path, source: str) -> None:
        """Put another source in place of a file of the project.

        Python tells a stale compiled file by size and second, which is too coarse here: it is removed.
        """
        file = self.place / path.relative_to(ROOT)
        file.write_text(source, encoding="utf-8")
        for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
            compiled.unlink()

    def goes_red(self, tests: Tests) -> bool:
        """Ask in turn until a test goes red. Fails where pytest itself does not run."""
        for chosen in tests:
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *chosen]
            left = ("PYTHONPATH", "PYTEST_ADDOPTS", "DATABASE_URL", "REDIS_URL")
            environment = {name: value for name, value in os.environ.items() if name not in left}
            ran = subprocess.run(
                command, cwd=self.place, env=environment, capture_output=True, text=True, timeout=PATIENCE
            )
            assert ran.returncode in (GREEN, RED, NOTHING_CHOSEN), "pytest did not run: see its output"
            if ran.returncode == RED:
                return True
        return False


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the project to break; one per test process."""
    return Copy(tmp_path_factory.mktemp("mutant") / "project")


@pytest.fixture
def is_noticed(copied: Copy) -> Callable[[Mutant], bool]:
    """Whether one test at least goes red while the mutant stands in the copy."""

    def noticed(mutant: Mutant) -> bool:
        try:
            copied.write(mutant.path, mutant.source())
            return copied.goes_red(mutant.tests)
        finally:
            copied.write(mutant.path, mutant.path.read_text(encoding="utf-8"))

    return noticed
