"""Who may write which side of a file: a unit writes the children of its own, and of them its own part."""

from __future__ import annotations

from portal.errors import NotFound, PermissionDenied
from portal.models.children import Child
from portal.tenancy.actor import Actor
from portal.tenancy.units import Unit


def own(child: Child, actor: Actor) -> None:
    """Raise NotFound unless the child is of the actor's own unit: a higher level never writes below itself."""
    if actor.unit.id not in (child.village_id, child.school_id):
        raise NotFound("child")


def keeper_of_household(child: Child) -> Unit:
    """The unit that keeps what is of the family: the village, or the school of a child from outside."""
    found = child.village or child.school
    assert found is not None, "every child has a side"
    return found


def own_household(child: Child, actor: Actor) -> None:
    """Raise NotFound for a child of another unit, PermissionDenied where the other side keeps the family."""
    own(child, actor)
    if keeper_of_household(child).id != actor.unit.id:
        raise PermissionDenied("the family is the village’s to write down")
