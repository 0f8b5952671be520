"""Loads every mapped class. Imported by the app factory and the migrations, by nobody else."""

from portal.models import (
    accounts,
    audit,
    children,
    jobs,
    leadership,
    pairings,
    people,
    registers,
    visits,
    volunteers,
)
from portal.models import units as unit_history
from portal.models.reports import cells, submissions
from portal.tenancy import memberships, units

__all__ = [
    "accounts",
    "audit",
    "cells",
    "children",
    "jobs",
    "leadership",
    "memberships",
    "pairings",
    "people",
    "registers",
    "submissions",
    "unit_history",
    "units",
    "visits",
    "volunteers",
]
