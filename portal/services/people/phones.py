"""Phone numbers: as typed, and as they are compared."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import func

from portal.models.accounts import Person


def phone_digits(typed: str) -> str:
    """The digits of a phone number; empty if anything else was typed."""
    bare = re.sub(r"[\s\-－]", "", typed).removeprefix("+86")
    return bare if re.fullmatch(r"[0-9]+", bare) else ""


def by_phone() -> Any:
    """A person's phone number as it is compared."""
    return func.replace(func.replace(Person.phone, "-", ""), " ", "")
