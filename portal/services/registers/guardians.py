"""Guardian words of a roster (爷爷, 姑妈, 无 …) read as one of the groups of the official form."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.services.registers.readings import is_nothing, read_name, squeeze
from portal.terms import GuardianKind


@dataclass(frozen=True)
class GuardianWord:
    """A kind of guardian and the Chinese group word it is counted under."""

    kind: GuardianKind
    word: str


NOBODY = GuardianWord(GuardianKind.NONE, "无人监护")
PARENTS = GuardianWord(GuardianKind.PARENT, "父母")
_GRANDPARENTS = GuardianWord(GuardianKind.GRANDPARENT, "祖父母")
_MATERNAL = GuardianWord(GuardianKind.GRANDPARENT, "外祖父母")
_RELATIVES = GuardianWord(GuardianKind.RELATIVE, "亲属")
_SIBLINGS = GuardianWord(GuardianKind.SIBLING, "兄弟姐妹")
_TEACHERS = GuardianWord(GuardianKind.TEACHER, "教师")
_INSTITUTIONS = GuardianWord(GuardianKind.INSTITUTION, "机构")
_OTHERS = GuardianWord(GuardianKind.OTHER_ADULT, "其他")

# A word of an earlier line wins over one it contains: 外祖父 over 祖父, 姑父 and 舅母 over 父 and 母.
_WORDS: tuple[tuple[str, GuardianWord], ...] = (
    ("无人|没有人|没有|独居|独自生活|自己|本人|无", NOBODY),
    ("外祖父母|外祖父|外祖母|外公外婆|外公|外婆|外爷|姥姥|姥爷|家公|家婆|嘎公|嘎婆|嘎嘎|家家", _MATERNAL),
    ("曾祖父母|曾祖父|曾祖母|祖父母|祖父|祖母|爷奶|爷爷|奶奶|爷|奶|婆婆|阿公|阿婆|太爷|太奶", _GRANDPARENTS),
    ("[堂表][哥弟姐妹兄][哥弟姐妹]?", _RELATIVES),
    (
        "[大小幺二三四五六七八九]?[姑姨舅叔伯婶](?:[父母妈爸丈婆公爷奶娘]|[姑姨舅叔伯婶])?|幺[爸妈]|[孃娘]{2}|亲属|亲戚|其他亲属",
        _RELATIVES,
    ),
    ("哥哥|姐姐|哥|姐|兄长|兄|嫂子|嫂嫂|弟弟|妹妹|兄弟|姐妹|姊妹", _SIBLINGS),
    ("(?:养|继|生)?(?:父母亲|父母|父亲|母亲|爸爸|妈妈|爸妈|父|母|爸|妈)|爹|娘", PARENTS),
    ("班主任|老师|教师", _TEACHERS),
    ("儿童福利院|福利院|敬老院|救助站|儿童福利机构|福利机构|机构", _INSTITUTIONS),
    ("邻居|朋友|村干部|村委会|儿童主任|代理家长|爱心妈妈|其他人|其他", _OTHERS),
)
_ONE = re.compile("|".join(f"({words})" for words, _ in _WORDS))
_TAIL = re.compile("(一起)?(生活|居住|照看|照顾|照料|抚养|监护)$")
_BETWEEN = re.compile("[和与及、,;/+.\\s的]*")


def find_guardian(text: str) -> GuardianWord | None:
    """The group of a text that consists of kin words only (爷爷奶奶, 外公、外婆); None for a name."""
    text = _TAIL.sub("", text.removeprefix("随").removeprefix("跟").removeprefix("由"))
    at, first = 0, None
    while at < len(text):
        found = _ONE.match(text, at)
        if not found:
            return None
        first = first or _WORDS[(found.lastindex or 1) - 1][1]
        between = _BETWEEN.match(text, found.end())
        at = between.end() if between else found.end()
    return first


def read_guardian(guardian: object, relation: object) -> tuple[str, GuardianWord | None]:
    """Name (if one is written) and group of the actual guardian, from 实际监护人, then 与儿童关系.

    The group is None where neither cell tells it; the caller must not take that for 无人监护.
    """
    text = "" if is_nothing(guardian) else squeeze(guardian)
    inside = re.fullmatch(r"([^()]*)\(([^()]*)\)?", text)
    outer, inner = (inside[1], inside[2]) if inside else (text, "")
    if group := find_guardian(outer):
        return read_name(inner) if not find_guardian(inner) else "", group
    by_relation = "" if is_nothing(relation) else re.sub(r"\(.*", "", squeeze(relation))
    group = find_guardian(inner) or find_guardian(by_relation)
    return read_name(outer), group
