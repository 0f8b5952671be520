"""Pairings in numbers: the county's counts, a department's own line, the trend."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.extensions import db
from portal.models.pairings import Pairing
from portal.services import units
from portal.services.pairings import numbers
from portal.terms import PairingKind
from tests.acting import acting
from tests.demo_clients import demo_client, statements
from tests.factories.county import add_child, add_pairing, add_person, writing
from tests.factories.helping import World
from tests.pairings.conftest import TODAY


def test_pairs_children_and_helpers_are_three_numbers(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        teacher = add_person(session, world.place.school_a)
        mine = session.get_one(type(world.mine), world.mine.id)
        other = add_child(session, village=world.place.village_a1, school=world.place.school_a, name="又一")
        for child in (mine, other):
            add_pairing(session, child, teacher, world.place.school_a, kind=PairingKind.TEACHER,
                        starts_on=TODAY.replace(day=2))  # fmt: skip
        add_pairing(session, other, world.helper.person, world.place.school_a, ends_on=TODAY)
    with acting(app, "county") as actor:
        found = numbers.count_pairings(units.get_unit(actor, "990001"), actor=actor)
        assert (found.total.pairs, found.total.children, found.total.helpers) == (3, 2, 2)
        assert {kind: one.pairs for kind, one in found.by_kind.items()} == {
            PairingKind.VOLUNTEER: 1, PairingKind.TEACHER: 2}  # fmt: skip
        assert [(place.code, held) for place, held in found.by_place] == [
            ("990001001", {PairingKind.VOLUNTEER: 1, PairingKind.TEACHER: 2})]  # fmt: skip
        assert [number for _day, number in found.trend][-2:] == [2, 3]
        assert len(found.trend) == 12
        only = numbers.count_pairings(
            units.get_unit(actor, "990001"), actor=actor, kinds=[PairingKind.TEACHER]
        )
        assert (only.total.pairs, only.trend[-2][1]) == (2, 0)


@pytest.mark.parametrize(("most", "scale"), [(0, (5, 1)), (5, (5, 1)), (6, (10, 2)), (1997, (2500, 500))])
def test_the_axis_of_the_trend_has_round_numbers(most: int, scale: tuple[int, int]) -> None:
    found = numbers.Numbers(TODAY, numbers.Line(0, 0, 0), {}, [], [(TODAY, most)])
    assert found.scale == scale


def test_the_numbers_of_the_demo_county_are_its_rows(demo_app: Flask) -> None:
    """The figures of H.1 themselves: tests/seed/test_demo_figures.py."""
    with acting(demo_app, "county01") as actor:
        unit = units.get_unit(actor, "999901")
        with statements(demo_app) as sent:
            found = numbers.count_pairings(unit, actor=actor)
        live = db.session.scalars(select(Pairing).where(Pairing.ends_on > TODAY)).all()
        assert found.total.pairs == len(live) == sum(one.pairs for one in found.by_kind.values())
        assert found.total.children == len({one.child_id for one in live})
        assert found.total.helpers == len({one.helper_id for one in live})
        assert found.total.pairs == sum(sum(held.values()) for _place, held in found.by_place)
        assert len([one for one in sent if one.lstrip().upper().startswith("SELECT")]) <= 5


@pytest.mark.parametrize("who", ["county01", "leader01", "wf01", "town_t4", "coord_s09"])
def test_the_page_opens_for_whoever_reads_figures(demo_app: Flask, who: str) -> None:
    client = demo_client(demo_app, who)
    code = {"town_t4": "999901004", "coord_s09": "999901-S09"}.get(who, "999901")
    page = client.get(f"/units/{code}/pairings/numbers")
    assert page.status_code == 200
    assert "结对统计" in page.text
