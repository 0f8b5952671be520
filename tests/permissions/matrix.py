"""The access matrix: which request of whom gets which answer, worked out from GRANTS and one rule.

`python -m tests.permissions.matrix` writes matrix.csv anew: read its diff before you commit it.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.terms import PairingEnd
from tests.factories.world import DAY
from tests.permissions.estate import Estate
from tests.permissions.seats import Seat

CSV = Path(__file__).with_name("matrix.csv")
NOBODY = "anonymous"
UNKNOWN = uuid.UUID("00000000-0000-4000-8000-000000000000")
UNKNOWN_CODE = "990009001"

# ---- what a relation means for a seat ------------------------------------------------------------

UNITS = {
    "own": {"county": "county", "township": "town_a", "village": "village_a1", "school": "school_a"},
    "below": {"county": "school_b", "township": "village_a2"},
    "beside": {"township": "town_b", "village": "village_a2", "school": "village_a1"},
    "other township's": {"township": "school_b", "village": "village_b1", "school": "school_b"},
    "above": {"township": "county", "village": "town_a", "school": "town_a"},
}
"""Relation → kind of the seat's unit → unit of the near county."""

CHILDREN = {
    "own": {"county": "a1", "township": "a1", "village": "a1", "school": "a1"},
    "on two trees": {"county": "a1b", "township": "a1b", "village": "a1b"},
    "beside": {"township": "b1", "village": "a2", "school": "home"},
    "other township's": {"township": "boarder", "village": "b1", "school": "b1"},
}
"""Relation → kind of the seat's unit → label of the child. A volunteer's own child is a1."""

FAR_AWAY = ("another county's", "nonexistent")
REACHED = {"—", "own", "below", "on two trees", "by the other side"}


@dataclass(frozen=True)
class Case:
    """One row of the matrix: a request, and how the thing it names stands to whoever asks."""

    endpoint: str
    method: str
    relation: str
    ok: int
    """The answer where the request is allowed."""
    thing: str = ""
    """unit, child, pairing, batch; empty where the request names nothing."""
    form: Callable[[Estate, Seat | None], dict[str, Any]] = field(default=lambda estate, seat: {})
    query: str = ""
    writes: bool = False
    """The service lets only the unit itself do it, whatever the permission's reach."""


def _visit(child: Callable[[Estate, Seat | None], Any]) -> Callable[[Estate, Seat | None], dict[str, Any]]:
    return lambda estate, seat: {
        "entry": str(uuid.uuid4()), "kind": "talk", "children": str(child(estate, seat)),
        "happened_on": DAY.isoformat(), "minutes": "20", "met": "child",
    }  # fmt: skip


def _helper(estate: Estate, seat: Seat | None) -> dict[str, Any]:
    return {"helper": str(estate.spare), "kind": "volunteer", "starts_on": DAY.isoformat()}


def _workbook(estate: Estate, seat: Seat | None) -> dict[str, Any]:
    return {"file": (io.BytesIO(b"PK\x03\x04"), "roster.xlsx"), "as_of": DAY.isoformat()}


ENDING = {"reason": next(iter(PairingEnd)).value}


def _unit_cases(endpoint: str, method: str = "GET", *, ok: int = 200, **more: Any) -> list[Case]:
    return [Case(endpoint, method, relation, ok, "unit", **more) for relation in (*UNITS, *FAR_AWAY)]


def _child_cases(endpoint: str, method: str = "GET", *, ok: int = 200, **more: Any) -> list[Case]:
    return [Case(endpoint, method, relation, ok, "child", **more) for relation in (*CHILDREN, *FAR_AWAY)]


def _cases() -> list[Case]:
    plain = [
        ("home.index", "GET", 200), ("home.healthz", "GET", 200), ("home.ready", "GET", 200),
        ("static", "GET", 200), ("patterns.index", "GET", 200), ("accounts.login", "GET", 200),
        ("accounts.login", "POST", 400), ("accounts.preferences", "POST", 302),
        ("accounts.acting", "GET", 200), ("accounts.acting", "POST", 400), ("visits.index", "GET", 200),
        ("visits.new", "GET", 200), ("accounts.logout", "POST", 302),
    ]  # fmt: skip
    found = [Case(endpoint, method, "—", ok) for endpoint, method, ok in plain]
    for endpoint in ("units.show", "reports.rollup", "reports.rollup_json", "children.index", "pairings.index",
                     "registers.index", "registers.blank"):  # fmt: skip
        found += _unit_cases(endpoint)
    found += _unit_cases("registers.receive", "POST", ok=302, form=_workbook)
    found += _child_cases("children.show")
    found += _child_cases("visits.new", query="child")
    found += _child_cases("visits.new", "POST", ok=302, query="child", form=_visit(named_child), writes=True)
    found += _child_cases("pairings.new")
    found += _child_cases("pairings.new", "POST", ok=302, form=_helper)
    for relation in ("own", "by the other side", "beside", *FAR_AWAY):
        found.append(Case("pairings.end", "GET", relation, 200, "pairing"))
        found.append(Case("pairings.end", "POST", relation, 302, "pairing", lambda e, s: ENDING, writes=True))
    for endpoint, method, ok in (("show", "GET", 200), ("confirm", "POST", 302), ("refused", "GET", 200)):
        for relation in ("own", "beside", "other township's", *FAR_AWAY):
            found.append(Case(f"registers.{endpoint}", method, relation, ok, "batch"))
    return found
