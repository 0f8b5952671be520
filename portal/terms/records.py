"""Words of returns, jobs, rosters and the audit."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.terms.term import Term


class SubmissionState(Term):
    DRAFT = "draft", _l("draft")
    SIGNED = "signed", _l("signed")
    SUBMITTED = "submitted", _l("submitted")
    RETURNED = "returned", _l("sent back")
    ACCEPTED = "accepted", _l("accepted")
    ARCHIVED = "archived", _l("archived")


class JobState(Term):
    WAITING = "waiting", _l("waiting")
    RUNNING = "running", _l("running")
    DONE = "done", _l("done")
    FAILED = "failed", _l("failed")
    CANCELLED = "cancelled", _l("cancelled")


class ImportState(Term):
    READING = "reading", _l("being read")
    PREVIEWED = "previewed", _l("waiting for your confirmation")
    COMMITTING = "committing", _l("being taken in")
    COMMITTED = "committed", _l("taken in")
    REFUSED = "refused", _l("file refused")


class RowOutcome(Term):
    NEW = "new", _l("new")
    CHANGED = "changed", _l("changed")
    UNCHANGED = "unchanged", _l("unchanged")
    REFUSED = "refused", _l("refused")


class RefusalReason(Term):
    """Why one row of a roster cannot be taken (contract.md §5); the label tells the clerk what to do."""

    NAME_MISSING = "name_missing", _l("The name is missing: write the child's full name.")
    ID_MISSING = "id_missing", _l("The ID number is missing: write all 18 digits.")
    ID_LENGTH = "id_length", _l("The ID number does not have 18 digits: check it against the household book.")
    ID_CHECKSUM = "id_checksum", _l("The ID number is mistyped: its check digit does not fit.")
    ID_NUMBER_IS_A_ROUNDED_NUMBER = (
        "id_number_is_a_rounded_number",
        _l("Excel rounded the ID number: format the cell as text and type it again."),
    )
    ID_DATE_INVALID = (
        "id_date_invalid",
        _l("The ID number holds a date that does not exist: check digits 7 to 14."),
    )
    BIRTH_DATE_INVALID = "birth_date_invalid", _l("There is no such birth date: write it like 2015-06-12.")
    BIRTH_DATE_DIFFERS_FROM_ID = (
        "birth_date_differs_from_id",
        _l("The birth date and the ID number differ: one of them is wrong."),
    )
    SEX_DIFFERS_FROM_ID = "sex_differs_from_id", _l("The sex and the ID number differ: one of them is wrong.")
    BIRTH_DATE_IN_FUTURE = (
        "birth_date_in_future",
        _l("The birth date lies in the future: check the year."),
    )
    SEX_UNREADABLE = "sex_unreadable", _l("The sex cannot be read: write 男 or 女.")
    VILLAGE_MISSING = (
        "village_missing",
        _l("The place of residence is missing: write township and village."),
    )
    VILLAGE_UNKNOWN = (
        "village_unknown",
        _l("This county has no such village, or several: write township and village, like 白岭乡茶山村."),
    )
    AWAY_SINCE_IN_FUTURE = (
        "away_since_in_future",
        _l("The parent would leave only in the future: check the month."),
    )
    CAPABILITY_UNREADABLE = (
        "capability_unreadable",
        _l("It is not clear whether the parent at home can care for the child: write 有 or 无."),
    )
    TEXT_TOO_LONG = "text_too_long", _l("A text in this row is too long: shorten it.")
    ON_FILE_ELSEWHERE = (
        "on_file_elsewhere",
        _l("Another unit of the county keeps this child's file: ask it for a transfer."),
    )
    DUPLICATE_IN_FILE = "duplicate_in_file", _l("This child stands in the file twice: keep one row.")
    AWAY_UNREADABLE = (
        "away_unreadable",
        _l("It is not clear whether the parent is away: write yes or no, and since which month."),
    )


class ActKind(Term):
    """What an audit line is about, for the reader who filters."""

    LOOK = "look", _l("looked at a file")
    CHANGE = "change", _l("changed something")
    EXPORT = "export", _l("took a list out")
    SIGN_IN = "sign_in", _l("signed in or out")
    GRANT = "grant", _l("roles and accounts")
    ALERT = "alert", _l("out of the ordinary")
