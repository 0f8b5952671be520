"""How single cells are read: texts, names, yes and no, dates, classes and guardians."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.services.registers.columns import header_text
from portal.services.registers.dates import read_day
from portal.services.registers.guardians import find_guardian, read_guardian
from portal.services.registers.readings import (
    AWAY_NO,
    AWAY_YES,
    Answer,
    is_nothing,
    read_answer,
    read_class,
    read_name,
    read_numeral,
    read_phone,
    squeeze,
    text_of,
)

CELLS = st.one_of(
    st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.none()
)
COLON, LEFT, RIGHT = "\uff1a", "\uff08", "\uff09"


@given(cell=CELLS)
def test_no_cell_makes_a_reader_raise(cell: object) -> None:
    for read in (text_of, squeeze, is_nothing, read_name, read_phone, read_answer, read_class, header_text):
        read(cell)
    read_guardian(cell, cell)
    with suppress(ValueError):
        assert 1900 <= read_day(cell).year < 2100


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("陶  浩然", "陶浩然"),
        (" 陶\u3000浩\n然\u200b", "陶浩然"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽 ‧ 买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("𠮷田 禾", "𠮷田禾"),
        ("䶮\ufe00", "䶮\ufe00"),
        ("Anna  Li", "Anna Li"),
        ("=1+1", ""),
        ("/", ""),
        (12.0, ""),
        ("……", ""),
    ],
)
def test_names(cell: object, name: str) -> None:
    assert read_name(cell) == name


@pytest.mark.parametrize("cell", ["是", " √ ", "Y", "y", "ｙ", "外出", "外出务工", True, 1.0, "是。"])
def test_yes(cell: object) -> None:
    assert read_answer(cell, AWAY_YES, AWAY_NO) is Answer.YES


@pytest.mark.parametrize("cell", ["否", "×", "N", "Ｘ", "未外出", "没有", "在家", False, 0.0])
def test_no(cell: object) -> None:
    assert read_answer(cell, AWAY_YES, AWAY_NO) is Answer.NO


@pytest.mark.parametrize("cell", ["", None, "  ", "/", "——", "－", "\u3000", "无数据"])
def test_blank(cell: object) -> None:
    assert read_answer(cell) is Answer.BLANK


@pytest.mark.parametrize("cell", ["不清楚", "?", "是/否", "去世", "外出", 2.0, datetime(2020, 1, 1)])
def test_unclear_is_never_guessed(cell: object) -> None:
    assert read_answer(cell) is Answer.UNCLEAR


@pytest.mark.parametrize(
    "cell",
    [
        "2018-09-06",
        "2018.9.6",
        "2018年9月6日",
        "2018年09月06日",
        "20180906",
        "2018/9/6",
        "２０１８．０９．０６",
        "2018 9 6",
        " 2018 年 9 月 6 日 ",
        "2018-09-06 00:00:00",
        "2018—9—6",
        "2018年9月6日出生",
        "2018、9、6",
        20180906.0,
        43349.0,
        "43349",
        date(2018, 9, 6),
        datetime(2018, 9, 6, 12),
    ],
)
def test_days(cell: object) -> None:
    assert read_day(cell) == (2018, 9, 6)


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("2019年2月", 2),
        ("2024-09", 9),
        ("2023.3", 3),
        ("2019.10", 10),
        ("2020.1", 1),
        ("202303", 3),
        (202303.0, 3),
        (2023.3, 3),
        (2023.11, 11),
        ("2019年2月至今", 2),
        ("2019.2起", 2),
        ("2019年2月份", 2),
        ("2019年2", 2),
        (date(2023, 3, 15), 3),
    ],
)
def test_months(cell: object, month: int) -> None:
    assert read_day(cell).first_of_month.month == month


@pytest.mark.parametrize(
    "cell",
    [
        "2013年2月30日",
        "2020",
        2020.0,
        "去年",
        "2020年",
        "2020.13",
        "9月",
        "18-09-06",
        "2018-09-06-01",
        "2018.00",
        2020.1,
        -1.0,
        float("nan"),
        float("inf"),
        True,
        "",
        None,
        "1018-09-06",
        "2018-9-0",
        "2020-2022",
    ],
)
def test_no_days(cell: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_day(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1年级1班", (1, "1年级1班")),
        ("七年级(2)班", (7, "7年级2班")),
        (f"七年级{LEFT}2{RIGHT}班", (7, "7年级2班")),
        ("初一3班", (7, "7年级3班")),
        ("初中二年级一班", (8, "8年级1班")),
        ("高一(12)班", (10, "10年级12班")),
        ("三(2)班", (3, "3年级2班")),
        ("六2班", (6, "6年级2班")),
        ("小学五年级", (5, "5年级")),
        ("7.1", (7, "7年级1班")),
        (7.0, (7, "7年级")),
        ("一年级春苗班", (1, "1年级春苗班")),
        ("大班", (None, "大班")),
        ("302班", (None, "302班")),
        ("13年级", (None, "13年级")),
        ("", (None, "")),
    ],
)
def test_classes(cell: object, expected: tuple[int | None, str]) -> None:
    assert read_class(cell) == expected


@given(number=st.integers(1, 99))
def test_chinese_numerals(number: int) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    written = (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")
    assert read_numeral(written) == read_numeral(str(number)) == number


@pytest.mark.parametrize(
    ("words", "group"),
    [
        ("爷爷 奶奶 祖父 祖母 祖父母 爷爷奶奶 爷奶 爷爷、奶奶 爷爷(祖父) 随爷爷生活 曾祖母", "祖父母"),
        ("外公 外婆 外祖父 外祖母 外祖父母 姥姥 姥爷 家婆 外公和外婆", "外祖父母"),
        ("姑姑 姑妈 姑父 姨妈 姨父 小姨 舅舅 舅妈 舅母 叔叔 叔父 伯伯 伯父 伯母", "亲属"),
        ("大伯 三叔 婶婶 亲属 亲戚 表哥 堂姐 孃孃 姑婆 舅公 幺爸", "亲属"),
        ("父亲 母亲 父 母 爸爸 妈妈 爸 妈 父母 继父 养母 父母亲 爸妈", "父母"),
        ("无 无人 无人监护 没有 独居 自己", "无人监护"),
        ("哥哥 姐姐 弟弟", "兄弟姐妹"),
        ("老师 班主任", "教师"),
        ("福利院 儿童福利院", "机构"),
        ("邻居 朋友 其他", "其他"),
    ],
)
def test_guardian_words(words: str, group: str) -> None:
    for word in words.split():
        found = read_guardian(word, "")[1]
        assert found is not None, word
        assert found.word == group


def test_guardian_names_and_relations() -> None:
    assert read_guardian("王大山", "爷爷") == ("王大山", find_guardian("祖父"))
    assert read_guardian("爷爷(王大山)", "") == ("王大山", find_guardian("祖父"))
    assert read_guardian("王大山(外公)", "") == ("王大山", find_guardian("外公"))
    assert read_guardian("母国政", "爷爷") == ("母国政", find_guardian("爷爷"))
    assert read_guardian("无忌", "") == ("无忌", None)
    assert read_guardian("", "爷孙") == ("", None)
    assert read_guardian("无", "无")[1] == find_guardian("无人")
    assert read_guardian("/", "—") == ("", None)
