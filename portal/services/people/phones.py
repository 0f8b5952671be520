"""Phone numbers as they are typed into a search or a form."""

from __future__ import annotations

import re

from portal.models.accounts import phone_key


def phone_digits(typed: str) -> str:
    """The number as it is compared; empty if anything but a phone number was typed."""
    return phone_key(typed) if re.fullmatch(r"\+?[\d\s\-－]+", typed.strip()) else ""
