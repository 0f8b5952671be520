"""Those who look at the world of these tests, and what each may see of it, written down by hand."""

from __future__ import annotations

from portal.tenancy.scope import Scope
from tests.factories.world import World, scope_of, teacher_scope

SEES: dict[str, set[str]] = {
    "county": {"a1", "a2", "b1", "b2", "a1b", "home", "boarder"},
    "town_a": {"a1", "a2", "a1b", "home"},
    "town_b": {"b1", "b2", "a1b", "boarder"},
    "village_a1": {"a1", "a1b", "home"},
    "village_b2": {"b2"},
    "school_a": {"a1", "a2"},
    "school_b": {"b1", "b2", "a1b", "boarder"},
    "class_teacher": {"a1"},
    "former_teacher": set(),
    "volunteer": {"a1b"},
    "far_county": {"far"},
    "far_village": {"far"},
    "far_volunteer": {"far"},
    "nobody": set(),
}
"""Viewer → labels of the children in sight (tests/factories/world.py)."""


def scope_for(viewer: str, world: World) -> Scope | None:
    """The scope in which a viewer's session runs; `nobody` has none."""
    near, far = world.near, world.far
    if viewer == "nobody":
        return None
    if viewer in ("class_teacher", "former_teacher"):
        return teacher_scope(world.posts["teacher" if viewer == "class_teacher" else "former"])
    if viewer == "volunteer":
        return scope_of(world.helpers["a1b"], county=near.county)
    if viewer == "far_volunteer":
        return scope_of(world.helpers["far"], county=far.county)
    if viewer == "far_village":
        return scope_of(far.village_a1, county=far.county)
    if viewer == "far_county":
        return scope_of(far.county, county=far.county)
    return scope_of(getattr(near, viewer), county=near.county)
