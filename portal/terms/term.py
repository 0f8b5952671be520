"""What every stored word of the field is: a value that stays and a label for people."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self


class Term(StrEnum):
    """An enum whose members carry a `label` for people: `TALK = "talk", _l("talk")`."""

    label: Any

    def __new__(cls, value: str, label: Any = None) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label if label is not None else value
        return member
