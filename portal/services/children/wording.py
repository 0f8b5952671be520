"""Words that file a child away instead of saying what is the matter: refused in sensitive notes.

The list follows the domain's rule that notes are neutral (问题学生, 后进生, 差生 …). It is short on purpose: it
catches the labels of the old forms and leaves every other word to the writer.
"""

from __future__ import annotations

import re
import unicodedata

from flask_babel import lazy_gettext as _l

from portal.errors import Refused

LABELS = (
    "问题学生", "问题少年", "问题儿童", "问题生", "后进生", "落后生", "学困生", "双差生", "差等生", "差生", "坏学生",
    "坏孩子", "笨孩子", "弱智", "白痴", "神经病", "精神病人", "不良少年", "没人要的孩子",
)  # fmt: skip
_FOUND = re.compile(
    "|".join(label for label in LABELS if label != "差生") + "|(?<![温出偏时误落反])差生(?![病气])"
)
"""差生 also begins and ends other words: 早晚温差生病, 出差生病."""


def label_in(*texts: str) -> str:
    """The first label in the texts, or nothing."""
    for text in texts:
        if found := _FOUND.search(unicodedata.normalize("NFKC", text)):
            return found.group()
    return ""


def refuse_labels(**texts: str) -> None:
    """Raise Refused at the first field whose words label the child instead of telling."""
    for field, words in texts.items():
        if label := label_in(words):
            raise Refused(
                _l(
                    "Write what you see and what helps, without “%(label)s”: for example “finds sums hard;"
                    " somebody beside her at homework helps”.",
                    label=label,
                ),
                field=field,
            )
