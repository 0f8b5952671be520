"""Every verb of the services asks for the permission itself: views, jobs and commands cannot forget it."""

from __future__ import annotations

from unittest.mock import MagicMock

import pytest
from flask import Flask

from portal.extensions import db
from portal.tenancy.permissions import Permission
from portal.terms import ChangeKind, ChangeState
from tests.permissions.asking import UNKNOWN
from tests.permissions.verbs import ASKS_LATER, VERBS, WRITTEN, Asked, listed


def test_a_verb_asks_for_the_written_permission_before_it_does_anything(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking up the unit at which it asks is all it may do before. If this fails, run
    `python -m tests.permissions.verbs` and read the diff as a reviewer."""
    monkeypatch.setattr(db.session, "get_one", MagicMock())
    with sqlite_app.app_context():
        found = listed()
    assert [line for line in found if line.endswith(" NOTHING")] == []
    assert found == WRITTEN.read_text(encoding="utf-8").splitlines()


def test_the_list_of_verbs_that_ask_later_names_no_other() -> None:
    assert set(ASKS_LATER) <= set(VERBS)


@pytest.mark.parametrize(
    ("verb", "permission"),
    [
        ("children.census.working.get_list", Permission.CENSUS_READ),
        ("children.matches.get_match", Permission.CHILD_LIST_READ),
        ("registers.batches.get_batch", Permission.ROSTER_IMPORT),
        ("units.rules.require_above", Permission.UNIT_TREE_GOVERN),
    ],
)
def test_what_must_be_found_first_is_asked_for_then(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch, verb: str, permission: Permission
) -> None:
    """Whatever is looked for is there."""
    found = MagicMock(id=1, from_unit_id=1, parent_id=1)
    answer = MagicMock(**{"one_or_none.return_value": found, "all.return_value": [found]})
    monkeypatch.setattr(db.session, "scalars", MagicMock(return_value=answer))
    monkeypatch.setattr(db.session, "get_one", MagicMock())
    actor = MagicMock(**{"require.side_effect": Asked})
    place = MagicMock(id=1, parent_id=1)
    given = {"units.rules.require_above": (actor, place), "registers.batches.get_batch": (UNKNOWN,)}
    more = {} if verb == "units.rules.require_above" else {"actor": actor}
    with sqlite_app.app_context(), pytest.raises(Asked):
        VERBS[verb](*given.get(verb, (place, UNKNOWN)), **more)
    assert actor.require.call_args.args == (permission,)


@pytest.mark.parametrize("change", [
    MagicMock(kind=ChangeKind.OPENED, state=ChangeState.PLANNED), MagicMock(kind=ChangeKind.MOVED),
])  # fmt: skip
def test_a_change_is_taken_back_by_who_may_make_it(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch, change: MagicMock
) -> None:
    monkeypatch.setattr(db.session, "get_one", MagicMock())
    actor = MagicMock(**{"require.side_effect": Asked})
    with sqlite_app.app_context(), pytest.raises(Asked):
        VERBS["units.changes.cancel"](change, actor=actor)


@pytest.mark.parametrize("verb", ["units.choices.list_places", "units.changes.move"])
def test_moving_a_unit_is_asked_for_at_the_county(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    """Also of somebody who governs the unit above."""
    county = MagicMock(name="county")
    monkeypatch.setattr(
        db.session, "get_one", lambda cls, number: county if number == 990001 else MagicMock()
    )
    asked = []

    def require(permission: Permission, *, at: object) -> None:
        asked.append(at)
        if at is county:
            raise Asked

    actor, unit = MagicMock(require=require), MagicMock(parent_id=2, county_id=990001)
    more = {} if verb.endswith("list_places") else {"to": MagicMock(), "on": MagicMock()}
    with sqlite_app.app_context(), pytest.raises(Asked):
        VERBS[verb](unit, actor=actor, **more)
    assert asked[-1] is county
