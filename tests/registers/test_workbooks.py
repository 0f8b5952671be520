"""Written rosters: refused rows come back as they were, and no cell ever becomes a formula."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from portal.services.registers.blank_form import HOW_TO_FILL, blank_roster
from portal.services.registers.columns import Column
from portal.services.registers.places import VillageFinder
from portal.services.registers.roster import RosterRow, parse_roster
from portal.services.registers.sheet import Sheet, read_sheet
from portal.services.registers.workbooks import refused_workbook
from tests.factories.workbooks import HEADERS, child, roster
from tests.registers.test_roster import EXPECTED, SAMPLES, parse

HEADS = [
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
    "|",
    "%",
    "'=",
    " =",
    '"=',
]
PAYLOAD = 'HYPERLINK("http://x.test","a")'


def cells(data: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def refused_of(data: bytes) -> tuple[Sheet, list[tuple[RosterRow, str]]]:
    sheet = read_sheet(data)
    return sheet, [(row, f"第{row.row}行{row.reason.value}") for row in parse(sheet) if row.reason]


@pytest.fixture(scope="module")
def returned() -> bytes:
    return refused_workbook(*refused_of((SAMPLES / "roster-sample.xlsx").read_bytes()))


def test_refused_rows_come_back_in_the_same_layout(returned: bytes) -> None:
    page, original = cells(returned), cells((SAMPLES / "roster-sample.xlsx").read_bytes())
    for row in range(1, 5):
        assert [page.cell(row, at).value for at in range(1, 32)] == [
            original.cell(row, at).value for at in range(1, 32)
        ]
    assert {str(area) for area in page.merged_cells.ranges} == {
        str(area) for area in original.merged_cells.ranges
    }
    assert (page.cell(4, 32).value, page.max_column, page.max_row) == ("错误原因", 32, 14)
    assert page.cell(5, 32).value == "第131行id_checksum"
    assert [page.cell(5, at).value for at in range(1, 32)] == [
        original.cell(131, at).value for at in range(1, 32)
    ]


def test_refused_rows_read_again_have_the_same_reasons(returned: bytes) -> None:
    sheet = read_sheet(returned)
    assert Column.ERROR in sheet.columns
    found = [row.reason and row.reason.value for row in parse(sheet)]
    expected: list[str | None] = [reason["reason"] for reason in EXPECTED["refused"]]
    expected[expected.index("duplicate_in_file")] = None  # The row it repeats is not in this file.
    assert found == expected


def test_corrected_row_goes_in_and_the_others_come_back_once_more(returned: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(returned))
    page = book.worksheets[0]
    page["H10"] = "白岭乡茶山村"
    page["F12"] = "999901201107277784"
    buffer = io.BytesIO()
    book.save(buffer)
    sheet, refused = refused_of(buffer.getvalue())
    assert 10 not in [row.row for row, _ in refused]
    again = cells(refused_workbook(sheet, refused))
    assert again.max_column == 32
    assert [again.cell(4, at).value for at in range(1, 33)].count("错误原因") == 1


def test_every_cell_is_text_so_that_typed_id_numbers_survive(returned: bytes) -> None:
    page = cells(returned)
    formats = {page.cell(row, 6).number_format for row in range(5, 15)}
    assert formats == {"@"}
    assert page.column_dimensions["F"].width > 20
    assert page["F12"].data_type == "n"


def test_dates_come_back_as_dates() -> None:
    page = cells(refused_workbook(*refused_of(roster([child(姓名="", 出生日期=date(2018, 9, 6))]))))
    assert page["E5"].value.date() == date(2018, 9, 6)
    assert page["E5"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("head", HEADS)
def test_no_refused_cell_becomes_a_formula(head: str) -> None:
    hostile = {column: head + PAYLOAD for column in child() if "亲情况" not in column}
    sheet, refused = refused_of(roster([child(**hostile)]))
    data = refused_workbook(sheet, [(row, head + PAYLOAD) for row, _ in refused])
    assert_inert(data)
    written = [value for value in cells(data)[5] if PAYLOAD in str(value.value)]
    assert len(written) >= len(hostile)


@pytest.mark.parametrize("head", HEADS)
def test_no_cell_of_the_blank_form_becomes_a_formula(head: str) -> None:
    assert_inert(blank_roster(head + PAYLOAD, [head + PAYLOAD, "茶山村"]))


def assert_inert(data: bytes) -> None:
    """No formula, no link and no macro in any part of the file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            assert not re.search("vba|externallink", name.lower())
            if name.startswith("xl/worksheets/"):
                text = (
                    archive.read(name)
                    .decode()
                    .replace(PAYLOAD.replace('"', "&quot;"), "")
                    .replace(PAYLOAD, "")
                )
                assert not re.search("<f[ >]|hyperlink", text, re.IGNORECASE)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert not [1 for page in book for line in page for value in line if value.data_type == "f"]


def test_extra_columns_right_of_the_header_are_kept_left_of_the_reason() -> None:
    page = cells(
        refused_workbook(*refused_of(roster([child(姓名="")], after=[["", "", *[""] * 30, "便条"]])))
    )
    assert page.cell(4, 34).value == "错误原因"
    assert page.cell(6, 33).value == "便条"


def test_leading_blank_rows_and_columns_keep_their_places() -> None:
    data = refused_workbook(*refused_of(roster([child(姓名="")], above=6, left=2)))
    sheet = read_sheet(data)
    assert (sheet.rows[0].number, sheet.columns[Column.NAME]) == (9, 3)


def test_nothing_refused_gives_an_empty_form() -> None:
    assert read_sheet(refused_workbook(read_sheet(roster([child()])), [])).rows == ()


def test_blank_form_is_the_official_layout() -> None:
    page = cells(blank_roster("白岭九年制学校", ["茶山村"]))
    original = cells((SAMPLES / "roster-sample.xlsx").read_bytes())
    for row in (1, 3, 4):
        assert [page.cell(row, at).value for at in range(1, 32)] == [
            original.cell(row, at).value for at in range(1, 32)
        ]
    assert {str(area) for area in page.merged_cells.ranges} == {
        str(area) for area in original.merged_cells.ranges
    }
    assert page["A2"].value == "填报单位(盖章):白岭九年制学校"
    assert page.column_dimensions["F"].width > 20


def test_blank_form_has_choices_and_explains_itself() -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_roster("x", ["茶山村", "岩脚村"])))
    lists = {
        str(rule.sqref).split(":")[0]: rule.formula1
        for rule in book["花名册"].data_validations.dataValidation
    }
    assert lists["C5"] == '"男,女"'
    assert lists["N5"] == lists["S5"] == '"是,否"'
    assert lists["H5"] == "村名!$A$1:$A$2"
    assert book["村名"].sheet_state == "hidden"
    assert [cell.value for cell in book["村名"]["A"]] == ["茶山村", "岩脚村"]
    assert [cell.value for cell in book["填表说明"]["A"]] == list(HOW_TO_FILL)


def test_filled_blank_form_is_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_roster("白岭九年制学校", ["茶山村"])))
    row = child()
    for at, (group, header) in enumerate(HEADERS, start=1):
        book["花名册"].cell(5, at).value = row.get(
            f"{group}/{header}", row.get(header) if "亲" not in group else None
        )
    buffer = io.BytesIO()
    book.save(buffer)
    find = VillageFinder([("岩脚村", "白岭乡", 1)])
    sheet = read_sheet(buffer.getvalue())
    rows = parse_roster(sheet, find_village=find, is_inside_county=lambda _: False, as_of=date(2025, 6, 30))
    assert [(row.name, row.reason, row.village) for row in rows] == [("秦春苗", None, 1)]


def test_blank_form_without_villages() -> None:
    assert read_sheet(blank_roster("x", [])).rows == ()
