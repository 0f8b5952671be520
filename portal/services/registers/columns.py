"""The columns of the 花名册 and how their headers are recognised.

Source: 农村留守儿童基本情况登记表 (民发〔2016〕42号), whose two header rows carry groups (父亲情况 …) over
repeated words (姓名, 联系电话 …), and the ways in which schools retype it.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache


class Column(StrEnum):
    """A column of the official form; the value is its stable name."""

    SERIAL = "serial"
    NAME = "name"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    BIRTH_DATE = "birth_date"
    ID_NO = "id_no"
    HUKOU = "hukou"
    RESIDENCE = "residence"
    HEALTH = "health"
    SCHOOLING = "schooling"
    GRADE = "grade"
    CLASS = "class"
    BOARDING = "boarding"
    FATHER_NAME = "father_name"
    FATHER_AWAY = "father_away"
    FATHER_SINCE = "father_since"
    FATHER_PLACE = "father_place"
    FATHER_PHONE = "father_phone"
    MOTHER_NAME = "mother_name"
    MOTHER_AWAY = "mother_away"
    MOTHER_SINCE = "mother_since"
    MOTHER_PLACE = "mother_place"
    MOTHER_PHONE = "mother_phone"
    CAPABLE = "capable"
    GUARDIAN = "guardian"
    RELATION = "relation"
    GUARDIAN_PHONE = "guardian_phone"
    GUARDIAN_BORN = "guardian_born"
    ASSESSMENT = "assessment"
    INCOME = "income"
    AID = "aid"
    REMARK = "remark"
    ERROR = "error"


COMPULSORY = {
    Column.NAME: "姓名",
    Column.ID_NO: "公民身份证号码",
    Column.RESIDENCE: "现居住地",
    Column.FATHER_AWAY: "父亲是否外出务工",
    Column.MOTHER_AWAY: "母亲是否外出务工",
}

_ANYWHERE = {
    Column.ERROR: "错误原因",
    Column.SERIAL: "序号|编号|NO[.]?",
    Column.HUKOU: "是否登记户口|户口登记(情况)?|(是否)?有无户口|是否有户口",
    Column.CAPABLE: "(未外出(的?一)?方)?(有无|是否有)监护能力",
    Column.RELATION: "(监护人)?与(被监护人|(留守)?儿童|学生|孩子)的?关系|监护关系",
    Column.GUARDIAN: "(实际|现|主要|委托)监护人(姓名)?|监护人(姓名)?",
    Column.GUARDIAN_PHONE: "(实际)?监护人(联系)?(电话|方式)(号码)?|监护人手机(号码?)?",
    Column.GUARDIAN_BORN: "(实际)?监护人出生(年份|年月|日期|年)",
    Column.ASSESSMENT: "监护(状况|情况|评估)",
    Column.INCOME: "家庭(主要)?经济来源|(主要)?经济来源",
    Column.AID: "救助帮扶(情况)?|(享受)?救助情况|帮扶情况",
    Column.REMARK: "备注|说明",
}
_OF_CHILD = {
    Column.NAME: "((留守)?儿童|学生)?姓名",
    Column.SEX: "性别",
    Column.ETHNICITY: "民族",
    Column.BIRTH_DATE: "出生(日期|年月日?|时间)",
    Column.ID_NO: "((留守)?儿童|学生)?(公民|居民)?身份证?(号码?|证号码?|件号码?)",
    Column.RESIDENCE: "现?居住地(址|点)?|现?居?住址|家庭(详细)?(住址|地址)",
    Column.HEALTH: "(身体|健康)(情况|状况)",
    Column.SCHOOLING: "(就学|就读|上学)(情况|状况)",
    Column.CLASS: "(就读|所在)?年级班级|(所在)?班级",
    Column.GRADE: "(所在|就读)?年级",
    Column.BOARDING: "(是否)?(寄宿|住校|寄宿生)",
}
_OF_PARENT = {
    "name": "姓名",
    "away": "(是否)?(外出)?务工(情况)?|是否外出(打工)?",
    "since": "(外出|务工|外出务工)(开始)?(时间|年月|日期)",
    "place": "(外出)?务工(地点|地址?|所在地)|外出(地点|地址)",
    "phone": "(联系)?(电话|方式)(号码)?|手机(号码?)?",
}
_OF_GUARDIAN = {
    Column.GUARDIAN: "姓名",
    Column.RELATION: "关系",
    Column.GUARDIAN_PHONE: "(联系)?(电话|方式)(号码)?|手机(号码?)?",
    Column.GUARDIAN_BORN: "出生(年份|年月|日期|年)",
}


def header_text(value: object) -> str:
    """A header without blanks, line breaks, stars and what stands in brackets."""
    text = "".join(unicodedata.normalize("NFKC", value).split()) if isinstance(value, str) else ""
    return re.sub(r"[(\[【][^()\[\]【】]*[)\]】]|[*:]", "", text)


@lru_cache(maxsize=1024)
def column_of(headers: tuple[str, ...]) -> Column | None:
    """The column under `headers`, from the group on top down to the last word; None if it is no known one."""
    words = [word for word in headers if word]
    if not words:
        return None
    label = words[-1]
    if found := _match(_ANYWHERE, label):
        return found
    role = next((role for role in map(_role_of, reversed(words)) if role), "child")
    if role == "child":
        return _match(_OF_CHILD, label)
    if role == "guardian":
        return _match(_OF_GUARDIAN, label)
    bare = re.sub("^(父亲?|母亲?|爸爸|妈妈)的?", "", label)
    for part, pattern in _OF_PARENT.items():
        if re.fullmatch(pattern, bare):
            return Column(f"{role}_{part}")
    return None


def _match(patterns: dict[Column, str], label: str) -> Column | None:
    return next((column for column, pattern in patterns.items() if re.fullmatch(pattern, label)), None)


def _role_of(word: str) -> str:
    """Whom a header speaks of, or nothing where it names nobody or both parents."""
    word = re.sub("祖[父母]+", "", word)
    of_father, of_mother = bool(re.search("父|爸", word)), bool(re.search("母|妈", word))
    if of_father != of_mother:
        return "father" if of_father else "mother"
    return "guardian" if "监护" in word and not of_father else ""
