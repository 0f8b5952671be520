"""Files that are no rosters: each is refused with a code, and nothing else is ever raised."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.errors import FileRefused
from portal.services.registers import sheet as sheet_module
from portal.services.registers.preflight import check_container
from portal.services.registers.sheet import read_sheet
from tests.factories.workbooks import (
    FIRST_PAGE,
    child,
    compound_file,
    declare_less,
    repack,
    roster,
)
from tests.registers.test_sheet import code_of, saved


def refusal_of(data: bytes) -> str:
    """The code with which a file is refused, nothing if it is read."""
    try:
        read_sheet(data)
    except FileRefused as error:
        return error.code
    return ""


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
    assert refusal_of(bytes(damaged)) in {"", *CODES}


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
