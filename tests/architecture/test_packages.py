"""Packages: pinned with hashes, from nowhere in particular, and each with a reason."""

from __future__ import annotations

import re
import tomllib

import pytest

from portal.config import ROOT

LOCKS = ["requirements.txt", "requirements-dev.txt"]
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def _requirements(lock: str) -> list[str]:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_to_one_version_by_hash(lock: str) -> None:
    for line in _requirements(lock):
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^\s;]+", line), line
        assert "--hash=sha256:" in line, line


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_file_names_a_registry(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert (
        re.search(r"https?://|--index-url|--extra-index-url|--find-links|--trusted-host|^-i ", text) is None
    )


def test_what_runs_is_what_is_tested() -> None:
    def pins(lock: str) -> dict[str, str]:
        heads = [line.split(" ")[0].split(";")[0] for line in _requirements(lock)]
        return dict(head.split("==") for head in heads)

    tested = pins("requirements-dev.txt")
    assert {name: tested.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")


def test_every_package_the_portal_needs_says_why() -> None:
    block = PROJECT.split("dependencies = [", 1)[1].split("\n]", 1)[0]
    lines = [line for line in block.splitlines() if line.strip()]
    needed = tomllib.loads(PROJECT)["project"]["dependencies"]
    assert len(lines) == len(needed)
    assert [line for line in lines if not re.search(r"#\s+\S{3,}.*", line)] == []


def test_every_package_the_portal_needs_is_locked() -> None:
    locked = {re.split(r"[\[=]", line)[0] for line in _requirements("requirements.txt")}
    needed = tomllib.loads(PROJECT)["project"]["dependencies"]
    assert {re.split(r"[\[>=]", one)[0] for one in needed} <= locked
