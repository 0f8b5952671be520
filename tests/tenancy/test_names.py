"""Name keys: sorted by pinyin, found by the beginning or by the initials."""

import pytest

from portal.tenancy.names import KEY_LENGTH, name_key, person_name_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("云溪镇", "yun xi zhen|yxz"),
        ("城关社区", "cheng guan she qu|cgsq"),
        ("石桥镇中心小学", "shi qiao zhen zhong xin xiao xue|sqzzxxx"),
        ("S01 小学", "s01 xiao xue|sxx"),
        ("Ｓ０１　小学", "s01 xiao xue|sxx"),
        ("吕家湾村", "lv jia wan cun|ljwc"),
        ("长岭村", "chang ling cun|clc"),
        ("", "|"),
    ],
)
def test_a_unit_is_found_by_pinyin_and_by_initials(text, key):
    assert name_key(text) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("张三", "zhang san|zs"),
        ("单小禾", "shan xiao he|sxh"),
        ("仇春苗", "qiu chun miao|qcm"),
        ("解安然", "xie an ran|xar"),
        ("曾宪伟", "zeng xian wei|zxw"),
        ("朴思源", "piao si yuan|psy"),
        ("区志强", "ou zhi qiang|ozq"),
        ("查明轩", "zha ming xuan|zmx"),
        ("任佳乐", "ren jia le|rjl"),
        ("盖国梁", "ge guo liang|ggl"),
        ("尉迟浩然", "yu chi hao ran|ychr"),
        ("单于小禾", "chan yu xiao he|cyxh"),
        ("阿依古丽·买买提", "a yi gu li mai mai ti|ayglmmt"),
        ("Mary Wang", "mary wang|mw"),
    ],
)
def test_a_surname_is_read_as_a_surname(name, key):
    assert person_name_key(name) == key


def test_a_given_name_is_not_read_as_a_surname():
    assert person_name_key("王单") == "wang dan|wd"


def test_blanks_inside_a_name_do_not_matter_to_its_words():
    assert person_name_key(" 王  小禾 ") == person_name_key("王小禾")


def test_people_sort_by_pinyin():
    assert sorted(["张三", "曾四", "安五"], key=person_name_key) == ["安五", "曾四", "张三"]


def test_the_longest_name_fits_its_column():
    assert len(name_key("庄" * 80)) <= KEY_LENGTH
    assert name_key("庄" * 80).endswith("z" * 39)


def test_a_rare_character_without_a_reading_keeps_its_place():
    assert person_name_key("𠮷田禾") == "𠮷 tian he|𠮷th"
