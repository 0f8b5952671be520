"""Forms keep what was typed, clean it, and carry a refusal beside its field."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.blueprints.accounts.forms import LoginForm
from portal.errors import Refused
from portal.tenancy.roles import Role
from portal.web.forms import clean
from tests.clients import sign_in
from tests.factories.county import add_account, add_child, build_county, writing


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  王小明 ", "王小明"),
        ("一行\r\n二行", "一行\n二行"),
        ("a\x00b\x07c\x1b[0m", "abc[0m"),
        ("tab\tstays", "tab\tstays"),
        ("\ud800broken", "broken"),
        ("𠮷·é", "𠮷·é"),
        ("", ""),
        (None, None),
    ],
)
def test_typed_text_is_cleaned_of_what_nobody_typed(typed: str | None, kept: str | None) -> None:
    assert clean(typed) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert once is not None
    assert clean(once) == once
    assert "\x00" not in once


def test_a_refusal_stands_beside_the_field_it_names(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context(method="POST"):
        form = LoginForm()
        form.refuse(Refused("错了。", field="password"))
        form.refuse(Refused("不行。"))
        form.refuse(Refused("没有这个框。", field="nothing"))
        assert form.password.errors == ["错了。"]
        assert form.form_errors == ["不行。", "没有这个框。"]


def test_a_refused_visit_keeps_every_word_that_was_typed(sqlite_app: Flask) -> None:
    with sqlite_app.app_context(), writing() as session:
        place = build_county(session)
        add_account(session, Role.CHILD_DIRECTOR, place.village_a1, "director")
        child = add_child(session, village=place.village_a1, school=None)
    typed = {
        "entry": "", "kind": "call", "children": str(child.public_id), "happened_on": "2025-06-28",
        "minutes": "9999", "met": "child", "topics": "study", "note": "她说<想妈妈>了", "worry": "y",
    }  # fmt: skip
    answer = sign_in(sqlite_app, "director").post(f"/visits/new?child={child.public_id}", data=typed)
    assert answer.status_code == 400
    for kept in ('value="9999"', 'value="2025-06-28"', "她说&lt;想妈妈&gt;了", str(child.public_id)):
        assert kept in answer.text, kept
    assert answer.text.count("checked") >= 4
