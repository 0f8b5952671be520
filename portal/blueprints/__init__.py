"""The front rooms. `rooms()` lists them in the order of the house's floor plan."""

from __future__ import annotations

from flask import Blueprint

from portal.blueprints import (
    accounts,
    audit,
    children,
    home,
    leadership,
    pairings,
    patterns,
    registers,
    reports,
    units,
    visits,
    volunteers,
)

ROOMS = (
    home,
    accounts,
    units,
    leadership,
    volunteers,
    children,
    pairings,
    visits,
    reports,
    registers,
    audit,
    patterns,
)


def rooms() -> list[Blueprint]:
    """Every room's blueprint."""
    return [room.bp for room in ROOMS]
