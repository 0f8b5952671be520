"""The word of the next page: it comes back whole, and nobody can write one."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.web import pager
from tests.conftest import make_app


@pytest.fixture
def _list_of_children(sqlite_app: Flask) -> Iterator[None]:
    with sqlite_app.test_request_context("/units/990001/children/"):
        yield


@pytest.mark.usefixtures("_list_of_children")
@pytest.mark.parametrize(
    "key", [("chen xiao he|cxh", 7), ("", 0), ("2025-06-30", 2**31), ("陈|%_&=?#/+", -1)]
)
def test_a_key_comes_back_as_it_went(key: tuple[Any, ...]) -> None:
    word = pager.encode(key)
    assert pager.decode(word, 2) == key
    assert set(word) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def _forged(key: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


HOSTILE = [
    None, "", "x", "%FF", "=", "....", "a.b", "雀", "' OR 1=1 --", "A" * 5000, "\x00", _forged(["", 0]),
    _forged(["a", 10**40]), _forged({"a": 1}), _forged([[1], 2]), _forged("text"),
]  # fmt: skip


@pytest.mark.usefixtures("_list_of_children")
@pytest.mark.parametrize("word", HOSTILE)
def test_a_word_nobody_wrote_is_the_first_page(word: str | None) -> None:
    assert pager.decode(word, 2) is None


@pytest.mark.usefixtures("_list_of_children")
def test_a_changed_word_or_one_of_another_length_is_the_first_page() -> None:
    word = pager.encode(("a", 1))
    assert pager.decode(word[:-1], 2) is None
    assert pager.decode("B" + word[1:], 2) is None
    assert pager.decode(word, 3) is None


def test_the_word_of_one_list_is_nothing_to_another(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/units/990001/children/"):
        word = pager.encode(("a", 1))
    with sqlite_app.test_request_context("/visits/"):
        assert pager.decode(word, 2) is None


@lru_cache(maxsize=1)
def _app() -> Flask:
    return make_app("sqlite://")


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_raise(word: str) -> None:
    with _app().test_request_context("/visits/"):
        assert pager.decode(word, 2) is None
