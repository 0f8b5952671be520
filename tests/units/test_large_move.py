"""A village of 800 children comes to another township: one transaction, nobody lost, last year as it was."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select

from portal.extensions import db
from portal.models.children import Child, Guardianship, Placement, Standing
from portal.models.visits import Visit
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from tests.clients import sign_in
from tests.factories.county import add_child, add_person, writing
from tests.factories.world import add_visit
from tests.units.conftest import Place

CHILDREN = 800
PAST = ("2024-2025-1", "2024", "2025-05")


@pytest.fixture
def crowded(place: Place) -> Place:
    """甲东村 with 800 children more, each with a visit."""
    with place.app.app_context(), writing() as session:
        village = session.scalars(select(Unit).where(Unit.code == place.a1)).one()
        school = session.scalars(select(Unit).where(Unit.code == place.school_a)).one()
        helper = add_person(session, village, "访问者")
        child = add_child(session, village=village, school=school, name="众")
        add_visit(session, child, helper, village)
        session.flush()
        numbers = range(child.id + 1, child.id + CHILDREN)
        for kind in (Child, Placement, Guardianship, Standing, Visit):
            key = "id" if kind is Child else "child_id"
            table = kind.__table__
            for row in session.execute(select(table).where(table.c[key] == child.id)).mappings().all():
                session.execute(insert(table), [_like(kind, dict(row), number) for number in numbers])
    return place


def _like(kind: type, row: dict[str, Any], number: int) -> dict[str, Any]:
    """The same row about another child."""
    made = {name: value for name, value in row.items() if kind.__table__.c[name].computed is None}
    if kind is Child:
        made |= {"id": number, "case_no": f"众{number}"}
    else:
        made.pop("id")
        made["child_id"] = number
    return made | {name: uuid.uuid4() for name in ("public_id", "entry_id") if name in made}


def _counts(place: Place) -> dict[str, int]:
    with place.app.app_context(), unscoped("test: counting") as session:
        return {
            kind.__name__: session.scalar(select(func.count()).select_from(kind)) or 0
            for kind in (Child, Placement, Guardianship, Standing, Visit)
        }


def test_the_move_is_one_transaction_and_loses_nothing(crowded: Place) -> None:
    place = crowded
    before, past = _counts(place), {(code, p): place.report("office", code, p)
                                    for code in (place.town_a, place.town_b, place.county) for p in PAST}  # fmt: skip
    office, seen = sign_in(place.app, "office"), []
    with place.app.app_context():
        engine = db.engine

        def write(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            if re.match(r"UPDATE (main\.)?\W*(unit|child|placement)\b", statement):
                seen.append("moved")

        def commit(_conn: object) -> None:
            seen.append("commit")

        event.listen(engine, "before_cursor_execute", write)
        event.listen(engine, "commit", commit)
        sent = {"to": place.town_b, "on": "2025-06-16", "paper": "甲政发〔2025〕3号"}
        assert office.post(f"/units/{place.a1}/tree/move", data=sent).status_code == 302
        event.remove(engine, "before_cursor_execute", write)
        event.remove(engine, "commit", commit)
    first, last = seen.index("moved"), len(seen) - 1 - seen[::-1].index("moved")
    assert "commit" not in seen[first:last], "one transaction"
    assert _counts(place) == before
    with place.app.app_context(), unscoped("test: where they are") as session:
        town = session.scalars(select(Unit.id).where(Unit.code == place.town_b)).one()
        moved = select(func.count()).select_from(Child).where(Child.v_town_id == town, Child.name == "众")
        assert session.scalar(moved) == CHILDREN
        visits = select(func.count()).select_from(Visit).where(Visit.v_town_id == town)
        assert (session.scalar(visits) or 0) >= CHILDREN, "rows about them went along"
    place.holds()
    assert {key: place.report("office", *key) for key in past} == past, "last year is last year’s tree"
    june = place.report("office", place.town_b, "2024-2025-2")
    assert june["indicators"]["POP_LBC_RES"]["value"] >= CHILDREN
    assert june["as_of"] == date(2025, 6, 30).isoformat()
