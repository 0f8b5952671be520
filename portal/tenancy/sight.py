"""Who sees which rows of a class: what the ORM wall adds to every read. A class that says nothing shows nothing.

The values come as bound parameters, so that the statements of every reader are the same text and compile once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, ColumnElement, false
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

Value = ColumnElement[int]
Condition = Any
"""ColumnElement[bool] on the columns of a class, which are its own or those of an alias."""


class Either(FunctionElement[bool]):
    """One side or the other. On PostgreSQL the OR is hidden from the planner, which would take the sides for
    independent and leave the index that has the page's order (docs/adr/0007)."""

    type = Boolean()
    inherit_cache = True


@compiles(Either)
def _or(element: Either, compiler: Any, **options: Any) -> str:
    return f"({' OR '.join(compiler.process(side, **options) for side in element.clauses)})"


@compiles(Either, "postgresql")
def _hidden_or(element: Either, compiler: Any, **options: Any) -> str:
    return f"COALESCE({_or(element, compiler, **options)}, false)"


class Fenced:
    """Anything the ORM wall stands before. One option names this class, and each class below answers for itself."""

    if TYPE_CHECKING:  # of the classes below, which have the columns
        county_id: Any
        township_id: Any
        unit_id: Any
        child_id: Any
        class_id: Any

    @classmethod
    def seen_by_county(cls, *, county: Value) -> Condition:
        """What everybody at the county sees."""
        return false()

    @classmethod
    def seen_by_township(cls, *, township: Value, county: Value) -> Condition:
        """What everybody at a township sees."""
        return false()

    @classmethod
    def seen_by_unit(cls, *, unit: Value, county: Value) -> Condition:
        """What the staff of a village or school see."""
        return false()

    @classmethod
    def seen_by_class_teacher(cls, *, school: Value, county: Value, held: Any, taught: Any) -> Condition:
        """`held` selects the classes she holds today, `taught` the children in them."""
        return false()

    @classmethod
    def seen_by_volunteer(cls, *, person_id: Value, county: Value, paired: Any) -> Condition:
        """`paired` selects the children paired with her today."""
        return false()


class KnownInCounty(Fenced):
    """A row that all staff of the county may look up."""

    @classmethod
    def seen_by_county(cls, *, county: Value) -> Condition:
        return cls.county_id == county

    @classmethod
    def seen_by_township(cls, *, township: Value, county: Value) -> Condition:
        return cls.county_id == county

    @classmethod
    def seen_by_unit(cls, *, unit: Value, county: Value) -> Condition:
        return cls.county_id == county


class KnownToAll(KnownInCounty):
    """The units themselves: class teachers and volunteers find their way among them too."""

    @classmethod
    def seen_by_class_teacher(cls, *, school: Value, county: Value, held: Any, taught: Any) -> Condition:
        return cls.county_id == county

    @classmethod
    def seen_by_volunteer(cls, *, person_id: Value, county: Value, paired: Any) -> Condition:
        return cls.county_id == county
