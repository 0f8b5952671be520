"""Each `actor.require` of the services left out in turn: at least one test goes red (T38).

Most are noticed at once, by `tests/permissions/test_verbs.py` in this process; of the others the tests of the
room are asked.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from types import CodeType
from unittest.mock import MagicMock

import pytest
from flask import Flask

from portal.config import ROOT
from portal.extensions import db
from tests.mutations.families import verbs
from tests.mutations.mutants import Mutant
from tests.permissions.verbs import ASKS_LATER, VERBS, asked_for

SILENT = list(verbs())


@pytest.mark.long
@pytest.mark.parametrize("mutant", SILENT, ids=[mutant.name for mutant in SILENT])
def test_a_verb_that_does_not_ask_is_noticed(
    mutant: Mutant, sqlite_app: Flask, is_noticed: Callable[[Mutant], bool]
) -> None:
    assert _is_noticed_at_once(mutant, sqlite_app) or is_noticed(mutant), f"{mutant.name} lives"


def _is_noticed_at_once(mutant: Mutant, app: Flask) -> bool:
    """The functions of the module run the mutant's code while every verb of the module is asked."""
    name = ".".join(mutant.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(name)
    room = name.removeprefix("portal.services.")
    of_the_module = [verb for verb in set(VERBS) - set(ASKS_LATER) if verb.rpartition(".")[0] == room]
    with pytest.MonkeyPatch.context() as patched, app.app_context():
        patched.setattr(db.session, "get_one", MagicMock())
        written = {verb: asked_for(VERBS[verb]) for verb in of_the_module}
        for code in compile(mutant.source(), str(mutant.path), "exec").co_consts:
            function = getattr(module, code.co_name, None) if isinstance(code, CodeType) else None
            if inspect.isfunction(function) and function.__code__.co_freevars == code.co_freevars:
                patched.setattr(function, "__code__", code)
        return any(asked_for(VERBS[verb]) != permission for verb, permission in written.items())
