"""How clerks write texts, names, phones, yes and no, and class names in a roster, read as one form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from datetime import date, datetime, time
from enum import Enum
from functools import lru_cache

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")
_MIDDLE_DOTS = dict.fromkeys(map(ord, "•‧．・･∙⋅●"), "·")
_CJK = "\u3007\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·"
_NOTHING = {"", "空", "无数据"}
LONGEST_NOTHING = 20
_NUMERALS = {mark: number for number, mark in enumerate("零一二三四五六七八九")}


LAST_GRADE, LONGEST_STAGE = 12, 3
_NUMERAL = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_CLASS_NUMBER = re.compile(f"[(.-]?({_NUMERAL})[)]?班?")
_CLASS_FORMS = (
    re.compile(f"(?P<stage>小学|初中|高中|)(?P<grade>{_NUMERAL})年级(?P<rest>.*)"),
    re.compile(f"(?P<stage>初中?|高中?)(?P<grade>{_NUMERAL})(?P<rest>.*)"),
    re.compile(
        f"(?P<stage>小学|)(?P<grade>[一二三四五六七八九]|[0-9]{{1,2}}(?=[(.-]))(?P<rest>[(.-]?{_NUMERAL}[)]?班?)"
    ),
    re.compile(f"(?P<stage>小学|)(?P<grade>{_NUMERAL})(?P<rest>)"),
)
_YEARS_BEFORE = {"初": 6, "初中": 6, "高": 9, "高中": 9}


class Answer(Enum):
    """What a yes-or-no cell says."""

    YES = "yes"
    NO = "no"
    BLANK = "blank"
    UNCLEAR = "unclear"

    @property
    def as_bool(self) -> bool | None:
        """True or False where the cell is clear, else None."""
        return {Answer.YES: True, Answer.NO: False}.get(self)


_YES = {"是", "有", "√", "✓", "✔", "☑", "Y", "YES", "T", "TRUE", "1", "对"}
_NO = {
    "否",
    "无",
    "×",
    "✗",
    "✘",
    "✕",
    "☒",
    "X",
    "N",
    "NO",
    "F",
    "FALSE",
    "0",
    "不",
    "不是",
    "没",
    "没有",
    "未",
}
AWAY_YES = {
    "外出",
    "外出务工",
    "外出打工",
    "在外",
    "在外务工",
    "在外打工",
    "务工",
    "打工",
    "已外出",
    "是外出",
}
AWAY_NO = {
    "未外出",
    "没外出",
    "没有外出",
    "不外出",
    "未外出务工",
    "未务工",
    "在家",
    "在家务农",
    "务农",
    "已返乡",
}
BOARDING_YES, BOARDING_NO = (
    {"寄宿", "住校", "住宿", "寄宿生", "住校生"},
    {"走读", "走读生", "不寄宿", "未寄宿", "不住校"},
)
HUKOU_YES, HUKOU_NO = (
    {"已登记", "登记", "已上户", "有户口"},
    {"未登记", "没登记", "未上户", "无户口", "没有户口"},
)
CAPABLE_YES = {"有监护能力", "有能力", "具备", "具备监护能力"}
CAPABLE_NO = {"无监护能力", "没有监护能力", "无能力", "不具备", "不具备监护能力", "丧失", "丧失监护能力"}


def text_of(value: object) -> str:
    """A cell as text: half-width, one blank for several, no invisible signs; 7.0 is 7, a date is ISO."""
    if isinstance(value, str):
        return _clean(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        value = int(value) if value.is_integer() and abs(value) < 1e15 else value
    elif isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


@lru_cache(maxsize=16_384)
def _clean(text: str) -> str:
    return " ".join(_visible(unicodedata.normalize("NFKC", text)).split())


def _visible(text: str) -> str:
    """Without control and format signs; line ends and tabs become blanks."""
    if text.isprintable():
        return text
    kept = (" " if mark in "\t\r\n\v\f\x85" else mark for mark in text)
    return "".join(mark for mark in kept if unicodedata.category(mark) not in {"Cc", "Cf", "Cs"})


def squeeze(value: object) -> str:
    """A cell as text without any blanks."""
    return text_of(value).replace(" ", "")


def is_nothing(value: object) -> bool:
    """Whether a cell is blank or holds only a sign that stands for blank."""
    text = text_of(value)
    if len(text) > LONGEST_NOTHING:
        return False
    return text.translate(_DASHES).strip(" /\\-、._") in _NOTHING


def read_name(value: object) -> str:
    """A name without blanks between Chinese characters and with one kind of middle dot.

    Characters stay as they are written (𠮷 too), and so do blanks between Latin words. Empty if there is no
    letter in it.
    """
    text = value if isinstance(value, str) else text_of(value)
    text = " ".join(_visible(text).translate(_MIDDLE_DOTS).split())
    text = re.sub(f"(?<=[{_CJK}]) (?=[{_CJK}])", "", text)
    text = re.sub(" ?· ?", "·", text).strip(" ·")
    return text if any(unicodedata.category(mark).startswith("L") for mark in text) else ""


def read_phone(value: object) -> str:
    """A phone number as it is dialled, half-width; several numbers stay beside each other."""
    return "" if is_nothing(value) else text_of(value).translate(_DASHES)


def read_answer(value: object, yes: Set[str] = frozenset(), no: Set[str] = frozenset()) -> Answer:
    """Yes or no, with the words `yes` and `no` of this column beside the general ones."""
    word = squeeze(value).upper().strip(".。,;!")
    if is_nothing(value) or not word:
        return Answer.BLANK
    if word in _YES or word in yes:
        return Answer.YES
    return Answer.NO if word in _NO or word in no else Answer.UNCLEAR


def read_numeral(text: str) -> int | None:
    """1–99 in Arabic or Chinese digits, None for anything else."""
    if re.fullmatch("[0-9]{1,2}", text):
        return int(text)
    found = re.fullmatch("([一二三四五六七八九])?(十)?([一二三四五六七八九])?", text)
    if not text or not found or (found[1] and found[3] and not found[2]):
        return None
    tens = (_NUMERALS[found[1]] if found[1] else 1) if found[2] else 0
    ones = found[3] or ("" if found[2] else found[1])
    return tens * 10 + (_NUMERALS[ones] if ones else 0)


def read_class(value: object) -> tuple[int | None, str]:
    """Grade 1–12 and the class as 1年级1班; without a grade (大班) the text as written."""
    text = "" if is_nothing(value) else squeeze(value)
    found = next((match for form in _CLASS_FORMS if (match := form.fullmatch(text))), None)
    number = read_numeral(found["grade"]) if found else None
    if found is None or number is None:
        return None, text
    years_before = _YEARS_BEFORE.get(found["stage"], 0) if number <= LONGEST_STAGE else 0
    grade = number + years_before
    if not 1 <= grade <= LAST_GRADE:
        return None, text
    group = _CLASS_NUMBER.fullmatch(found["rest"])
    of_class = read_numeral(group[1]) if group else None
    return grade, f"{grade}年级{of_class}班" if of_class else f"{grade}年级{found['rest']}"
