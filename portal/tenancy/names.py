"""Name keys: how a Chinese name is sorted and found on both engines, e.g. `zhang san|zs` for 张三.

A key is the toneless pinyin, word by word, then the initials. Sorting by it sorts by pinyin; `LIKE
'zhang%'` finds by the beginning of the name and `LIKE '%|zs%'` by initials. Everything is lower case.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, func, or_

KEY_LENGTH = 160
"""The length of every `name_key` column."""

_INITIALS = 39

_COMPOUND_SURNAMES = {
    "欧阳": "ou yang", "司马": "si ma", "上官": "shang guan", "诸葛": "zhu ge", "夏侯": "xia hou",
    "东方": "dong fang", "皇甫": "huang fu", "尉迟": "yu chi", "公孙": "gong sun", "慕容": "mu rong",
    "令狐": "ling hu", "宇文": "yu wen", "长孙": "zhang sun", "司徒": "si tu", "司空": "si kong",
    "万俟": "mo qi", "单于": "chan yu", "澹台": "tan tai", "呼延": "hu yan", "端木": "duan mu",
    "南宫": "nan gong", "鲜于": "xian yu", "亓官": "qi guan", "钟离": "zhong li", "申屠": "shen tu",
    "乐正": "yue zheng", "淳于": "chun yu", "太史": "tai shi", "独孤": "du gu", "拓跋": "tuo ba",
    "赫连": "he lian", "百里": "bai li", "轩辕": "xuan yuan", "濮阳": "pu yang", "闾丘": "lv qiu",
}  # fmt: skip

_SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "朴": "piao", "区": "ou", "查": "zha",
    "任": "ren", "盖": "ge", "翟": "zhai", "尉": "wei", "种": "chong", "繁": "po", "乐": "yue",
    "员": "yun", "冼": "xian", "洗": "xian", "缪": "miao", "黑": "he", "折": "she", "华": "hua",
    "宁": "ning", "纪": "ji", "过": "guo", "那": "na", "秘": "bi", "撒": "sa", "哈": "ha",
    "召": "shao", "乜": "nie", "葛": "ge", "逄": "pang", "隗": "wei", "郗": "xi", "费": "fei",
    "句": "gou", "宓": "mi", "覃": "qin", "谌": "chen", "牟": "mou", "藏": "zang", "石": "shi",
    "沈": "shen", "贾": "jia", "卜": "bu", "阚": "kan", "訾": "zi", "祭": "zhai", "都": "du",
    "万": "wan", "晁": "chao", "臧": "zang", "应": "ying", "燕": "yan", "於": "yu", "相": "xiang",
    "车": "che", "柏": "bai", "薄": "bo", "褚": "chu", "褶": "zhe", "佴": "nai", "重": "chong",
}  # fmt: skip
"""Characters that a surname reads otherwise than a common word does."""


@lru_cache(maxsize=8192)
def name_key(text: str) -> str:
    """The key of a unit's or thing's name: 云溪镇 → `yun xi zhen|yxz`. A leading 长 is read chang."""
    folded = _folded(text)
    return _key(["chang", *_syllables(folded[1:])] if folded.startswith("长") else _syllables(folded))


@lru_cache(maxsize=32768)
def person_name_key(name: str) -> str:
    """The key of a person's name, whose surname is read as a surname: 曾单 → `zeng dan|zd`."""
    folded = _folded(name)
    surname = folded[:2] if folded[:2] in _COMPOUND_SURNAMES else folded[:1]
    read = _COMPOUND_SURNAMES.get(surname) or _SURNAMES.get(surname)
    if read is None:
        return _key(_syllables(folded))
    return _key([*read.split(), *_syllables(folded[len(surname) :])])


def name_matches(name: Any, key: Any, typed: str) -> ColumnElement[bool]:
    """Rows whose name begins as typed: in characters, in pinyin with or without blanks, or by initials."""
    begun = "".join(_folded(typed).split())
    return or_(
        name.startswith(typed.strip(), autoescape=True),
        func.replace(key, " ", "").startswith(begun, autoescape=True),
        key.contains(f"|{begun}", autoescape=True),
    )


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).lower()


def _syllables(text: str) -> list[str]:
    """Toneless pinyin of each Chinese character; Latin words and numbers stay whole, signs go."""
    from pypinyin import Style, lazy_pinyin  # its dictionary takes half a second: only who needs it pays

    read = lazy_pinyin(text, style=Style.NORMAL, v_to_u=False)
    return [word for part in read for word in re.findall(r"\w+", part)]


def _key(syllables: list[str]) -> str:
    initials = "".join(syllable[0] for syllable in syllables)[:_INITIALS]
    return " ".join(syllables)[: KEY_LENGTH - _INITIALS - 1].rstrip() + "|" + initials
