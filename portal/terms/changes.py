"""Words of what happens to a child’s file: events, proposals, transfers, the census."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.terms.term import Term


class EventKind(Term):
    """动态变动: what happened to a child, in the order of the official change table."""

    FILED = "filed", _l("newly found")
    TRANSFERRED_IN = "transferred_in", _l("moved in")
    PARENT_LEFT = "parent_left", _l("a parent went away")
    BACK_IN_SCHOOL = "back_in_school", _l("back in school")
    GUARDIAN_CHANGED = "guardian_changed", _l("another guardian")
    PARENT_RETURNED = "parent_returned", _l("a parent came back")
    JOINED_PARENTS = "joined_parents", _l("went to live with the parents")
    TRANSFERRED_OUT = "transferred_out", _l("moved away")
    TURNED_SIXTEEN = "turned_sixteen", _l("turned sixteen")
    GRADUATED = "graduated", _l("left school with the final grade")
    DROPPED_OUT = "dropped_out", _l("dropped out of school")
    DIED = "died", _l("died")
    FILED_BY_MISTAKE = "filed_by_mistake", _l("was filed by mistake")
    MERGED = "merged", _l("two files of one child were joined")
    CORRECTED = "corrected", _l("a fact was corrected")


class ExitKind(Term):
    """Why a file is no longer kept up (security design §3.6)."""

    PARENTS_BACK = "parents_back", _l("the parents are back")
    JOINED_PARENTS = "joined_parents", _l("went to live with the parents")
    SIXTEEN = "sixteen", _l("is sixteen")
    GROWN = "grown", _l("is eighteen")
    MOVED_AWAY = "moved_away", _l("moved to another county")
    DIED = "died", _l("died")
    MISTAKE = "mistake", _l("was filed by mistake")
    MERGED = "merged", _l("was one of two files of one child")


class ProposalState(Term):
    OPEN = "open", _l("waits for an answer")
    ACCEPTED = "accepted", _l("taken over")
    REFUSED = "refused", _l("not taken over")
    WITHDRAWN = "withdrawn", _l("withdrawn")


class TransferState(Term):
    OFFERED = "offered", _l("waits for the other side")
    ACCEPTED = "accepted", _l("accepted")
    DONE = "done", _l("has moved")
    REFUSED = "refused", _l("refused")
    WITHDRAWN = "withdrawn", _l("withdrawn")
    FAILED = "failed", _l("could not be carried out")


class TransferReason(Term):
    SCHOOL = "school", _l("changes school")
    NEXT_SCHOOL = "next_school", _l("goes on to the next school")
    FAMILY_MOVED = "family_moved", _l("the family moved")
    NEW_GUARDIAN = "new_guardian", _l("lives with another guardian")
    OTHER = "other", _l("another reason")


class CensusState(Term):
    """How far one list of a census is: three names sign (填表人, 复核人, 单位负责人)."""

    TO_DO = "to_do", _l("to be worked through")
    FILLED = "filled", _l("filled in")
    CHECKED = "checked", _l("checked")
    SIGNED = "signed", _l("signed")


class LineVerdict(Term):
    """What the census found of one child."""

    OPEN = "open", _l("not looked at yet")
    CONFIRMED = "confirmed", _l("unchanged")
    CORRECTED = "corrected", _l("corrected")
    ADDED = "added", _l("added")
    REMOVED = "removed", _l("taken off")


class RemovalReason(Term):
    """Why the census takes a child off a list."""

    PARENTS_BACK = "parents_back", _l("the parents are back")
    JOINED_PARENTS = "joined_parents", _l("went to live with the parents")
    MOVED = "moved", _l("moved away")
    SIXTEEN = "sixteen", _l("is sixteen")
    GROWN = "grown", _l("is eighteen")
    DIED = "died", _l("died")
    UNKNOWN_HERE = "unknown_here", _l("nobody here knows the child")
    MISTAKE = "mistake", _l("was filed by mistake")


class DoubtKind(Term):
    """What school and village see differently."""

    ONLY_SCHOOL = "only_school", _l("found by the school only")
    ONLY_VILLAGE = "only_village", _l("found by the village only")
    CONFLICT = "conflict", _l("the two sides say different things")
    TWICE = "twice", _l("two files may be one child")
    NO_SIDE = "no_side", _l("one side is missing")


class MatchState(Term):
    """Whether two files are of one child, as the two units that keep them say."""

    OPEN = "open", _l("nobody has answered")
    HALF = "half", _l("one side says: the same child")
    JOINED = "joined", _l("joined")
    APART = "apart", _l("two children")
    UNDONE = "undone", _l("joined and taken apart again")
