"""Doubts between school and village, and two files of one child: found, answered, joined, taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.extensions import db
from portal.models.audit import AuditEntry
from portal.models.children import Child, ChildNote, FileMatch, Guardianship, Placement, Standing
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.services.children.doubts import judge
from portal.services.children.files import rewrite_standing
from portal.tenancy.keys import keyring
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.terms import DoubtKind, ExitKind, LineVerdict, MatchState, RemovalReason, Schooling, Side
from tests.children.censuses import OPEN, STAFF, mark, work_jobs
from tests.clients import sign_in
from tests.factories.county import add_account, add_child, add_person, give_class, writing
from tests.factories.world import World, add_visit, build_world

TWICE = "双双双"
NUMBER = "990001201505017777"


@dataclass
class Pair:
    """One child on file twice: at school a with a verified number, in village b1 with history."""

    world: World
    at_school: Child
    at_village: Child


@pytest.fixture
def pair(app: Flask, silent_board: None) -> Pair:
    with app.app_context():
        with writing() as session:
            world = build_world(session)
            near = world.near
            for login, (role, place) in (STAFF | {"directorb": (Role.CHILD_DIRECTOR, "village_b1")}).items():
                user = add_account(session, role, getattr(near, place), login)
                if role is Role.CLASS_TEACHER:
                    give_class(session, user, world.classes[near.school_a.code])
            first = add_child(session, village=None, school=near.school_a, name=TWICE)
            second = add_child(session, village=near.village_b1, school=None, name=TWICE)
            add_child(session, village=near.village_b2, school=None, name="同日生")
            second.id_no, second.id_no_index = NUMBER, keyring.index(NUMBER, county_id=near.county.id)
            add_visit(session, second, add_person(session, near.village_b1), near.village_b1, note="家访")
            second.notes.append(ChildNote(kind="mind", since=date(2025, 1, 1), until=date(9999, 12, 31)))
            second.notes[0].text = "夜里怕黑"
            session.flush()
            rewrite_standing(second)
        db.session.remove()
    return Pair(world, first, second)


def _search(app: Flask, world: World) -> FileMatch:
    answer = sign_in(app, "office").post(f"/units/{world.near.county.code}/children/doubts/search")
    assert answer.status_code == 302
    work_jobs(app)
    return _match(app)


def _match(app: Flask) -> FileMatch:
    with app.app_context(), unscoped("test: the pair") as session:
        found = session.scalars(select(FileMatch)).one()
        session.expunge_all()
        return found


def _say(app: Flask, pair: Pair, login: str, place: str, same: str) -> int:
    url = f"/units/{getattr(pair.world.near, place).code}/children/doubts/{_match(app).public_id}/answer"
    return sign_in(app, login).post(url, data={"same": same}).status_code


def _state(app: Flask, pair: Pair) -> dict[str, object]:
    """Everything that joining may change, as plain values."""
    with app.app_context(), unscoped("test: both files") as session:
        found: dict[str, object] = {}
        for key, child_id in (("school", pair.at_school.id), ("village", pair.at_village.id)):
            child = session.get_one(Child, child_id)
            found[key] = {
                "sides": (child.village_id, child.school_id), "stamps": (child.v_unit_id, child.s_unit_id),
                "exit": (child.exited_on, child.exit_kind, child.archived_on),
                "number": child.id_no, "index": child.id_no_index,
                "rows": {
                    cls.__tablename__: session.scalar(select(func.count()).where(cls.child_id == child_id))
                    for cls in (Visit, ChildNote, Guardianship, Placement, Pairing)
                },
                "until": sorted(one.until for one in child.placements),
                "standing": sorted((one.stat_unit_id, one.starts_on, one.ends_on) for one in child.standings),
                "notes": [one.text for one in child.notes],
            }  # fmt: skip
        return found


def test_two_files_of_one_child_are_found_in_the_whole_county(app: Flask, pair: Pair) -> None:
    match = _search(app, pair.world)
    assert {match.from_child_id, match.to_child_id} == {pair.at_school.id, pair.at_village.id}
    assert (match.same_name, match.same_birth, match.same_phone) == (True, True, True)
    assert match.state is MatchState.OPEN
    assert not match.keeps_from, "the file with the verified number stays"
    assert match.moved["plan"] == {} or "guardianship" not in match.moved["plan"]
    assert _search(app, pair.world).id == match.id, "a second search finds nothing new"


def test_each_keeper_sees_her_own_file_and_the_other_unit_by_name(app: Flask, pair: Pair) -> None:
    match, near = _search(app, pair.world), pair.world.near
    url = "/units/{}/children/doubts/{}/"
    page = sign_in(app, "coord").get(url.format(near.school_a.code, match.public_id)).text
    assert pair.at_school.case_no in page
    assert pair.at_village.case_no not in page
    assert near.village_b1.name in page
    page = sign_in(app, "directorb").get(url.format(near.village_b1.code, match.public_id)).text
    assert pair.at_village.case_no in page
    assert pair.at_school.case_no not in page
    assert sign_in(app, "director").get(url.format(near.village_a1.code, match.public_id)).status_code == 404
    assert sign_in(app, "office").get(url.format(near.county.code, match.public_id)).status_code == 403
    assert TWICE not in sign_in(app, "office").get(f"/units/{near.county.code}/children/census/").text


def test_one_no_and_they_stay_two(app: Flask, pair: Pair) -> None:
    _search(app, pair.world)
    before = _state(app, pair)
    assert _say(app, pair, "coord", "school_a", "yes") == 302
    assert _match(app).state is MatchState.HALF
    assert _say(app, pair, "coord", "school_a", "yes") == 400, "answered already"
    assert _say(app, pair, "directorb", "village_b1", "no") == 302
    assert work_jobs(app) == []
    assert _match(app).state is MatchState.APART
    assert _state(app, pair) == before


@pytest.mark.parametrize(
    ("login", "place", "status"),
    [("director", "village_a1", 404), ("head", "school_a", 403), ("town", "town_a", 403), ("teacher", "school_a", 404),
     ("coord", "school_b", 404)],
)  # fmt: skip
def test_only_the_keepers_answer(app: Flask, pair: Pair, login: str, place: str, status: int) -> None:
    _search(app, pair.world)
    assert _say(app, pair, login, place, "yes") == status
    assert _match(app).state is MatchState.OPEN


def _join(app: Flask, pair: Pair) -> None:
    _search(app, pair.world)
    assert _say(app, pair, "coord", "school_a", "yes") == 302
    assert _say(app, pair, "directorb", "village_b1", "yes") == 302
    work_jobs(app)


def test_two_yes_and_one_file_has_both_sides_and_the_whole_history(app: Flask, pair: Pair) -> None:
    _join(app, pair)
    assert _match(app).state is MatchState.JOINED
    state, near = _state(app, pair), pair.world.near
    stays, ended = state["village"], state["school"]
    assert stays["sides"] == (near.village_b1.id, near.school_a.id)
    assert stays["stamps"] == (near.village_b1.id, near.school_a.id)
    assert stays["number"] == NUMBER
    assert stays["notes"] == ["夜里怕黑"], "what is sealed still opens"
    assert ended["exit"] == (date(2025, 6, 30), ExitKind.MERGED, date(2025, 6, 30))
    with app.app_context(), unscoped("test: who counts today") as session:
        both = [pair.at_school.id, pair.at_village.id]
        counts = session.scalars(
            select(Standing.side).where(Standing.child_id.in_(both), Standing.ends_on > date(2025, 6, 30))
        ).all()
        assert sorted(counts) == [Side.SCHOOL, Side.VILLAGE], "once on each side"
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "children:match:join")).one()
        assert line.details["case"] == pair.at_village.case_no
    page = sign_in(app, "coord").get(f"/children/{pair.at_village.public_id}/")
    assert page.status_code == 200, "the school sees the file that stays"


def test_joining_is_taken_back_row_by_row(app: Flask, pair: Pair) -> None:
    before = _state(app, pair)
    _join(app, pair)
    assert _state(app, pair) != before
    match = _match(app)
    url = f"/units/{pair.world.near.school_a.code}/children/doubts/{match.public_id}/undo"
    assert sign_in(app, "director").post(url).status_code == 404
    assert sign_in(app, "coord").post(url).status_code == 302
    work_jobs(app)
    assert _match(app).state is MatchState.UNDONE
    assert _state(app, pair) == before
    assert sign_in(app, "coord").post(url).status_code == 400


def test_history_goes_over_where_the_other_file_has_it(app: Flask, pair: Pair) -> None:
    """The file without a number ends; a visit, a note and a number of it go over and come back."""
    with app.app_context(), writing() as session:
        weak, strong = session.get_one(Child, pair.at_village.id), session.get_one(Child, pair.at_school.id)
        number = NUMBER[:-1] + "8"
        weak.id_no, weak.id_no_index = None, None
        strong.id_no, strong.id_no_index = number, keyring.index(number, county_id=strong.county_id)
    before = _state(app, pair)
    _join(app, pair)
    stays = _state(app, pair)["school"]
    assert stays["rows"]["visit"] == 1
    assert stays["notes"] == ["夜里怕黑"]
    url = f"/units/{pair.world.near.village_b1.code}/children/doubts/{_match(app).public_id}/undo"
    assert sign_in(app, "directorb").post(url).status_code == 302
    work_jobs(app)
    assert _state(app, pair) == before


def test_a_number_goes_over_to_the_file_that_stays_and_comes_back(app: Flask, pair: Pair) -> None:
    _search(app, pair.world)
    with app.app_context(), writing() as session:
        match = session.scalars(select(FileMatch)).one()
        match.keeps_from = match.from_child_id == pair.at_school.id
    before = _state(app, pair)
    for login, place in (("coord", "school_a"), ("directorb", "village_b1")):
        assert _say(app, pair, login, place, "yes") == 302
    work_jobs(app)
    state = _state(app, pair)
    assert (state["school"]["number"], state["village"]["number"]) == (NUMBER, None)
    url = f"/units/{pair.world.near.school_a.code}/children/doubts/{_match(app).public_id}/undo"
    assert sign_in(app, "coord").post(url).status_code == 302
    work_jobs(app)
    assert _state(app, pair) == before


class Line:
    """What `judge` reads of a line."""

    def __init__(self, verdict: str, reason: str | None = None) -> None:
        self.verdict = LineVerdict(verdict)
        self.reason = RemovalReason(reason) if reason else None


def _child(*, village: int | None = 1, school: int | None = 2, **facts: object) -> Child:
    return Child(village_id=village, school_id=school, **({"class_id": 3, "address": ""} | facts))


KEPT, GONE, UNKNOWN = Line("confirmed"), Line("removed", "parents_back"), Line("removed", "unknown_here")


@pytest.mark.parametrize(
    ("village", "school", "wanted"),
    [
        (KEPT, KEPT, None), (Line("open"), KEPT, None), (None, Line("open"), None), (GONE, GONE, None),
        (UNKNOWN, KEPT, (DoubtKind.ONLY_SCHOOL, Side.VILLAGE)), (None, KEPT, (DoubtKind.ONLY_SCHOOL, Side.VILLAGE)),
        (KEPT, UNKNOWN, (DoubtKind.ONLY_VILLAGE, Side.SCHOOL)), (KEPT, None, (DoubtKind.ONLY_VILLAGE, Side.SCHOOL)),
        (GONE, KEPT, (DoubtKind.CONFLICT, Side.SCHOOL)), (KEPT, GONE, (DoubtKind.CONFLICT, Side.VILLAGE)),
        (GONE, Line("removed", "died"), (DoubtKind.CONFLICT, Side.VILLAGE)),
    ],
)  # fmt: skip
def test_what_the_two_sides_say_decides_whose_turn_it_is(village: Line, school: Line, wanted: object) -> None:
    assert judge(_child(), village, school, age=9) == wanted


@pytest.mark.parametrize(
    ("child", "age", "wanted"),
    [
        (_child(village=None, class_id=None, address="外县某村"), 9, (DoubtKind.NO_SIDE, Side.SCHOOL)),
        (_child(village=None, address="外县某村"), 9, None),
        (_child(village=None), 9, (DoubtKind.NO_SIDE, Side.SCHOOL)),
        (_child(school=None, class_id=None), 9, (DoubtKind.NO_SIDE, Side.VILLAGE)),
        (_child(school=None, class_id=None), 4, None),
        (_child(school=None, class_id=None, schooling=Schooling.DROPPED_OUT), 15, None),
    ],
)  # fmt: skip
def test_a_child_with_one_side_or_without_class_and_village_is_asked_about(
    child: Child, age: int, wanted: object
) -> None:
    """V27: on file without class and without village."""
    line = KEPT
    assert (
        judge(child, line if child.village_id else None, line if child.school_id else None, age=age) == wanted
    )


def test_both_sides_see_the_doubt_and_whose_turn_it_is(app: Flask, pair: Pair) -> None:
    near = pair.world.near
    assert (
        sign_in(app, "office").post(f"/units/{near.county.code}/children/census/open", data=OPEN).status_code
        == 302
    )
    work_jobs(app)
    assert mark(app, pair.world, "director", "village_a1", "a1", verdict="removed", reason="moved") == 302
    canary = pair.world.canaries["a1"].name
    assert canary not in sign_in(app, "coord").get(f"/units/{near.school_a.code}/children/doubts/").text
    assert mark(app, pair.world, "teacher", "school_a", "a1") == 302
    for login, place in (
        ("coord", "school_a"),
        ("director", "village_a1"),
        ("town", "town_a"),
        ("teacher", "school_a"),
    ):
        page = sign_in(app, login).get(f"/units/{getattr(near, place).code}/children/doubts/").text
        assert canary in page, login
        assert "两方说法不一" in page
        assert ("<b>该本单位核对</b>" in page) is (place == "school_a"), login
    assert sign_in(app, "director2").get(f"/units/{near.village_a1.code}/children/doubts/").status_code == 404
    assert canary not in sign_in(app, "director2").get(f"/units/{near.village_a2.code}/children/doubts/").text
    assert sign_in(app, "office").get(f"/units/{near.county.code}/children/doubts/").status_code == 403
