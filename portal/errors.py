"""What can go wrong in the domain, as named errors. The web turns each into one answer."""

from __future__ import annotations

import traceback
from typing import Any


class PortalError(Exception):
    """Base of every error the domain raises on purpose."""


class NotFound(PortalError):
    """No such row inside the actor's scope. Outside the scope reads the same as nonexistent."""


class PermissionDenied(PortalError):
    """The actor sees the unit but her role does not allow the act there."""


class ScopeError(PortalError):
    """The wall refused: no scope, a second scope, or a write outside it. Always a fault of ours."""


class Unaudited(PortalError):
    """A transaction changed rows and left no audit line: it is not committed. Always a fault of ours."""


class SealBroken(PortalError):
    """A sealed text does not open: changed outside the portal, moved to another row, or its key is missing."""


class Refused(PortalError):
    """The act breaks a rule of the domain. `message` is a full sentence for the person who tried.

    `field` names the input it belongs to, if one does. `others` are further refusals of the same try.
    """

    def __init__(self, message: Any, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field
        self.others: tuple[Refused, ...] = ()


class FileRefused(Refused):
    """An uploaded file as a whole cannot be taken. `code` is stable, `message` says what to do."""

    def __init__(self, code: str, message: Any) -> None:
        super().__init__(message)
        self.code = code


class Conflict(PortalError):
    """Somebody else changed the row meanwhile."""


def without_words(error: BaseException) -> str:
    """An error as a log may keep it: the kinds of the whole chain and the places they passed, oldest first.

    What an error says is left out: databases and parsers quote the row or the text they stumbled over.
    Of a database's error its code and the constraint stay.
    """
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n".join(line for one in reversed(chain) for line in _lines(one))


def _lines(error: BaseException) -> list[str]:
    places = [f"  {at.filename}:{at.lineno} in {at.name}" for at in traceback.extract_tb(error.__traceback__)]
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    known = [str(word) for word in (getattr(error, "sqlstate", None), constraint) if word]
    return [*places, " ".join([f"{type(error).__module__}.{type(error).__qualname__}", *known])]
