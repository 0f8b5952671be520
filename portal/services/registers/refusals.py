"""The sentences with which a whole workbook is refused; each code is stable and used in audit and CLI."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from portal.errors import FileRefused

SENTENCES = {
    "not_a_workbook": _l(
        "This file is not a workbook or it is damaged: open it in Excel or WPS and save it as .xlsx."
    ),
    "encrypted": _l("The workbook has a password: remove the password, save it and upload it again."),
    "macros": _l("The workbook contains macros: save it as .xlsx without macros and upload it again."),
    "zip_bomb": _l(
        "The workbook is packed in an unusual way or contains other files: "
        "copy the roster into the empty form and upload that."
    ),
    "too_large": _l("The file is larger than 20 MB: upload the roster of one school or township at a time."),
    "too_heavy": _l(
        "Reading the workbook takes too much time or memory: "
        "copy the roster into the empty form and upload that."
    ),
    "too_many_rows": _l("The roster has more than 50,000 rows: split it by township or school."),
    "no_roster_header": _l(
        "No sheet has a header row with 姓名 and 公民身份证号码: use the official form of the roster."
    ),
}


def refused(code: str) -> FileRefused:
    """The error to raise for `code`, with its sentence."""
    return FileRefused(code, SENTENCES[code])


def columns_missing(headers: Iterable[str]) -> FileRefused:
    """The error for a roster that lacks compulsory columns, which it names."""
    names = "、".join(headers)
    return FileRefused(
        "columns_missing",
        _l("The roster lacks compulsory columns: %(columns)s. Use the official form.", columns=names),
    )
