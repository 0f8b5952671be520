"""The log read aloud: an action and its details as a sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.services.audit.words.children import CHILDREN
from portal.services.audit.words.helping import HELPING
from portal.services.audit.words.house import HOUSE
from portal.services.audit.words.sentence import Sentence
from portal.terms import ActKind

SENTENCES: dict[str, Sentence] = dict(sorted({**HOUSE, **CHILDREN, **HELPING}.items()))
"""Action → sentence, sorted. Details may lack a place: then a dash stands there."""

UNKNOWN = Sentence(ActKind.CHANGE, _l("did something this version has no words for"))


class _Places(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def kind_of(action: str) -> ActKind:
    """What an action is about."""
    return SENTENCES.get(action, UNKNOWN).kind


def tells(action: str, detail: str) -> bool:
    """Whether the action's sentence speaks of this detail itself."""
    return f"%({detail})s" in str(SENTENCES.get(action, UNKNOWN).text)


def sentence_of(action: str, details: Mapping[str, Any]) -> str:
    """What was done, in the reader's language."""
    known = SENTENCES.get(action, UNKNOWN)
    return str(known.text) % _Places({key: _word(known, key, value) for key, value in details.items()})


def _word(known: Sentence, key: str, value: Any) -> Any:
    term = known.terms.get(key)
    return str(term(value).label) if term is not None and value in set(term) else value


def actions_of(kind: ActKind) -> list[str]:
    """The actions of one kind, for the filter."""
    return [action for action, known in SENTENCES.items() if known.kind is kind]
