"""The 18-digit ID number: check digit, date, sex and the ways it is typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.services.registers.identity import (
    born_on,
    check_character,
    find_fault,
    is_rounded,
    normalise_id,
    sex_of,
)
from portal.terms import RefusalReason, Sex
from tests.factories.workbooks import id_number

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
SEQUENCES = st.integers(0, 999)
FULL_WIDTH = str.maketrans("0123456789X", "".join(chr(0xFF10 + n) for n in range(10)) + "\uff38")


def test_example_of_the_standard() -> None:
    assert check_character("11010519491231002") == "X"
    assert find_fault("11010519491231002X") is None
    assert (born_on("11010519491231002X"), sex_of("11010519491231002X")) == (date(1949, 12, 31), Sex.FEMALE)


@given(born=DAYS, sequence=SEQUENCES)
def test_right_numbers_pass_and_tell_date_and_sex(born: date, sequence: int) -> None:
    number = id_number(born, sequence)
    assert find_fault(number) is None
    assert born_on(number) == born
    assert sex_of(number) is (Sex.MALE if sequence % 2 else Sex.FEMALE)


@given(born=DAYS, sequence=SEQUENCES, at=st.integers(0, 16), step=st.integers(1, 9))
def test_one_wrong_digit_never_passes(born: date, sequence: int, at: int, step: int) -> None:
    number = id_number(born, sequence)
    wrong = number[:at] + str((int(number[at]) + step) % 10) + number[at + 1 :]
    assert find_fault(wrong) is RefusalReason.ID_CHECKSUM


@given(born=DAYS, sequence=SEQUENCES, at=st.integers(0, 15))
def test_two_swapped_digits_never_pass(born: date, sequence: int, at: int) -> None:
    number = id_number(born, sequence)
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert swapped == number or find_fault(swapped) is RefusalReason.ID_CHECKSUM


@given(
    born=DAYS, sequence=SEQUENCES, blank=st.sampled_from([" ", "\u3000", "\xa0", "\u200b", "\ufeff", "\t"])
)
def test_every_way_of_typing_gives_the_same_number(born: date, sequence: int, blank: str) -> None:
    number = id_number(born, sequence)
    written = blank + blank.join((number[:6], number[6:14], number[14:])).lower() + blank
    assert normalise_id(written) == number
    assert normalise_id("'" + number.translate(FULL_WIDTH)) == number


@given(text=st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    number = normalise_id(text)
    assert find_fault(number) is None or isinstance(find_fault(number), RefusalReason)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("", RefusalReason.ID_MISSING),
        ("999901180906004", RefusalReason.ID_LENGTH),
        ("99990120180906004", RefusalReason.ID_LENGTH),
        ("9999012018090600455", RefusalReason.ID_LENGTH),
        ("9999012018********", RefusalReason.ID_CHECKSUM),
        ("99990120180906X045", RefusalReason.ID_CHECKSUM),
        ("٩٩٩٩٠١٢٠١٨٠٩٠٦٠٠٤٥", RefusalReason.ID_CHECKSUM),
        ("99990120130230001" + check_character("99990120130230001"), RefusalReason.ID_DATE_INVALID),
        ("99990118000101001" + check_character("99990118000101001"), RefusalReason.ID_DATE_INVALID),
    ],
)
def test_faults(number: str, fault: RefusalReason) -> None:
    assert find_fault(number) is fault


def test_rounded_numbers_in_text() -> None:
    assert is_rounded("9.99901E+17")
    assert is_rounded("5e17")
    assert not is_rounded("999901201809060045")


@pytest.mark.parametrize("text", ["", "1", "1234567890123456a", "12345678901234567 "])
def test_check_character_wants_digits(text: str) -> None:
    with pytest.raises(ValueError, match="17 digits"):
        check_character(text)
