"""Reading a workbook: which sheet, which rows, which columns, and whole files that are refused."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.errors import FileRefused
from portal.services.registers import sheet as sheet_module
from portal.services.registers.columns import Column
from portal.services.registers.preflight import check_container
from portal.services.registers.sheet import read_sheet
from tests.factories.workbooks import (
    FIRST_PAGE,
    HEADERS,
    child,
    compound_file,
    declare_less,
    id_number,
    many,
    open_document,
    repack,
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
    assert 14 not in numbers and 114 not in numbers
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
    with pytest.raises(FileRefused):
        read_sheet(open_document([headers, ["甲"]], 'table:number-rows-repeated="1048576"'))


def test_limit_of_rows() -> None:
    assert len(read_sheet(many(50_000)).rows) == 50_000
    assert code_of(many(50_001)) == "too_many_rows"


NO_WORKBOOKS = {
    "empty": b"",
    "text": b"hello",
    "csv": "姓名,公民身份证号码\n甲,1".encode("gbk"),
    "html saved as xls": "<html><table><tr><td>姓名</td></tr></table></html>".encode(),
    "spreadsheet xml": b'<?xml version="1.0"?><Workbook/>',
    "empty zip": b"PK\x05\x06" + b"\0" * 18,
    "zip head": b"PK\x03\x04" + b"\0" * 100,
    "ole head": compound_file(),
    "jpeg": b"\xff\xd8\xff\xe0" + b"\0" * 100,
}


@pytest.mark.parametrize("name", NO_WORKBOOKS)
def test_what_is_no_workbook_is_refused(name: str) -> None:
    assert code_of(NO_WORKBOOKS[name]) == "not_a_workbook"


def test_zip_without_a_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert code_of(buffer.getvalue()) == "not_a_workbook"


def test_encrypted_and_macros_are_refused_by_name() -> None:
    assert code_of(compound_file("EncryptionInfo", "EncryptedPackage")) == "encrypted"
    assert code_of(compound_file("Workbook", "_VBA_PROJECT_CUR")) == "macros"
    assert code_of(repack(roster([]), {"xl/vbaProject.bin": b"x"})) == "macros"
    zipped = bytearray(roster([child()]))
    at = zipped.find(b"PK\x01\x02")
    zipped[at + 8] |= 1
    assert code_of(bytes(zipped)) == "encrypted"


BOMBS = {
    "dense": lambda: repack(roster([]), {"xl/bomb.xml": b"\0" * 5_000_000}),
    "large": lambda: repack(roster([]), {f"xl/{n}.xml": os.urandom(10_000) * 2_000 for n in range(11)}),
    "many parts": lambda: repack(roster([]), {f"xl/{n}": b"" for n in range(1_200)}),
    "zip inside": lambda: repack(roster([]), {"xl/embeddings/a.xlsx": b"x"}),
    "zip inside by its head": lambda: repack(roster([]), {"xl/media/a.png": b"PK\x03\x04 and more"}),
    "lying size": lambda: declare_less(repack(roster([]), {"xl/lie.xml": b"\0" * 5_000_000}), "xl/lie.xml"),
    "zip64": lambda: roster([]).replace(b"PK\x05\x06", b"PK\x06\x07" + b"\0" * 16 + b"PK\x05\x06"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_before_any_parser(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_parser(*args: object, **named: object) -> None:
        raise AssertionError("a parser was started")

    monkeypatch.setattr(subprocess, "run", no_parser)
    assert code_of(BOMBS[name]()) == "zip_bomb"


def test_too_large_is_refused_unread() -> None:
    assert code_of(b"PK\x03\x04" + b"\0" * (20 * 1024 * 1024)) == "too_large"


def test_entries_that_share_bytes_are_refused() -> None:
    data = roster([child()])
    at = data.find(b"PK\x01\x02")
    end = data.rfind(b"PK\x05\x06")
    directory = data[at:end] * 8
    tail = bytearray(data[end:])
    tail[8:12] = (len(directory) // (end - at) * int.from_bytes(tail[8:10], "little")).to_bytes(
        2, "little"
    ) * 2
    tail[12:16] = len(directory).to_bytes(4, "little")
    assert code_of(data[:at] + directory + bytes(tail)) == "zip_bomb"


def quadratic(count: int) -> bytes:
    """One long shared string, used in many cells: small on disk, vast in memory."""
    cells = "".join(f'<row r="{n}">' + f'<c r="A{n}" t="s"><v>0</v></c>' + "</row>" for n in range(1, count))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = (
        f'<sst xmlns="{space}" count="1" uniqueCount="1"><si><t>{os.urandom(15_000).hex()}</t></si></sst>'
    )
    page = f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'
    return repack(roster([child()]), {FIRST_PAGE: page.encode(), "xl/sharedStrings.xml": strings.encode()})


def far_corner() -> bytes:
    """A cell in the last corner of the sheet makes a dense reader ask for 17 thousand million cells."""
    book = openpyxl.load_workbook(io.BytesIO(roster([child()])))
    book.active["XFD1048576"] = "x"
    return saved(book)


@pytest.mark.parametrize("data", [quadratic(60_000), far_corner()], ids=["shared string", "far corner"])
def test_child_that_asks_for_too_much_memory_is_refused(data: bytes) -> None:
    check_container(data)
    assert code_of(data) == "too_heavy"


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "import time; time.sleep(60)",
        "while True: pass",
        "print('[1')",
        "raise SystemExit(1)",
    ],
)
def test_child_that_dies_hangs_or_babbles_is_refused(
    program: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "child.py"
    script.write_text(program)
    monkeypatch.setattr(sheet_module, "_CHILD", script)
    monkeypatch.setattr(sheet_module, "WALL_SECONDS", 1)
    assert code_of(roster([child()])) == "too_heavy"


def test_child_sees_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "child.py"
    script.write_text("import os, sys; sys.exit(3 if 'SECRET_KEY' in os.environ else 0)")
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    monkeypatch.setattr(sheet_module, "_CHILD", script)
    assert code_of(roster([child()])) == "too_heavy"


def test_broken_installation_is_not_blamed_on_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "child.py"
    script.write_text("raise SystemExit(3)")
    monkeypatch.setattr(sheet_module, "_CHILD", script)
    with pytest.raises(RuntimeError):
        read_sheet(roster([child()]))


def test_importing_the_child_module_by_path_works_without_the_portal() -> None:
    done = subprocess.run(
        [sys.executable, "-P", str(sheet_module._CHILD)],
        input=b"x",
        capture_output=True,
        check=False,
        cwd="/",
    )
    assert (done.returncode, done.stdout.strip()) == (0, b'{"refused": "not_a_workbook"}')


def test_truncated_files_are_refused_or_read() -> None:
    whole = roster([child()])
    for length in range(0, len(whole), len(whole) // 25):
        assert code_of(whole[:length]) in {"not_a_workbook", "zip_bomb", "encrypted"}


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_damaged_workbooks_raise_nothing_else(data: st.DataObject) -> None:
    damaged = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 20))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_sheet(bytes(damaged))
    except FileRefused as error:
        assert error.code in CODES


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=400), head=st.sampled_from([b"", b"PK\x03\x04", compound_file(), b"<?xml "]))
def test_random_bytes_raise_nothing_else(body: bytes, head: bytes) -> None:
    with pytest.raises(FileRefused):
        read_sheet(head + body)


@settings(max_examples=25, deadline=None)
@given(page=st.text(st.characters(codec="utf-8"), max_size=200))
def test_nonsense_inside_a_sound_zip_raises_nothing_else(page: str) -> None:
    with pytest.raises(FileRefused) as caught:
        read_sheet(repack(WHOLE, {FIRST_PAGE: page.encode()}))
    assert caught.value.code in CODES


WHOLE = roster([child()])
CODES = {
    "not_a_workbook",
    "encrypted",
    "macros",
    "zip_bomb",
    "too_heavy",
    "no_roster_header",
    "columns_missing",
}
