"""Rows of a roster: accepted field by field, or refused for one reason in a fixed order."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.services.registers.columns import Column
from portal.services.registers.places import CountyPlaces, VillageFinder
from portal.services.registers.roster import ParentFacts, RosterRow, RowNote, parse_roster
from portal.services.registers.sheet import Row, Sheet, read_sheet
from portal.terms import GuardianKind, RefusalReason, Sex
from tests.factories.workbooks import child, id_number, roster

SAMPLES = Path(__file__).parents[2] / "samples"
EXPECTED = json.loads((SAMPLES / "roster-sample.expected.json").read_text(encoding="utf-8"))
AS_OF = date(2025, 6, 30)
VILLAGES = ("白岭村", "高坪村", "雪梁村", "岩脚村", "茶山村", "银杏村")
FIND = VillageFinder([(name, "白岭乡", name) for name in VILLAGES], county_name="清禾县")
INSIDE = CountyPlaces("清禾县", ["白岭乡", "东河镇"])


def parse(sheet: Sheet, as_of: date = AS_OF) -> list[RosterRow]:
    return parse_roster(sheet, find_village=FIND, is_inside_county=INSIDE, as_of=as_of)


def one(**changes: object) -> RosterRow:
    """The reading of a good row with some cells changed."""
    return parse(read_sheet(roster([child(**changes)])))[0]


@pytest.fixture(scope="module")
def sample() -> list[RosterRow]:
    return parse(read_sheet((SAMPLES / "roster-sample.xlsx").read_bytes()))


def test_sample_is_accepted_as_expected(sample: list[RosterRow]) -> None:
    signs = {Sex.MALE: "男", Sex.FEMALE: "女", None: ""}
    found = [
        {
            "row": row.row,
            "name": row.name,
            "id_no": row.id_no,
            "sex": signs[row.sex],
            "birth_date": row.birth_date and row.birth_date.isoformat(),
            "village": row.village,
            "guardian": row.guardian.word,
            **status_of(row),
        }
        for row in sample
        if row.reason is None
    ]
    assert len(found) == EXPECTED["totals"]["accepted"]
    assert found == [{key: row[key] for key in found[0]} for row in EXPECTED["accepted"]]


def status_of(row: RosterRow) -> dict[str, bool]:
    """The status by the rules written in the expected file, from nothing but the row."""
    assert row.birth_date
    young = row.birth_date.replace(year=row.birth_date.year + 16) > AS_OF
    father, mother = counts_as_away(row.father), counts_as_away(row.mother)
    alone = (father or mother) and row.other_parent_capable is False
    return {
        "wide": young and (row.father.away or row.mother.away),
        "official": young and ((father and mother) or alone),
        "both_away": row.father.away and row.mother.away,
    }


def counts_as_away(parent: ParentFacts) -> bool:
    return bool(
        parent.away and parent.since and parent.since <= date(2024, 12, 30) and not parent.inside_county
    )


def test_sample_is_refused_as_expected(sample: list[RosterRow]) -> None:
    found = [{"row": row.row, "reason": row.reason.value} for row in sample if row.reason]
    assert found == EXPECTED["refused"]
    assert {row.row: row.detail for row in sample}[139] == "8"


def test_all_fields_of_a_good_row() -> None:
    row = one(年级班级="七年级(2)班", 是否寄宿="√", 备注="外语好", 父亲_联系电话=13800000000.0)
    assert (row.row, row.reason, row.notes, row.detail) == (5, None, (), "")
    assert (row.name, row.sex, row.birth_date, row.ethnicity) == (
        "秦春苗",
        Sex.FEMALE,
        date(2018, 9, 6),
        "汉族",
    )
    assert (row.village, row.address, row.health, row.schooling) == ("岩脚村", "三组", "健康", "小学")
    assert (row.grade, row.class_name, row.boarding, row.hukou_registered) == (7, "7年级2班", True, True)
    assert row.father == ParentFacts("赵建军", "13800000000", True, date(2019, 2, 1), "江苏昆山", False)
    assert row.mother == ParentFacts("赵桂芳", "100-0000-0001")
    assert (row.guardian.kind, row.guardian.word, row.guardian.birth_year) == (
        GuardianKind.PARENT,
        "父母",
        1985,
    )
    assert (row.guardian.relation, row.guardian.phone, row.guardian.assessment) == (
        "母亲",
        "100-0000-0002",
        "较好",
    )
    assert (row.income_source, row.aid, row.remark, row.other_parent_capable) == (
        "打工",
        "无",
        "外语好",
        True,
    )
    assert row.raw[1] == "秦春苗"


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"姓名": ""}, "name_missing"),
    ({"姓名": " / "}, "name_missing"),
    ({"公民身份证号码": ""}, "id_missing"),
    ({"公民身份证号码": "999901180906004"}, "id_length"),
    ({"公民身份证号码": 999901180906004}, "id_number_is_a_rounded_number"),
    ({"公民身份证号码": 9.99901201809060e17}, "id_number_is_a_rounded_number"),
    ({"公民身份证号码": "9.99901E+17"}, "id_number_is_a_rounded_number"),
    ({"公民身份证号码": "999901201809060046"}, "id_checksum"),
    ({"公民身份证号码": "999901201809000038"}, "id_checksum"),
    ({"出生日期": "不详"}, "birth_date_invalid"),
    ({"出生日期": "2013年2月30日"}, "birth_date_invalid"),
    ({"出生日期": "2018-09-07"}, "birth_date_differs_from_id"),
    ({"出生日期": "2018年8月"}, "birth_date_differs_from_id"),
    ({"公民身份证号码": id_number(date(2026, 1, 5), 4), "出生日期": "2026-01-05"}, "birth_date_in_future"),
    ({"性别": "?"}, "sex_unreadable"),
    ({"性别": "男"}, "sex_differs_from_id"),
    ({"现居住地": " "}, "village_missing"),
    ({"现居住地": "白平平村"}, "village_unknown"),
    ({"父亲_是否外出务工": "不清楚"}, "away_unreadable"),
    ({"父亲_外出时间": ""}, "away_unreadable"),
    ({"父亲_外出时间": "去年"}, "away_unreadable"),
    ({"父亲_外出时间": 2020.1}, "away_unreadable"),
    ({"母亲_是否外出务工": "", "母亲_外出时间": "2020-03"}, "away_unreadable"),
    ({"母亲_是否外出务工": "", "母亲_务工地点": "成都"}, "away_unreadable"),
    ({"父亲_外出时间": "2025年7月"}, "away_since_in_future"),
    ({"未外出一方有无监护能力": "不清楚"}, "capability_unreadable"),
    ({"备注": "长" * 501}, "text_too_long"),
]


@pytest.mark.parametrize(("changes", "reason"), REFUSED)
def test_reasons(changes: dict[str, object], reason: str) -> None:
    row = one(**changes)
    assert row.reason is RefusalReason(reason)


def test_first_reason_wins_in_the_order_of_the_contract() -> None:
    faults: list[dict[str, object]] = [
        {"姓名": ""},
        {"公民身份证号码": "1"},
        {"出生日期": "2013年2月30日"},
        {"出生日期": "2018-09-07"},
        {"性别": "男"},
        {"现居住地": "白平平村"},
        {"父亲_是否外出务工": "不清楚"},
    ]
    found = []
    for at in range(len(faults)):
        merged = {key: value for fault in reversed(faults[at:]) for key, value in fault.items()}
        found.append(one(**merged).reason)
    assert [reason.value for reason in found if reason] == [
        "name_missing", "id_length", "birth_date_invalid", "birth_date_differs_from_id",
        "sex_differs_from_id", "village_unknown", "away_unreadable",
    ]  # fmt: skip


def test_duplicates_count_against_accepted_rows() -> None:
    rows = parse(
        read_sheet(roster([child(性别="男"), child(), child(姓名="乙"), child(现居住地="x村"), child()]))
    )
    assert [row.reason and row.reason.value for row in rows] == [
        "sex_differs_from_id", None, "duplicate_in_file", "village_unknown", "duplicate_in_file",
    ]  # fmt: skip
    assert [row.detail for row in rows[2:]] == ["6", "x村", "6"]


def test_refused_row_keeps_what_could_be_read() -> None:
    row = one(性别="男", 现居住地="x村", 父亲_是否外出务工="?")
    assert (row.reason, row.name, row.birth_date) == (
        RefusalReason.SEX_DIFFERS_FROM_ID,
        "秦春苗",
        date(2018, 9, 6),
    )
    assert (row.village, row.mother.name) == (None, "赵桂芳")


NOTES: list[tuple[dict[str, object], RowNote]] = [
    ({"出生日期": ""}, RowNote.BIRTH_DATE_FROM_ID),
    ({"出生日期": "2018年9月"}, RowNote.BIRTH_DAY_FROM_ID),
    ({"性别": ""}, RowNote.SEX_FROM_ID),
    ({"公民身份证号码": id_number(date(2009, 6, 30), 2), "出生日期": ""}, RowNote.SIXTEEN_OR_OLDER),
    ({"是否登记户口": "办理中"}, RowNote.HUKOU_UNCLEAR),
    ({"是否寄宿": "?"}, RowNote.BOARDING_UNCLEAR),
    ({"母亲_是否外出务工": ""}, RowNote.MOTHER_AWAY_BLANK),
    ({"母亲_外出时间": "2019.3"}, RowNote.MOTHER_HOME_TIME_IGNORED),
    ({"父亲_务工地点": ""}, RowNote.FATHER_PLACE_BLANK),
    ({"未外出一方有无监护能力": ""}, RowNote.CAPABILITY_BLANK),
    ({"实际监护人": "", "与儿童关系": ""}, RowNote.GUARDIAN_TAKEN_FROM_HOME),
    ({"实际监护人": "王大山", "与儿童关系": ""}, RowNote.GUARDIAN_UNCLEAR),
    ({"母亲_是否外出务工": "是", "母亲_外出时间": "2020.3"}, RowNote.GUARDIAN_PARENT_BUT_BOTH_AWAY),
    ({"监护人出生年份": "不详"}, RowNote.GUARDIAN_BORN_UNCLEAR),
    ({"监护状况": "还行"}, RowNote.ASSESSMENT_UNCLEAR),
]


@pytest.mark.parametrize(("changes", "note"), NOTES)
def test_notes(changes: dict[str, object], note: RowNote) -> None:
    row = one(**changes)
    assert row.reason is None
    assert note in row.notes


def test_blank_guardian_of_a_child_with_both_parents_away_is_not_nobody() -> None:
    row = one(实际监护人="", 与儿童关系="", 母亲_是否外出务工="是", 母亲_外出时间="2020-3")
    assert (row.guardian.kind, row.guardian.word) == (None, "")
    assert RowNote.GUARDIAN_UNCLEAR in row.notes
    assert one(实际监护人="无", 与儿童关系="").guardian.kind is GuardianKind.NONE


def test_sixteenth_birthday_is_the_limit() -> None:
    day_before = one(公民身份证号码=id_number(date(2009, 7, 1), 2), 出生日期="2009-7-1")
    assert RowNote.SIXTEEN_OR_OLDER not in day_before.notes


@pytest.mark.parametrize(
    "written", ["2018.09.06", "２０１８年９月６日", 43349, date(2018, 9, 6), 20180906, "20180906"]
)
def test_birth_dates_as_they_are_typed(written: object) -> None:
    assert one(出生日期=written).birth_date == date(2018, 9, 6)


@pytest.mark.parametrize("written", ["2024-03", "2024.3", 2024.3, "2024年3月", 202403, datetime(2024, 3, 19)])
def test_away_since_is_the_first_of_the_month(written: object) -> None:
    assert one(父亲_外出时间=written).father.since == date(2024, 3, 1)


@pytest.mark.parametrize(("place", "inside"), [("本县城关", True), ("东河镇", True), ("江苏昆山", False)])
def test_place_inside_the_county(place: str, inside: bool) -> None:
    assert one(父亲_务工地点=place).father.inside_county is inside


CELLS = st.one_of(
    st.just(""), st.text(max_size=12), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(),
    st.sampled_from([*child().values(), "不清楚", "2020-01", "无", "本县"]),
)  # fmt: skip
COLUMNS = {column: at for at, column in enumerate(Column)}


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.lists(CELLS, max_size=len(COLUMNS)), max_size=4))
def test_no_content_raises_and_no_row_is_lost(rows: list[list[Any]]) -> None:
    sheet = Sheet("x", rows=tuple(Row(at, tuple(cells)) for at, cells in enumerate(rows, 5)), columns=COLUMNS)
    found = parse(sheet)
    assert [row.row for row in found] == [row.number for row in sheet.rows]
    for row in found:
        assert row.reason or (row.name and row.id_no and row.birth_date and row.sex and row.village)
        assert row.reason or all(parent.since for parent in (row.father, row.mother) if parent.away)
