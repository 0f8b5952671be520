"""Pupils of the demo county who help each other: buddies of three children in each class, care representatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from portal.cli.seed.book import Book, Place, stream
from portal.cli.seed.people import Staff
from portal.cli.seed.records import ChildRef
from portal.models.pairings import ClassCareRep, PeerBuddy
from portal.tenancy.columns import FOREVER
from portal.terms import BuddyKind

SINCE = date(2024, 9, 16)
HELPED = 3
"""Children of a class who have a buddy in the demo county; the school goes on from there."""
_TASKS = {
    BuddyKind.LITTLE_TEACHER: "午休时讲一道数学题",
    BuddyKind.STUDY_HELPER: "一起检查作业",
    BuddyKind.FRIENDS: "放学结伴回家",
    BuddyKind.GROUP: "同一学习小组",
}


def add_class_help(
    book: Book, staff: Staff, children: Sequence[ChildRef], places: Mapping[str, Place]
) -> None:
    """Add buddies and care representatives, class by class."""
    rng = stream("class help")
    rooms: dict[tuple[str, str], list[ChildRef]] = {}
    for child in children:
        if child.draft.is_pupil:
            rooms.setdefault((child.seat.school.row.key, child.seat.group.name), []).append(child)
    for (school, name), pupils in rooms.items():
        teacher = staff.class_teachers[school, name]
        for child, buddy in pairwise(pupils[: HELPED + 1]):
            kind = rng.choice(list(BuddyKind))
            book.add(
                PeerBuddy, f"{child.draft.key}/{buddy.draft.key}", **child.about, kind=kind, buddy_id=buddy.id,
                buddy_name=buddy.family.name, task=_TASKS[kind], starts_on=SINCE, ends_on=FOREVER,
                person_id=teacher.id,
            )  # fmt: skip
        book.add(
            ClassCareRep, f"{school}/{name}", **places[school].scope, class_id=book.classes[school, name],
            pupil=rng.choice(pupils).family.name, duty="留意情绪低落或缺勤的同学，告诉班主任", since=SINCE,
            until=FOREVER,
        )  # fmt: skip
