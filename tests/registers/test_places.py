"""Addresses and places of work read against the units of a county, and headers against the columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.services.registers.columns import Column, column_of
from portal.services.registers.places import CountyPlaces, VillageFinder, address_beyond

UNITS = [
    ("白岭村", "白岭乡"),
    ("高坪村", "白岭乡"),
    ("茶山村", "白岭乡"),
    ("新村", "白岭乡"),
    ("新村坝村", "白岭乡"),
    ("长滩村村民委员会", "东河镇"),
    ("卸甲碥社区居民委员会", "东河镇"),
    ("红星村", "东河镇"),
    ("红星村", "高坪镇"),
    ("南街居民委员会", "城关街道办事处"),
    ("高坪新村", "东河镇"),
    ("新村", "高坪镇"),
]
VILLAGES = VillageFinder(
    [(village, town, f"{town}/{village}") for village, town in UNITS], county_name="清禾县"
)
COUNTY = CountyPlaces("清禾县", ["白岭乡", "东河镇", "石桥镇", "城关街道办事处", "茶山村", "白岭九年制学校"])


@given(text=st.text(max_size=30))
def test_no_text_makes_a_reader_raise(text: str) -> None:
    VILLAGES.find(text)
    COUNTY.contains(text)
    address_beyond(text, VILLAGES)


@pytest.mark.parametrize(
    ("text", "key", "rest"),
    [
        ("茶山村", "白岭乡/茶山村", ""),
        ("白岭乡茶山村三组", "白岭乡/茶山村", "三组"),
        ("白岭乡 茶山村村委会 三组12号", "白岭乡/茶山村", "三组12号"),
        ("四川省清禾县白岭乡茶山村3社", "白岭乡/茶山村", "3社"),
        ("本乡茶山村村民委员会", "白岭乡/茶山村", ""),
        ("白岭乡茶山三组", "白岭乡/茶山村", "三组"),
        ("白岭茶山村", "白岭乡/茶山村", ""),
        ("白岭乡白岭村", "白岭乡/白岭村", ""),
        ("白岭村二组", "白岭乡/白岭村", "二组"),
        ("东河镇长滩村1组", "东河镇/长滩村村民委员会", "1组"),
        ("长滩村村民委员会", "东河镇/长滩村村民委员会", ""),
        ("卸甲碥社区", "东河镇/卸甲碥社区居民委员会", ""),
        ("东河镇卸甲碥居委会二组", "东河镇/卸甲碥社区居民委员会", "二组"),
        ("城关街道南街社区", "城关街道办事处/南街居民委员会", ""),
        ("东河镇红星村", "东河镇/红星村", ""),
        ("新村坝村一组", "白岭乡/新村坝村", "一组"),
        ("高坪镇新村", "高坪镇/新村", ""),
    ],
)
def test_villages_found(text: str, key: str, rest: str) -> None:
    assert VILLAGES.find(text) == key
    assert address_beyond(text, VILLAGES) == rest


@pytest.mark.parametrize(
    "text",
    [
        "",
        "白平平村",
        "茶山",
        "白岭乡",
        "白岭乡红星村",
        "红星村",
        "剑阁县茶山村",
        "剑阁县白岭乡茶山村",
        "茶山沟村",
        "白岭乡茶山沟村",
        "白岭乡茶山沟三组",
        "茶山村新坝村",
        "高坪新村",
        "不详",
        "村",
        "东河镇",
    ],
)
def test_villages_unknown_or_ambiguous(text: str) -> None:
    assert VILLAGES.find(text) is None
    assert address_beyond(text, VILLAGES) == ""


@pytest.mark.parametrize(
    "place",
    [
        "本县城关",
        "本县",
        "我县县城",
        "县内",
        "本乡",
        "清禾县",
        "四川清禾县城",
        "白岭乡",
        "石桥镇街上",
        "城关街道",
        "茶山村",
        "茶山村三组",
    ],
)
def test_places_inside(place: str) -> None:
    assert COUNTY(place)


@pytest.mark.parametrize(
    "place",
    [
        "",
        "广东东莞",
        "江苏昆山石桥镇",
        "浙江义乌红星村",
        "非本县",
        "本县外",
        "本县以外",
        "外县",
        "四川成都",
        "资中县内江路",
        "山",
        "清",
    ],
)
def test_places_outside(place: str) -> None:
    assert not COUNTY(place)


@pytest.mark.parametrize(
    ("headers", "column"),
    [
        (("姓名",), Column.NAME),
        (("儿童基本情况", "公民身份证号码"), Column.ID_NO),
        (("父亲情况", "姓名"), Column.FATHER_NAME),
        (("父亲情况", "身份证号码"), None),
        (("父母外出情况", "母亲外出务工时间"), Column.MOTHER_SINCE),
        (("监护情况", "监护状况"), Column.ASSESSMENT),
        (("监护人情况", "姓名"), Column.GUARDIAN),
        (("监护人情况", "联系电话"), Column.GUARDIAN_PHONE),
        (("母亲情况", "联系电话"), Column.MOTHER_PHONE),
        (("外祖父母情况", "联系电话"), None),
        (("错误原因",), Column.ERROR),
        (("无监护能力",), None),
        ((), None),
        (("", ""), None),
    ],
)
def test_headers(headers: tuple[str, ...], column: Column | None) -> None:
    assert column_of(headers) is column
