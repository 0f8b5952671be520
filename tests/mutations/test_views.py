"""Each guard of a view exchanged in turn: the list of addresses notices (T38)."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.tenancy.permissions import Permission
from portal.web.guards import GUARD, guard_of
from tests.architecture.test_routes import (
    test_every_address_is_listed_with_its_guard as every_address_is_listed,
)


def test_a_view_with_another_guard_or_none_is_noticed(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = sqlite_app.view_functions.items()
    guards = {name: guard_of(view) for name, view in views if isinstance(guard_of(view), Permission)}
    every_address_is_listed(sqlite_app)
    alive = []
    for name, guard in guards.items():
        for instead in ("public: mutant", *(set(Permission) - {guard})):
            with monkeypatch.context() as patched:
                patched.setattr(sqlite_app.view_functions[name], GUARD, instead)
                try:
                    every_address_is_listed(sqlite_app)
                    alive.append((name, instead))
                except AssertionError:
                    pass
    assert (len(guards) > 40, alive) == (True, [])
