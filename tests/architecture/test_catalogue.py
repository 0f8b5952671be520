"""The catalogue: every text of the house stands in it in Chinese, whole and not by guess."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from portal.config import ROOT

CATALOGUE = ROOT / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)\d*[sd]|%[sd]")
ALIKE: set[str] = {"CSV", "ID"}
"""Texts that are the same in both languages."""


@lru_cache(maxsize=1)
def _catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN")


@pytest.fixture(scope="session")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make messages` would collect from the sources as they stand."""
    pot = tmp_path_factory.mktemp("texts") / "messages.pot"
    command = [str(Path(sys.executable).parent / "pybabel"), "-q", "extract", "-F", "babel.cfg", "-k", "_l",
               "-k", "lazy_gettext", "--no-location", "-o", str(pot), "."]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with pot.open("rb") as file:
        return read_po(file)


def _strings(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def test_every_text_is_in_the_catalogue_and_translated(extracted: Catalog) -> None:
    known = _catalogue()
    assert len([m for m in extracted if m.id]) > 200
    found = {str(m.id): known.get(m.id, m.context) for m in extracted if m.id}
    missing = [
        text for text, message in found.items() if message is None or not all(_strings(message.string))
    ]
    assert missing == []


def test_no_translation_is_a_guess() -> None:
    assert [m.id for m in _catalogue() if m.id and m.fuzzy] == []


def test_a_translation_fills_in_the_same_values() -> None:
    """A placeholder lost in translation is a page that breaks, or says nothing."""
    differing = []
    for message in _catalogue():
        wanted = set(PLACEHOLDER.findall(_strings(message.id)[-1]))
        for string in _strings(message.string):
            if message.id and string and set(PLACEHOLDER.findall(string)) != wanted:
                differing.append(message.id)
    assert differing == []


def test_a_translation_is_chinese() -> None:
    english = [
        message.id
        for message in _catalogue()
        if message.id
        and not any(re.search(r"[\u4e00-\u9fff]", string) for string in _strings(message.string))
        and re.search(r"[A-Za-z]{3}", PLACEHOLDER.sub("", _strings(message.id)[0]))
    ]
    assert set(map(str, english)) <= ALIKE


def test_the_catalogue_holds_no_text_that_nobody_says(extracted: Catalog) -> None:
    said = {_strings(m.id)[0] for m in extracted}
    assert [m.id for m in _catalogue() if m.id and _strings(m.id)[0] not in said] == []
