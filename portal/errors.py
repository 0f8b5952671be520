"""What can go wrong in the domain, as named errors. The web turns each into one answer."""

from __future__ import annotations

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
