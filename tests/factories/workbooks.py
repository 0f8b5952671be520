"""Builders of rosters in the official layout and of hostile workbooks, all in memory."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from portal.services.registers.blank_form import GROUPS, TITLE
from portal.services.registers.identity import check_character

HEADERS: tuple[tuple[str, str], ...] = tuple(
    (group if words else "", word) for group, words in GROUPS for word in (words or (group,))
)
"""(group, header) of each column of the official form."""
CHILD = {
    "姓名": "秦春苗",
    "性别": "女",
    "民族": "汉族",
    "出生日期": "2018-09-06",
    "公民身份证号码": "999901201809060045",
    "是否登记户口": "是",
    "现居住地": "白岭乡岩脚村三组",
    "身体情况": "健康",
    "就学情况": "小学",
    "年级班级": "1年级1班",
    "是否寄宿": "否",
    "父亲情况/姓名": "赵建军",
    "父亲情况/是否外出务工": "是",
    "父亲情况/外出时间": "2019年2月",
    "父亲情况/务工地点": "江苏昆山",
    "父亲情况/联系电话": "100-0000-0000",
    "母亲情况/姓名": "赵桂芳",
    "母亲情况/是否外出务工": "否",
    "母亲情况/联系电话": "100-0000-0001",
    "未外出一方有无监护能力": "有",
    "实际监护人": "母亲",
    "与儿童关系": "母亲",
    "监护人电话": "100-0000-0002",
    "监护人出生年份": 1985,
    "监护状况": "较好",
    "家庭经济来源": "打工",
    "救助帮扶": "无",
}
"""One good row; parents' columns are written 父亲情况/姓名."""

FEW = {key: CHILD[key] for key in ("姓名", "出生日期", "公民身份证号码", "现居住地", "实际监护人")}
"""The fewest cells that still are an accepted row."""
FIRST_PAGE = "xl/worksheets/sheet1.xml"


def id_number(born: date = date(2015, 6, 12), sequence: int = 900, region: str = "999901") -> str:
    """A number with a right check digit; an odd sequence is a boy's."""
    first = f"{region}{born:%Y%m%d}{sequence:03d}"
    return first + check_character(first)


def child(**changes: object) -> dict[str, object]:
    """A good row with some cells changed; keys as in CHILD with 父亲_ for 父亲情况/."""
    named = {key.replace("父亲_", "父亲情况/").replace("母亲_", "母亲情况/"): changes[key] for key in changes}
    return CHILD | named


def roster(
    children: Iterable[Mapping[str, object]],
    *,
    headers: Sequence[tuple[str, str]] = HEADERS,
    above: int = 2,
    left: int = 0,
    merge: bool = True,
    after: Sequence[Sequence[object]] = (),
    merged_data: Sequence[tuple[int, int, int, int]] = (),
) -> bytes:
    """A roster: title, blank rows up to `above`, two header rows, the children, then the rows `after`."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet("花名册")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    if above:
        page.write_string(0, left, TITLE)
    for at, (group, header) in enumerate(headers, start=left):
        previous = headers[at - left - 1][0] if at > left else None
        if group and (group != previous or not merge):
            page.write_string(above, at, group)
        page.write_string(above + 1, at, header)
    if merge:
        _merge_groups(page, headers, above, left)
    number = above + 2
    for row in children:
        for at, (group, header) in enumerate(headers, start=left):
            value = row.get(f"{group}/{header}", row.get(header, "") if "亲" not in group else "")
            _write(page, number, at, value, day)
        number += 1
    for line in after:
        for at, value in enumerate(line, start=left):
            _write(page, number, at, value, day)
        number += 1
    for area in merged_data:
        page.merge_range(*area, "", book.add_format())
        _write(page, area[0], area[1], "", day)
    book.close()
    return buffer.getvalue()


def _merge_groups(page: object, headers: Sequence[tuple[str, str]], above: int, left: int) -> None:
    start = 0
    for at in range(1, len(headers) + 1):
        if at == len(headers) or headers[at][0] != headers[start][0]:
            if headers[start][0] and at - start > 1:
                page.merge_range(above, left + start, above, left + at - 1, headers[start][0])  # type: ignore[attr-defined]
            start = at


def _write(page: object, row: int, column: int, value: object, day: object) -> None:
    if isinstance(value, date):
        page.write_datetime(row, column, value, day)  # type: ignore[attr-defined]
    elif isinstance(value, (int, float)):
        page.write_number(row, column, value)  # type: ignore[attr-defined]
    elif value not in ("", None):
        page.write_string(row, column, str(value))  # type: ignore[attr-defined]


def many(count: int, row: Mapping[str, object] = FEW) -> bytes:
    """A roster of `count` good children with different ID numbers, written straight into the XML."""
    cells = "".join(
        f'<c r="{xl_col_to_name(at)}@N" t="inlineStr"><is><t>{value}</t></is></c>'
        for at, (group, header) in enumerate(HEADERS)
        if (value := row.get(f"{group}/{header}", row.get(header, "") if "亲" not in group else ""))
    )
    lines, first = [], date(2010, 1, 1).toordinal()
    for at in range(count):
        born = date.fromordinal(first + at // 400)
        line = cells.replace("@N", str(at + 5)).replace(str(CHILD["出生日期"]), born.isoformat())
        line = line.replace(str(CHILD["公民身份证号码"]), id_number(born, 2 * (at % 400)))
        lines.append(f'<row r="{at + 5}">{line}</row>')
    empty = roster([])
    with zipfile.ZipFile(io.BytesIO(empty)) as archive:
        page = archive.read(FIRST_PAGE).decode()
    return repack(empty, {FIRST_PAGE: page.replace("</sheetData>", "".join(lines) + "</sheetData>").encode()})


def open_document(rows: Iterable[Sequence[object]], attributes: str = "") -> bytes:
    """An .ods of text cells; `attributes` go on every row."""
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    lines = "".join(
        f"<table:table-row {attributes}>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
            for value in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<office:document-content xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0" '
        f'xmlns:text="{space}text:1.0"><office:body><office:spreadsheet><table:table table:name="1">'
        f"{lines}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{space}manifest:1.0"/>'
        )
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def repack(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """A workbook with entries replaced, added or (None) left out."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in changes:
                target.writestr(name, source.read(name))
        for name, content in changes.items():
            if content is not None:
                target.writestr(name, content)
    return buffer.getvalue()


def declare_less(data: bytes, name: str, size: int = 100) -> bytes:
    """A zip whose central directory and local header lie about the unpacked size of `name`."""
    lying = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        offset = archive.getinfo(name).header_offset
    struct.pack_into("<I", lying, offset + 22, size)
    at = lying.find(b"PK\x01\x02")
    while at >= 0:
        length = struct.unpack_from("<H", lying, at + 28)[0]
        if bytes(lying[at + 46 : at + 46 + length]) == name.encode():
            struct.pack_into("<I", lying, at + 24, size)
        at = lying.find(b"PK\x01\x02", at + 4)
    return bytes(lying)


def compound_file(*names: str) -> bytes:
    """What begins like an OLE compound file and lists streams of these names."""
    return (
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + b"".join(name.encode("utf-16-le") for name in names)
    )
