"""Every shape of a query, as a function from a session to the ids of the children it gives away."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import exists, func, select, union, union_all
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload, subqueryload

from portal.models.children import Child, Guardianship
from portal.models.visits import Visit
from portal.tenancy.units import Unit

Shape = Callable[[Session], Iterable[int]]
_OTHER = aliased(Child)
_NAMED = select(Child.id)


def _pages(session: Session) -> Iterable[int]:
    after, found = 0, []
    while page := session.scalars(_NAMED.where(Child.id > after).order_by(Child.id).limit(2)).all():
        found += page
        after = page[-1]
    return found


def _lists(session: Session, loading: object = None) -> Iterable[int]:
    query = select(Child) if loading is None else select(Child).options(loading(Child.guardianships))
    return [row.child_id for child in session.scalars(query).unique() for row in child.guardianships]


def _parents(session: Session, loading: object = None) -> Iterable[int]:
    query = select(Visit) if loading is None else select(Visit).options(loading(Visit.child))
    return [visit.child.id for visit in session.scalars(query) if visit.child is not None]


CHILDREN: dict[str, Shape] = {
    "entity": lambda s: [child.id for child in s.scalars(select(Child))],
    "columns": lambda s: s.scalars(_NAMED).all(),
    "columns of a row about a child": lambda s: s.scalars(select(Visit.child_id)).all(),
    "legacy query": lambda s: [child.id for child in s.query(Child)],
    "alias": lambda s: s.scalars(select(_OTHER.id)).all(),
    "alias of a subquery": lambda s: [
        c.id for c in s.scalars(select(aliased(Child, select(Child).subquery())))
    ],
    "join": lambda s: s.scalars(_NAMED.join(Visit, Visit.child_id == Child.id)).all(),
    "join to an alias": lambda s: s.scalars(
        select(_OTHER.id).select_from(Visit).join(_OTHER, _OTHER.id == Visit.child_id)
    ).all(),
    "join by relationship": lambda s: s.scalars(select(Child.id).join(Guardianship.child)).all(),
    "join from a unit": lambda s: s.scalars(
        _NAMED.select_from(Unit).join(Child, (Child.village_id == Unit.id) | (Child.school_id == Unit.id))
    ).all(),
    "outer join": lambda s: [
        i for i in s.scalars(_NAMED.select_from(Unit).outerjoin(Child, Child.id > 0)) if i
    ],
    "exists": lambda s: s.scalars(
        select(Visit.child_id).where(exists().where(Child.id == Visit.child_id))
    ).all(),
    "any": lambda s: s.scalars(_NAMED.where(Child.guardianships.any())).all(),
    "in a subquery": lambda s: s.scalars(select(Visit.child_id).where(Visit.child_id.in_(_NAMED))).all(),
    "from a subquery": lambda s: s.scalars(select(_NAMED.subquery().c.id)).all(),
    "from a common table": lambda s: s.scalars(select(_NAMED.cte().c.id)).all(),
    "union": lambda s: s.scalars(union(_NAMED, select(Visit.child_id))).all(),
    "union all": lambda s: s.scalars(union_all(_NAMED, _NAMED)).all(),
    "from a union": lambda s: s.scalars(select(union(_NAMED, _NAMED).subquery().c.id)).all(),
    "scalar subquery": lambda s: s.scalars(
        select(_NAMED.where(Child.id == Visit.child_id).scalar_subquery()).select_from(Visit)
    ).all(),
    "window function": lambda s: [
        i for i, _n in s.execute(select(Child.id, func.row_number().over(order_by=Child.id)))
    ],
    "join with itself": lambda s: s.scalars(
        select(_OTHER.id).select_from(Child).join(_OTHER, _OTHER.id > 0)
    ).all(),
    "outer join with itself": lambda s: [
        i for i in s.scalars(select(_OTHER.id).select_from(Child).outerjoin(_OTHER, _OTHER.id > 0)) if i
    ],
    "exists of an alias": lambda s: s.scalars(
        select(_OTHER.id).where(exists(select(Child.id).where(Child.id != _OTHER.id)) | (_OTHER.id > 0))
    ).all(),
    "group by": lambda s: s.scalars(select(Visit.child_id).group_by(Visit.child_id)).all(),
    "stream": lambda s: list(s.scalars(_NAMED.execution_options(yield_per=1))),
    "pages": _pages,
    "lazy load": _parents,
    "joined load": lambda s: _parents(s, joinedload),
    "selectin load": lambda s: _parents(s, selectinload),
    "contains eager": lambda s: [
        v.child.id for v in s.scalars(select(Visit).join(Visit.child).options(contains_eager(Visit.child)))
    ],
    "lazy list": _lists,
    "joined list": lambda s: _lists(s, joinedload),
    "selectin list": lambda s: _lists(s, selectinload),
    "subquery list": lambda s: _lists(s, subqueryload),
}

COUNTS: dict[str, Callable[[Session], int]] = {
    "count": lambda s: s.scalar(select(func.count()).select_from(Child)) or 0,
    "count of a column": lambda s: s.scalar(select(func.count(Child.id))) or 0,
    "legacy count": lambda s: s.query(Child).count(),
    "count of a subquery": lambda s: s.scalar(select(func.count()).select_from(_NAMED.subquery())) or 0,
    "scalar subquery beside another table": lambda s: s.execute(
        select(func.count(Unit.id), select(func.count(Child.id)).scalar_subquery())
    ).one()[1],
    "sum in a case": lambda s: s.scalar(select(func.sum(Child.id * 0 + 1))) or 0,
}
