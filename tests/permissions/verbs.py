"""The verbs of the services, and the permission for which each asks before it does anything.

`python -m tests.permissions.verbs` writes verbs.txt anew: read its diff before you commit it.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock, patch

from portal import services
from portal.errors import PermissionDenied
from portal.extensions import db

WRITTEN = Path(__file__).with_name("verbs.txt")
ASKS_LATER: dict[str, str] = {
    "audit.lines.list_own": "shows nobody's acts but the reader's own",
    "audit.looking.read": "writes down what a verb does that has asked",
    "audit.recording.record": "writes down what a verb does that has asked",
    "home.today_of": "asks for each part of the page",
    "jobs.post": "part of a verb that has asked",
    "pairings.arranging.arrange": "part of a verb that has asked",
    "pairings.arranging.not_about_oneself": "part of a verb that has asked",
    "volunteers.applications.count_applications": "none for whoever may not ask",
    "people.codes.issue": "part of a verb that has asked",
    "people.grants.add_post": "part of a verb that has asked",
    "people.grants.close": "part of a verb that has asked",
    "people.renewal.may_renew": "answers whether, and does nothing",
    "registers.batches.get_batch": "asks at the batch's unit, once it is found in the actor's own",
    "children.events.kinds_for": "answers which, and does nothing",
    "children.events.note": "part of a verb that has asked",
    "children.owning.own": "asks for the unit, within a verb that has asked",
    "children.owning.own_household": "asks for the side, within a verb that has asked",
    "children.promotion.carry_out": "asks in the preview it begins with",
    "children.transfers.carry_out": "the job after an answer that has asked; its row says accepted",
    "children.transfers.side_of_actor": "answers which, and does nothing",
    "children.census.signing.may_enter_for": "answers whether, and does nothing",
    "children.census.signing.may_send_back": "answers whether, and does nothing",
    "children.census.signing.next_step": "answers which, and does nothing",
    "children.census.signing.sign": "asks by step, once the step is known to be the next",
    "children.census.working.get_list": "asks at the list’s unit, once it is found in the actor's own",
    "children.census.working.is_worker": "answers whether, and does nothing",
    "children.census.working.may_work": "answers whether, and does nothing",
    "children.handover.check": "asks for each teacher whether she is the actor's to place",
    "children.handover.list_teachers": "names nobody to who may not place a class teacher",
    "children.matches.get_match": "asks at the pair’s unit, once it is found in the actor's own",
    "children.matches.read_match": "part of a page whose pair `get_match` has asked for",
    "children.covered.hidden_fields": "answers which, and does nothing",
    "children.editing.owns": "answers whether, and does nothing",
    "children.covered.may_lift_notes": "answers whether, and does nothing",
    "children.notes.may_end": "answers whether, and does nothing",
    "children.covered.show_field": "covers by role what a file already opened holds",
    "children.covered.show_notes": "covers by role what a file already opened holds",
    "units.places.get_unit": "asks whether the actor reaches the unit, once it is found",
    "units.rules.governs": "answers whether, and does nothing",
    "units.rules.require_above": "asks at the unit above, once it is found: the verbs of units.changes show it",
}
"""Verb → why it does not ask before anything else."""


class Asked(PermissionDenied):
    """The verb has asked for a permission and was told no."""


def _verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in pkgutil.walk_packages(services.__path__, "portal.services."):
        loaded = importlib.import_module(module.name)
        for name, verb in inspect.getmembers(loaded, inspect.isfunction):
            is_verb = verb.__module__ == module.name and not name.startswith("_")
            if is_verb and "actor" in inspect.signature(verb).parameters:
                yield f"{module.name.removeprefix('portal.services.')}.{name}", verb


VERBS = dict(_verbs())


REFUSES = "refuses"
"""A verb that turns such an actor away by a rule of its own."""


def asked_for(verb: Callable[..., Any]) -> str | None:
    """The permission for which a verb asks first, of an actor who may do nothing, and whether it asks for it at
    one place; None where it lets her on."""
    actor = MagicMock(name="actor")
    actor.require.side_effect = Asked
    actor.can.return_value = False
    given = {name: MagicMock(name=name) for name in inspect.signature(verb).parameters} | {"actor": actor}
    bound = inspect.signature(verb).bind(
        *(value for name, value in given.items() if _is_positional(verb, name)),
        **{name: value for name, value in given.items() if not _is_positional(verb, name)},
    )
    try:
        verb(*bound.args, **bound.kwargs)
    except Asked:
        asked = actor.require.call_args
        return f"{asked.args[0].value}{' at a place' if 'at' in asked.kwargs else ''}"
    except PermissionDenied:
        return REFUSES
    except Exception:
        return None
    return None


def _is_positional(verb: Callable[..., Any], name: str) -> bool:
    return inspect.signature(verb).parameters[name].kind is inspect.Parameter.POSITIONAL_ONLY


def listed() -> list[str]:
    """A line for every verb that asks first: its name and the permission. Needs an application's context."""
    asking = sorted(set(VERBS) - set(ASKS_LATER))
    return [f"{name} {asked_for(VERBS[name]) or 'NOTHING'}" for name in asking]


def main() -> None:
    """Write the file anew."""
    from tests.conftest import make_app

    with make_app("sqlite://").app_context(), patch.object(db.session, "get_one", MagicMock()):
        WRITTEN.write_text("\n".join(listed()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
