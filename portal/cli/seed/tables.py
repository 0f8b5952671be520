"""The demo county's tables: townships, schools, people and word lists, read from `samples/demo/`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from portal.config import ROOT
from portal.tenancy.roles import Department, Role
from portal.terms import SchoolKind, SubmissionState, VolunteerCategory

COUNTY = "county"
"""The key of the county in the tables; townships are T1…T7, schools S01…, villages go by their names."""


@dataclass(frozen=True)
class TownRow:
    key: str
    name: str
    code: str
    residents: int
    visited: int
    """Pupils of the township's schools who were visited at home in the spring term."""
    talk_percent: float
    head_post: str
    head_name: str
    coordinator: str
    villages: tuple[str, ...]

    @property
    def village_codes(self) -> dict[str, str]:
        return {name: f"{self.code}{number:03}" for number, name in enumerate(self.villages, 1)}


@dataclass(frozen=True)
class SchoolRow:
    key: str
    name: str
    town: str
    kind: SchoolKind
    pupils: int
    wide: int
    head_post: str
    head_name: str
    state: SubmissionState
    official: int = 0
    grandparent: int = 0
    fostered: int = 0
    unguarded: int = 0
    girls: int = 0
    state_note: str = ""
    village: str = ""
    """Where all her pupils live, if she is the school of one village."""

    @property
    def is_compulsory(self) -> bool:
        return self.kind is not SchoolKind.KINDERGARTEN


@dataclass(frozen=True)
class LoginRow:
    login: str
    name: str
    role: Role
    unit: str
    post: str
    department: Department | None = None


def _read(name: str) -> Any:
    return json.loads((ROOT / "samples" / "demo" / f"{name}.json").read_text(encoding="utf-8"))


@lru_cache
def county() -> tuple[str, str]:
    """Code and name of the county."""
    row = _read("townships")["county"]
    return row["code"], row["name"]


@lru_cache
def towns() -> tuple[TownRow, ...]:
    """The seven townships with their figures by residence."""
    rows = []
    for number, row in enumerate(_read("townships")["townships"], 1):
        post, name = row.pop("head")
        villages = tuple(row.pop("villages"))
        code = f"{county()[0]}{number:03}"
        rows.append(TownRow(**row, code=code, head_post=post, head_name=name, villages=villages))
    return tuple(rows)


@lru_cache
def schools() -> tuple[SchoolRow, ...]:
    """The sixteen schools and two kindergartens with their figures by enrolment."""
    rows = []
    for row in _read("schools")["schools"]:
        post, name = row.pop("head")
        row["kind"], row["state"] = SchoolKind(row["kind"]), SubmissionState(row["state"])
        rows.append(SchoolRow(**row, head_post=post, head_name=name))
    return tuple(rows)


@lru_cache
def compulsory_schools() -> tuple[SchoolRow, ...]:
    """The sixteen schools: those the figures of the county count."""
    return tuple(row for row in schools() if row.is_compulsory)


@lru_cache
def logins() -> tuple[LoginRow, ...]:
    """The people with an account of their own name, in the order of the table."""
    rows = []
    for row in _read("people")["logins"]:
        department = Department(row.pop("department")) if "department" in row else None
        rows.append(LoginRow(**{**row, "role": Role(row["role"])}, department=department))
    return tuple(rows)


@lru_cache
def further_memberships() -> tuple[tuple[str, Role, str], ...]:
    """(login, role, unit) of the people who act in a second role."""
    return tuple((r["login"], Role(r["role"]), r["unit"]) for r in _read("people")["further_memberships"])


@lru_cache
def volunteers() -> dict[VolunteerCategory, int]:
    """How many volunteers of each category the county has, 240 in all."""
    return {VolunteerCategory(key): number for key, number in _read("people")["volunteers"].items()}


@lru_cache
def volunteer_posts() -> dict[VolunteerCategory, list[str]]:
    """What volunteers of a category do for a living."""
    return {VolunteerCategory(key): posts for key, posts in _read("people")["posts_of_volunteers"].items()}


@lru_cache
def bureaus() -> list[str]:
    """County bureaus whose staff help children."""
    names: list[str] = _read("people")["bureaus"]
    return names


@lru_cache
def words() -> dict[str, Any]:
    """Surnames, given names and places for invented people."""
    found: dict[str, Any] = _read("names")
    return found


@lru_cache
def phrases() -> dict[str, Any]:
    """Parts of visit notes per kind of visit."""
    found: dict[str, Any] = _read("notes")
    return found
