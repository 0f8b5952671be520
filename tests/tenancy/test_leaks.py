"""The twelve ways past a wall of the ORM (docs/adr/0007): the database closes every one, on both engines."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, insert, literal, select, text, update
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from portal.errors import ScopeError
from portal.extensions import db
from portal.models.children import Child, SchoolClass
from portal.models.visits import Visit
from portal.tenancy.scope import Level, Scope, current
from portal.tenancy.walls import context, orm
from portal.tenancy.walls.context import impose
from tests.factories.world import World, inside
from tests.tenancy.alone import inside_the_database
from tests.tenancy.viewers import SEES, scope_for

HOOKS = (("do_orm_execute", orm.cut_reads), ("before_flush", orm.refuse_foreign_writes))


@pytest.fixture(autouse=True)
def _without_the_wall_of_the_orm() -> Iterator[None]:
    """The database is alone in this file: the hooks of the other wall are taken off."""
    for name, hook in HOOKS:
        event.remove(orm.Session, name, hook)
    yield
    for name, hook in HOOKS:
        event.listen(orm.Session, name, hook)


READS: dict[str, Callable[[Session], Any]] = {
    "text": lambda s: s.scalars(text("SELECT id FROM child")),
    "text as an entity": lambda s: [
        one.id for one in s.scalars(select(Child).from_statement(text("SELECT * FROM child")))
    ],
    "core select": lambda s: s.scalars(select(Child.__table__.c.id)),
    "core select beside another table": lambda s: s.scalars(
        select(Child.__table__.c.id).join_from(Visit.__table__, Child.__table__, literal(True))
    ),
    "connection": lambda s: s.connection().execute(text("SELECT id FROM child")).scalars(),
}


@pytest.mark.parametrize("shape", READS)
def test_every_read_past_the_orm_is_cut(world: World, shape: str) -> None:
    labels = {child.id: label for label, child in world.children.items()}
    for viewer in sorted(SEES):
        with inside(scope_for(viewer, world)) as session:
            seen = {labels[one] for one in READS[shape](session)}
        assert seen == SEES[viewer], viewer


@contextmanager
def _unchanged(session: Session) -> Iterator[None]:
    with pytest.raises(ScopeError):
        yield
    session.rollback()


def _foreign_class(world: World, **more: object) -> dict[str, object]:
    far = world.far.school_a
    where = {"unit_id": far.id, "township_id": far.township_id, "county_id": far.county_id}
    pupils = {
        "grade": 1,
        "name": "1班",
        "pupils": 1,
        "compulsory": True,
        "since": world.near.county.opened_on,
    }
    return {**where, **pupils, "public_id": uuid.uuid4(), **more}


def test_a_core_update_reaches_no_foreign_row(world: World) -> None:
    foreign = world.visits["b1"].id
    with inside(scope_for("school_a", world)) as session:
        visit = Visit.__table__
        try:
            reached = session.connection().execute(
                update(visit).where(visit.c.id == foreign).values(note="x")
            ).rowcount  # fmt: skip
        except ScopeError:
            reached = 0
        assert reached == 0


def test_a_foreign_object_changed_by_number_is_not_found(world: World) -> None:
    with inside(scope_for("school_a", world)) as session:
        assert session.get(Visit, world.visits["b1"].id) is None


def test_the_legacy_bulk_methods_are_gone(world: World) -> None:
    with inside(scope_for("school_a", world)) as session:
        for act in (session.bulk_save_objects, session.bulk_insert_mappings, session.bulk_update_mappings):
            with pytest.raises(InvalidRequestError):
                act(Visit, [{"id": world.visits["b1"].id, "note": "x"}])


def test_an_insert_from_a_select_adds_nothing_abroad(world: World) -> None:
    values = _foreign_class(world)
    query = select(*[literal(value, SchoolClass.__table__.c[name].type) for name, value in values.items()])
    with inside(scope_for("school_a", world)) as session, _unchanged(session):
        session.connection().execute(insert(SchoolClass.__table__).from_select(list(values), query))


def test_a_row_added_to_another_county_is_refused(world: World) -> None:
    with inside(scope_for("county", world)) as session, _unchanged(session):
        session.add(SchoolClass(**_foreign_class(world)))
        session.flush()


def test_a_row_sent_to_another_county_is_refused(world: World) -> None:
    with inside(scope_for("county", world)) as session, _unchanged(session):
        row = session.scalars(select(SchoolClass).limit(1)).one()
        far = world.far.school_a
        row.unit_id, row.township_id, row.county_id = far.id, far.township_id, far.county_id
        session.flush()


def test_a_row_that_counts_in_another_county_is_refused(world: World) -> None:
    """The stat columns say where an act counts: never beyond the county that sees it."""
    far = world.far.school_a
    with inside(scope_for("school_a", world)) as session, _unchanged(session):
        visit = session.get_one(Visit, world.visits["a1"].id)
        visit.stat_unit_id, visit.stat_township_id, visit.stat_county_id = (
            far.id,
            far.township_id,
            far.county_id,
        )
        session.flush()


def test_an_object_brought_from_elsewhere_does_not_merge(world: World) -> None:
    """It is taken for new, and its key is taken: a refusal either way, and nothing of it is told."""
    with inside(scope_for("far_village", world)) as session:
        assert session.get(Child, world.children["a1"].id) is None


def test_a_held_object_is_not_refreshed_once_it_is_out_of_sight(world: World) -> None:
    with inside(scope_for("school_a", world)) as session:
        child = session.get_one(Child, world.children["a1"].id)
        session.expunge(child)
    with inside(scope_for("school_b", world)) as session:
        session.add(child)
        with pytest.raises(InvalidRequestError):
            session.refresh(child)


def test_the_transaction_itself_takes_no_second_scope(world: World) -> None:
    near, far = scope_for("school_a", world), scope_for("far_county", world)
    with inside(near) as session:
        connection = session.connection()
        with pytest.raises(ScopeError):
            impose(connection, far)
        session.info["portal.scope"] = far
        with pytest.raises(ScopeError):
            session.begin_nested().session.connection()


def test_a_connection_that_no_session_gave_a_scope_is_nobody(world: World) -> None:
    """On PostgreSQL it has no right at all, on SQLite every table is empty."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("SELECT COUNT(*) FROM child")).scalar_one() == 0
            return
        assert connection.execute(text("SELECT current_user")).scalar_one() == "portal_nobody"
        with pytest.raises(ScopeError):
            connection.execute(text("SELECT COUNT(*) FROM public.child"))


def test_nothing_of_a_scope_is_left_for_the_next_transaction(world: World) -> None:
    with inside(scope_for("county", world)) as session:
        assert session.scalar(text("SELECT COUNT(*) FROM child")) == len(SEES["county"])
        session.rollback()
        connection = session.get_bind()
    with connection.connect() as bare:
        if bare.dialect.name == "sqlite":
            assert bare.execute(text("SELECT COUNT(*) FROM child")).scalar_one() == 0
        else:
            left = bare.execute(text("SELECT current_setting('app.scope', true), current_user")).one()
            assert (left[0] or "", left[1]) == ("", "portal_nobody")


def test_the_second_transaction_of_one_connection_is_nobodys_again(world: World) -> None:
    with db.engine.connect() as connection:
        for scope in (scope_for("county", world), scope_for("school_a", world)):
            with connection.begin():
                impose(connection, scope)
                seen = connection.execute(text("SELECT COUNT(*) FROM child")).scalar_one()
                assert seen == len(SEES["county" if scope.level is Level.COUNTY else "school_a"])


HIDDEN = ("id_no_sealed", "id_no_index", "birth_date", "address", "income_list", "aid_list", "remark")


def test_a_connection_given_back_past_its_transaction_forgets_its_scope(world: World) -> None:
    """Whoever takes a raw connection ends no transaction that the walls would hear of."""
    raw = db.engine.raw_connection()
    raw.info[context._GIVEN] = "a scope of before"
    kept = raw.info
    raw.close()
    assert context._GIVEN not in kept


@pytest.mark.parametrize("viewer", ["far_village", "far_county"])
def test_the_head_of_another_countys_log_is_neither_read_nor_moved(world: World, viewer: str) -> None:
    chain = world.near.county.id
    with inside_the_database(scope_for(viewer, world)) as session:
        assert session.scalar(text("SELECT seq FROM audit_head WHERE chain = :c"), {"c": chain}) is None
        own = {"c": world.far.county.id}
        assert session.scalar(text("SELECT seq FROM audit_head WHERE chain = :c"), own) is not None
        try:
            moved = session.execute(
                text("UPDATE audit_head SET at = NULL WHERE chain = :c"), {"c": chain}
            ).rowcount
        except ScopeError:
            moved = 0
        assert moved == 0


def test_a_volunteer_reads_null_in_the_columns_that_are_not_hers(world: World) -> None:
    with inside(scope_for("volunteer", world)) as session:
        row = session.execute(text(f"SELECT name, {', '.join(HIDDEN)} FROM child")).one()
    assert row == (world.canaries["a1b"].name, *[None] * len(HIDDEN))


def test_what_a_volunteer_did_not_see_the_next_reader_does(world: World) -> None:
    """SQLite keeps prepared statements: those of a volunteer must not serve a teacher."""
    query = text("SELECT birth_date FROM child ORDER BY id")
    for viewer, seen in (("county", True), ("volunteer", False), ("county", True)):
        with inside(scope_for(viewer, world)) as session:
            assert all((one is not None) is seen for one in session.scalars(query))


def test_on_postgresql_the_column_itself_is_closed_to_a_volunteer(world: World) -> None:
    with inside(scope_for("volunteer", world)) as session:
        if session.get_bind().dialect.name == "postgresql":
            with pytest.raises(ScopeError, match="child"):
                session.execute(text("SELECT birth_date FROM public.child"))


def test_a_volunteer_of_tomorrow_sees_by_the_day_of_the_application(world: World) -> None:
    scope = scope_for("volunteer", world)
    assert scope is not None
    early = Scope(Level.VOLUNTEER, scope.id, scope.county_id, day=world.near.county.opened_on)
    with inside(early) as session:
        assert current(session) == early
        assert session.scalars(text("SELECT id FROM child")).all() == []
