"""The 18-digit citizen identity number: form, check digit, birth date and sex (GB 11643-1999)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from portal.terms import RefusalReason, Sex

LENGTH = 18
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def normalise_id(text: str) -> str:
    """The number as it is stored: half-width, without blanks or a leading apostrophe, x as X."""
    text = unicodedata.normalize("NFKC", text)
    visible = "".join(mark for mark in text if unicodedata.category(mark) not in _INVISIBLE)
    return visible.lstrip("'`‘’").replace("x", "X")


def is_rounded(text: str) -> bool:
    """Whether a text is what Excel makes of a number of 18 digits (5.10821E+17)."""
    return bool(re.fullmatch(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{2}", text))


def check_character(first_seventeen: str) -> str:
    """The 18th character by ISO 7064 MOD 11-2. Raises ValueError unless given 17 ASCII digits."""
    if not re.fullmatch("[0-9]{17}", first_seventeen):
        raise ValueError("17 digits are needed")
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def find_fault(id_no: str) -> RefusalReason | None:
    """What is wrong with a normalised number, None if nothing is. Numbers of 15 digits do not pass.

    A sign that is no digit counts as a wrong check digit; the region digits are not checked.
    """
    if not id_no:
        return RefusalReason.ID_MISSING
    if len(id_no) != LENGTH:
        return RefusalReason.ID_LENGTH
    if not re.fullmatch("[0-9]{17}[0-9X]", id_no) or check_character(id_no[:17]) != id_no[17]:
        return RefusalReason.ID_CHECKSUM
    try:
        born_on(id_no)
    except ValueError:
        return RefusalReason.ID_DATE_INVALID
    return None


def born_on(id_no: str) -> date:
    """Birth date in the number. Raises ValueError if it holds none, such as 30 February."""
    if not re.fullmatch("[0-9]{8}", id_no[6:14]):
        raise ValueError("no date in the number")
    born = date(int(id_no[6:10]), int(id_no[10:12]), int(id_no[12:14]))
    if born.year < 1900:
        raise ValueError("nobody living was born then")
    return born


def sex_of(id_no: str) -> Sex:
    """Sex in the number: the 17th digit is odd for male."""
    return Sex.MALE if int(id_no[16]) % 2 else Sex.FEMALE
