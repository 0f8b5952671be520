"""Invented people: names, phone numbers and ID numbers that belong to nobody.

Region 999901 is not in use, the sequence digits of demo people are 900–999, phones are 100-0000-xxxx.
"""

from __future__ import annotations

import random
from collections.abc import Container
from datetime import date, timedelta

from portal.cli.seed import tables
from portal.services.registers.identity import check_character
from portal.terms import Sex

_REGION = "999901"


def surname(rng: random.Random, *, other_than: str = "") -> str:
    """A surname; `other_than` is the one it must differ from."""
    signs: str = tables.words()["surnames"]
    return rng.choice([sign for sign in signs if sign != other_than])


def adult_name(rng: random.Random, sex: Sex, family: str = "") -> str:
    """A grown-up's name, of the family given or of any."""
    given = tables.words()["women" if sex is Sex.FEMALE else "men"]
    return (family or surname(rng)) + str(rng.choice(given))


def child_name(rng: random.Random, sex: Sex, taken: Container[tuple[str, date]], born: date) -> str:
    """A child's name that no other child born on the same day has."""
    given = tables.words()["girls" if sex is Sex.FEMALE else "boys"]
    while True:
        name = surname(rng) + str(rng.choice(given))
        if (name, born) not in taken:
            return name


class Phones:
    """Hands out 100-0000-xxxx in a scattered order; after ten thousand they come again."""

    def __init__(self) -> None:
        self._given = 0

    def next(self) -> str:
        self._given += 1
        return f"100-0000-{self._given * 7919 % 10_000:04}"


class IdNumbers:
    """Hands out valid ID numbers, each once."""

    def __init__(self) -> None:
        self._used: dict[tuple[date, Sex], int] = {}

    def next(self, born: date, sex: Sex) -> tuple[str, date]:
        """A number and its birth date: a day earlier where the fifty numbers of a day and sex are used up."""
        while (used := self._used.get((born, sex), 0)) == 50:
            born -= timedelta(days=1)
        self._used[born, sex] = used + 1
        sequence = 900 + 2 * used + (sex is Sex.MALE)
        first_seventeen = f"{_REGION}{born:%Y%m%d}{sequence}"
        return first_seventeen + check_character(first_seventeen), born


def random_day(rng: random.Random, first: date, last: date) -> date:
    """A day from `first` to `last`, both included."""
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))
