"""Who lives where and goes to school where: 云溪镇 has more children by enrolment than by residence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from portal.cli.seed import tables
from portal.cli.seed.figures import apportion
from portal.cli.seed.tables import TownRow

SWAPS = 6
"""Children of two neighbouring townships who each attend a school of the other, per direction."""


def plan_commute(rows: Sequence[TownRow], without_school: Sequence[int]) -> dict[str, dict[str, int]]:
    """Township of enrolment → township of residence → compulsory pupils; rows and columns add up.

    Kindergarten children live where their kindergarten is. What a township's schools have above its
    residents comes from the townships that have fewer places than children.
    """
    enrolled = {row.key: 0 for row in rows}
    at_home = {row.key: row.residents - n for row, n in zip(rows, without_school, strict=True)}
    for school in tables.schools():
        if school.town in enrolled and school.is_compulsory:
            enrolled[school.town] += school.wide
        elif school.town in enrolled:
            at_home[school.town] -= school.wide
    lives = {town: {town: min(enrolled[town], at_home[town])} for town in enrolled}
    places = {town: enrolled[town] - at_home[town] for town in enrolled if enrolled[town] > at_home[town]}
    for home in (town for town in enrolled if at_home[town] > enrolled[town]):
        for town, share in _spread(at_home[home] - enrolled[home], places).items():
            lives[town][home] = share
            places[town] -= share
    _swap(lives)
    return lives


def _spread(number: int, places: dict[str, int]) -> dict[str, int]:
    """Divide a number over free places; rounding never fills a township beyond them."""
    shares = dict(zip(places, apportion(number, list(places.values())), strict=True))
    spare = 0
    for town, free in places.items():
        spare += max(0, shares[town] - free)
        shares[town] = min(shares[town], free)
    for town, free in places.items():
        more = min(spare, free - shares[town])
        shares[town], spare = shares[town] + more, spare - more
    return shares


def _swap(lives: dict[str, dict[str, int]]) -> None:
    for one, other in pairwise(lives):
        for town, home in ((one, other), (other, one)):
            lives[town][town] -= SWAPS
            lives[town][home] = lives[town].get(home, 0) + SWAPS
