"""The shape of a sentence of the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.terms import ActKind, Term


@dataclass(frozen=True)
class Sentence:
    """One action's kind, words, and the terms whose values stand in its details."""

    kind: ActKind
    text: Any
    terms: Mapping[str, type[Term]] = field(default_factory=dict)


class Span(Term):
    """The times over which openings of files are counted."""

    HOUR = "hour", _l("hour")
    DAY = "day", _l("day and night")
