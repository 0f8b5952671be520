"""A clock to turn: sessions, locks and codes go by `portal.config.clock`, and by no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest


class Clock:
    """Stands still at a moment until a test lets it pass."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = datetime.now(UTC)
        monkeypatch.setattr("portal.config.clock", lambda: self.at)

    def pass_(self, **time: float) -> None:
        """Let time go by: `pass_(minutes=16)`."""
        self.at += timedelta(**time)
