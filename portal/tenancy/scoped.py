"""The scope columns a row carries, as mixins. The wall reads these classes; nothing else declares scope.

Shapes and reasons: docs/architecture.md §3. All keys cascade on update and are checked at commit, so
moving a unit or a child is one UPDATE that carries every row along, and stamps cannot lie.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, and_, event, false
from sqlalchemy.orm import Mapped, declared_attr, foreign, mapped_column, relationship, remote

from portal.extensions import Model
from portal.tenancy.sight import Condition, Either, Fenced, KnownInCounty, Value
from portal.tenancy.units import Unit
from portal.terms import UnitKind

CASCADING: dict[str, Any] = {"onupdate": "CASCADE", "deferrable": True, "initially": "DEFERRED"}
UNIT_KEY = ("unit.id", "unit.township_id", "unit.county_id")
STAMPS = ("v_unit_id", "v_town_id", "s_unit_id", "s_town_id", "county_id")


class Sight(StrEnum):
    """What a class teacher sees of a table: the same word cuts the ORM's reads and names the policy."""

    NOTHING = "nothing"
    COUNTY = "county"
    """Every row of her county."""
    SCHOOL = "school"
    """The rows of her own school; a unit's row only."""
    PUPILS = "pupils"
    """The children of the classes she holds today, and the rows about them."""


class Walled(Fenced):
    """Anything the wall cuts. A volunteer sees and writes nothing of a class that does not say so."""

    volunteer_writes = False
    volunteer_columns: ClassVar[tuple[str, ...] | None] = None
    """The columns a volunteer reads of the rows she sees, besides keys and stamps; None = all of them."""
    append_only: ClassVar[bool] = False
    """Nobody changes or deletes such a row; only the keys of the tree and of a child cascade into it."""
    kept_by_triggers: ClassVar[bool] = False
    """Only the database's own triggers and the recompute write such rows."""
    teacher_sees: ClassVar[Sight] = Sight.NOTHING
    teacher_writes: ClassVar[bool] = False
    """Whether a class teacher adds and changes such rows, of what she sees or (audit) at her school."""
    teacher_removes: ClassVar[bool] = False
    """Whether she may take such a row away again: what is derived, and what a form replaces."""

    @classmethod
    def volunteer_sees(cls, *, person_id: Any, paired: Any) -> ColumnElement[bool]:
        """The rows of this class a volunteer sees; `paired` selects the ids of her children."""
        return false()

    @classmethod
    def seen_by_county(cls, *, county: Value) -> Condition:
        return cls.county_id == county

    @classmethod
    def seen_by_class_teacher(cls, *, school: Value, county: Value, held: Any, taught: Any) -> Condition:
        if cls.teacher_sees is Sight.COUNTY:
            return cls.county_id == county
        if cls.teacher_sees is Sight.SCHOOL:
            return cls.unit_id == school
        return cls.about_pupils(held=held, taught=taught) if cls.teacher_sees is Sight.PUPILS else false()

    @classmethod
    def about_pupils(cls, *, held: Any, taught: Any) -> Condition:
        """The rows of the children in these classes: a child's own row says her class."""
        return cls.class_id.in_(held)

    @classmethod
    def seen_by_volunteer(cls, *, person_id: Value, county: Value, paired: Any) -> Condition:
        return and_(cls.county_id == county, cls.volunteer_sees(person_id=person_id, paired=paired))


class Secret(Fenced):
    """What nobody but the portal itself reads: hashes, codes, seeds of second factors.

    Only a SYSTEM session reads or changes such rows; staff may add one in the transaction of their act.
    On PostgreSQL RETURNING would read the new row, so its id is drawn from the sequence first.
    """


@event.listens_for(Secret, "after_mapper_constructed", propagate=True)
def _draw_ids_first(mapper: Any, cls: type) -> None:
    mapper.local_table.implicit_returning = False


class CountyScoped(KnownInCounty, Walled):
    """A row that everybody on duty in the county may look up (people, units): one county."""

    teacher_sees: ClassVar[Sight] = Sight.COUNTY
    county_id: Mapped[int] = mapped_column()


class HasUnitScope(Walled):
    """The columns of a unit's row, without a key of their own (cells are kept by triggers)."""

    unit_id: Mapped[int] = mapped_column()
    township_id: Mapped[int] = mapped_column()
    county_id: Mapped[int] = mapped_column()

    @classmethod
    def seen_by_township(cls, *, township: Value, county: Value) -> Condition:
        return cls.township_id == township

    @classmethod
    def seen_by_unit(cls, *, unit: Value, county: Value) -> Condition:
        return cls.unit_id == unit


class UnitScoped(HasUnitScope):
    """A row that belongs to one unit. `row.unit = unit` fills all three columns."""

    __extra_args__: tuple[Any, ...] = ()

    @declared_attr.directive
    def __table_args__(cls) -> Any:
        key = ForeignKeyConstraint(["unit_id", "township_id", "county_id"], UNIT_KEY, **CASCADING)
        return (key, *cls.__extra_args__)

    @declared_attr
    def unit(cls) -> Mapped[Unit]:
        columns: list[Any] = [cls.unit_id, cls.township_id, cls.county_id]
        return relationship(Unit, foreign_keys=columns)


class BetweenUnits(Walled):
    """An act between two units of one county, such as a transfer: both see the row and write in it.

    `row.from_unit = …` and `row.to_unit = …` fill the columns; `county_id` is shared.
    """

    __extra_args__: tuple[Any, ...] = ()

    from_unit_id: Mapped[int] = mapped_column()
    from_town_id: Mapped[int] = mapped_column()
    to_unit_id: Mapped[int] = mapped_column()
    to_town_id: Mapped[int] = mapped_column()
    county_id: Mapped[int] = mapped_column()

    @declared_attr.directive
    def __table_args__(cls) -> Any:
        table: str = cls.__tablename__  # type: ignore[attr-defined]
        keys = (
            ForeignKeyConstraint([f"{end}_unit_id", f"{end}_town_id", "county_id"], UNIT_KEY, **CASCADING)
            for end in ("from", "to")
        )
        served = (Index(f"ix_{table}_{end}_unit_id", f"{end}_unit_id") for end in ("from", "to"))
        return (*keys, *served, *cls.__extra_args__)

    @classmethod
    def seen_by_township(cls, *, township: Value, county: Value) -> Condition:
        return Either(cls.from_town_id == township, cls.to_town_id == township)

    @classmethod
    def seen_by_unit(cls, *, unit: Value, county: Value) -> Condition:
        return Either(cls.from_unit_id == unit, cls.to_unit_id == unit)

    @declared_attr
    def from_unit(cls) -> Mapped[Unit]:
        return _end_of(cls, "from")

    @declared_attr
    def to_unit(cls) -> Mapped[Unit]:
        return _end_of(cls, "to")


class ChildScoped(Walled):
    """The four stamps of a child's two sides (0 = no such side) and her one county."""

    teacher_sees: ClassVar[Sight] = Sight.PUPILS
    v_unit_id: Mapped[int] = mapped_column()
    v_town_id: Mapped[int] = mapped_column()
    s_unit_id: Mapped[int] = mapped_column()
    s_town_id: Mapped[int] = mapped_column()
    county_id: Mapped[int] = mapped_column()

    @classmethod
    def seen_by_township(cls, *, township: Value, county: Value) -> Condition:
        return Either(cls.v_town_id == township, cls.s_town_id == township)

    @classmethod
    def seen_by_unit(cls, *, unit: Value, county: Value) -> Condition:
        return Either(cls.v_unit_id == unit, cls.s_unit_id == unit)


class AboutChild(ChildScoped):
    """A row about a child. `row.child = child` fills `child_id` and all stamps; one key proves them."""

    __extra_args__: tuple[Any, ...] = ()

    child_id: Mapped[int] = mapped_column()

    @classmethod
    def about_pupils(cls, *, held: Any, taught: Any) -> Condition:
        return cls.child_id.in_(taught)

    @declared_attr.directive
    def __table_args__(cls) -> Any:
        key = ForeignKeyConstraint(
            ["child_id", *STAMPS],
            ["child.id", *(f"child.{stamp}" for stamp in STAMPS)],
            ondelete="CASCADE",
            **CASCADING,
        )
        table: str = cls.__tablename__  # type: ignore[attr-defined]
        served = Index(f"ix_{table}_child_id", "child_id")
        return (key, served, *cls.__extra_args__)

    @declared_attr
    def child(cls) -> Mapped[Any]:
        columns: list[Any] = [cls.child_id, *(getattr(cls, stamp) for stamp in STAMPS)]
        return relationship("Child", foreign_keys=columns)


class Counted:
    """Where an act is counted, fixed when it is written: access follows the child, figures stay."""

    stat_unit_id: Mapped[int] = mapped_column()
    stat_township_id: Mapped[int] = mapped_column()
    stat_county_id: Mapped[int] = mapped_column()

    @staticmethod
    def stat_key() -> ForeignKeyConstraint:
        """The composite key to the unit; put it into `__extra_args__`."""
        return ForeignKeyConstraint(
            ["stat_unit_id", "stat_township_id", "stat_county_id"], UNIT_KEY, **CASCADING
        )

    @classmethod
    def counts_at(cls, unit: Unit) -> ColumnElement[bool]:
        """The rows counted at a unit: of a township and the county everything below as well."""
        held: dict[UnitKind, Any] = {
            UnitKind.COUNTY: cls.stat_county_id, UnitKind.TOWNSHIP: cls.stat_township_id
        }  # fmt: skip
        found: ColumnElement[bool] = held.get(unit.kind, cls.stat_unit_id) == unit.id
        return found

    @declared_attr
    def stat_unit(cls) -> Mapped[Unit]:
        columns: list[Any] = [cls.stat_unit_id, cls.stat_township_id, cls.stat_county_id]
        return relationship(Unit, foreign_keys=columns)


def _end_of(cls: Any, end: str) -> Mapped[Unit]:
    """The relationship of one end of a `BetweenUnits` row: it leaves the shared county alone."""
    return relationship(
        Unit,
        primaryjoin=lambda: and_(
            foreign(getattr(cls, f"{end}_unit_id")) == remote(Unit.id),
            foreign(getattr(cls, f"{end}_town_id")) == remote(Unit.township_id),
        ),
    )


def side_relationship(unit_column: str, township_column: str) -> Any:
    """`child.village` / `child.school`: fills unit and township, leaves the shared county alone."""

    def joined(cls: Any) -> Any:
        return relationship(
            Unit,
            primaryjoin=lambda: and_(
                foreign(getattr(cls, unit_column)) == remote(Unit.id),
                foreign(getattr(cls, township_column)) == remote(Unit.township_id),
            ),
        )

    return declared_attr(joined)


def scoped_classes(base: type[Walled] = Walled) -> list[type[Walled]]:
    """Every mapped class that carries scope columns, sorted by name."""
    found = [m.class_ for m in Model.registry.mappers if issubclass(m.class_, base)]
    return sorted(found, key=lambda cls: cls.__name__)
