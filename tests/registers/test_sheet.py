"""Reading a workbook: which sheet, which rows, which columns, and whole files that are refused."""

from __future__ import annotations

import io
import random
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from portal.errors import FileRefused
from portal.services.registers.columns import Column
from portal.services.registers.sheet import read_sheet
from tests.factories.workbooks import (
    HEADERS,
    child,
    id_number,
    many,
    open_document,
    roster,
)

SAMPLE = Path(__file__).parents[2] / "samples" / "roster-sample.xlsx"


def code_of(data: bytes) -> str:
    """The code with which a file is refused."""
    with pytest.raises(FileRefused) as caught:
        read_sheet(data, "roster.xlsx")
    assert str(caught.value.message)
    return caught.value.code


def test_sample_has_its_own_row_numbers_and_all_columns() -> None:
    sheet = read_sheet(SAMPLE.read_bytes(), "roster-sample.xlsx")
    numbers = [row.number for row in sheet.rows]
    assert (len(numbers), numbers[0], numbers[-1]) == (130, 5, 140)
    assert {14, 114}.isdisjoint(numbers)
    assert set(Column) - set(sheet.columns) == {Column.GRADE, Column.ERROR}
    assert [row.number for row in sheet.header] == [3, 4]
    assert sheet.titles[0].cells[0] == "农村留守儿童基本情况登记表"
    assert (2, 12, 2, 16) in sheet.merged


@pytest.mark.parametrize(("above", "left"), [(2, 0), (0, 0), (7, 0), (3, 2), (20, 5)])
def test_row_numbers_stay_true_with_blank_rows_and_columns_before(above: int, left: int) -> None:
    sheet = read_sheet(roster([child(), child(姓名="乙")], above=above, left=left))
    assert [row.number for row in sheet.rows] == [above + 3, above + 4]
    assert sheet.rows[1].cell(sheet.columns[Column.NAME]) == "乙"
    book = openpyxl.load_workbook(io.BytesIO(roster([child()], above=above, left=left)))
    assert book.active.cell(above + 3, sheet.columns[Column.NAME] + 1).value == "秦春苗"


@pytest.mark.parametrize("seed", range(5))
def test_order_of_columns_does_not_matter(seed: int) -> None:
    headers = list(HEADERS)
    random.Random(seed).shuffle(headers)
    sheet = read_sheet(roster([child()], headers=headers, merge=False))
    row = sheet.rows[0]
    assert row.cell(sheet.columns[Column.ID_NO]) == "999901201809060045"
    assert row.cell(sheet.columns[Column.FATHER_NAME]) == "赵建军"
    assert row.cell(sheet.columns[Column.MOTHER_PHONE]) == "100-0000-0001"


def test_groups_without_merged_cells_and_with_unknown_columns() -> None:
    headers = [*HEADERS[:5], ("儿童基本情况", "特长"), *HEADERS[5:], ("", "班主任")]
    sheet = read_sheet(roster([child()], headers=headers))
    assert sheet.rows[0].cell(sheet.columns[Column.MOTHER_NAME]) == "赵桂芳"
    assert len(sheet.columns) == len(HEADERS)


def test_one_header_row_with_line_breaks_and_brackets() -> None:
    words = [
        "*姓  名",
        "身份\n证号",
        "家庭住址",
        "父亲姓名",
        "父亲是否外出务工(是/否)",
        "母亲是否\n外出务工",
        "监护人电话",
    ]
    headers = [("", word) for word in words]
    data = roster([{"*姓  名": "甲", "身份\n证号": "x"}], headers=headers)
    sheet = read_sheet(data)
    assert list(sheet.columns) == [
        Column.NAME, Column.ID_NO, Column.RESIDENCE, Column.FATHER_NAME, Column.FATHER_AWAY,
        Column.MOTHER_AWAY, Column.GUARDIAN_PHONE,
    ]  # fmt: skip


def test_child_headers_above_the_parents_second_row() -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "身份证号码", "现居住地", "父亲情况", None, "母亲情况", None])
    book.active.append([None, None, None, "姓名", "是否外出务工", "姓名", "是否外出务工"])
    book.active.append(["甲", "1", "乙村", "丙", "是", "丁", "否"])
    for area in ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1"):
        book.active.merge_cells(area)
    sheet = read_sheet(saved(book))
    assert [sheet.columns[column] for column in (Column.NAME, Column.FATHER_AWAY, Column.MOTHER_AWAY)] == [
        0,
        4,
        6,
    ]
    assert [row.number for row in sheet.rows] == [3]


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_optional_columns_may_be_missing_and_compulsory_ones_are_named() -> None:
    few = {"姓名", "公民身份证号码", "现居住地", "是否外出务工"}
    kept = [
        (group, word) for group, word in HEADERS if word in few and not ("亲" in group and word == "姓名")
    ]
    assert len(read_sheet(roster([child()], headers=kept)).rows) == 1
    with pytest.raises(FileRefused) as caught:
        read_sheet(roster([child()], headers=[pair for pair in HEADERS if pair[1] != "现居住地"]))
    assert caught.value.code == "columns_missing"
    assert "现居住地" in str(caught.value.message)


def test_visible_sheet_with_the_header_is_found_among_others() -> None:
    book = openpyxl.load_workbook(io.BytesIO(roster([child(姓名="甲")])))
    hidden = book.copy_worksheet(book.active)
    hidden.sheet_state = "hidden"
    hidden["B5"] = "隐藏"
    cover = book.create_sheet("封面", 0)
    cover["A1"] = "说明"
    book.move_sheet(hidden, -2)
    sheet = read_sheet(saved(book))
    assert (sheet.name, sheet.rows[0].cells[1]) == ("花名册", "甲")
    book.remove(book["花名册"])
    assert code_of(saved(book)) == "no_roster_header"


@pytest.mark.parametrize(
    "last", [["合计", 2], ["合 计:"], ["", "单位负责人:"], ["单位负责人:", "", "复核人:"]]
)
def test_total_line_ends_the_data(last: list[object]) -> None:
    below = child(姓名="甲")
    line = ["", below["姓名"], "", "", "", id_number()]
    sheet = read_sheet(roster([child()], after=[last, line]))
    assert len(sheet.rows) == 1
    assert sheet.rows_after_end == 1


def test_preprinted_serials_and_repeated_headers_are_no_data() -> None:
    repeated = [word for _, word in HEADERS]
    groups = ["序号", "儿童基本情况"]
    sheet = read_sheet(roster([child()], after=[[2], [3, "  "], groups, repeated, ["", "乙"]]))
    assert [row.number for row in sheet.rows] == [5, 10]


def test_values_merged_downwards_count_for_each_row() -> None:
    families = [
        child(),
        child(姓名="乙", 父亲_姓名="", 父亲_是否外出务工="", 父亲_外出时间="", 父亲_务工地点=""),
    ]
    book = openpyxl.load_workbook(io.BytesIO(roster(families)))
    for letter in "MNOP":
        book.active.merge_cells(f"{letter}5:{letter}6")
    sheet = read_sheet(saved(book))
    assert sheet.rows[1].cell(sheet.columns[Column.FATHER_AWAY]) == "是"
    assert sheet.rows[1].cell(sheet.columns[Column.NAME]) == "乙"


def test_dates_numbers_and_long_texts_arrive_as_such() -> None:
    sheet = read_sheet(roster([child(出生日期=date(2018, 9, 6), 公民身份证号码=9.99e17, 备注="长" * 5000)]))
    cells = sheet.rows[0]
    assert cells.cell(sheet.columns[Column.BIRTH_DATE]) == date(2018, 9, 6)
    assert isinstance(cells.cell(sheet.columns[Column.ID_NO]), float)
    assert len(str(cells.cell(sheet.columns[Column.REMARK]))) == 2000


def test_open_document_is_read_and_its_repeats_do_not_hurt() -> None:
    headers = ["姓名", "身份证号", "现居住地", "父亲是否外出务工", "母亲是否外出务工"]
    sheet = read_sheet(open_document([["花名册"], headers, ["甲", "1", "乙村", "否", "是"]]))
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(3, "甲")]
    assert (
        code_of(open_document([headers, ["甲"]], 'table:number-rows-repeated="1048576"')) == "too_many_rows"
    )


def test_limit_of_rows() -> None:
    assert len(read_sheet(many(50_000)).rows) == 50_000
    assert code_of(many(50_001)) == "too_many_rows"
