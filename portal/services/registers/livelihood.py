"""收入来源 and 救助情况 in a roster row: the official words become terms, others go to the remark."""

from __future__ import annotations

import re
from typing import TypeVar

from portal.services.registers.records import RosterRow
from portal.terms import AidKind, IncomeSource

Kind = TypeVar("Kind", IncomeSource, AidKind)

_INCOME = {
    "打工": IncomeSource.WORK, "务工": IncomeSource.WORK, "外出务工": IncomeSource.WORK, "工资": IncomeSource.WORK,
    "种养": IncomeSource.FARMING, "务农": IncomeSource.FARMING, "种地": IncomeSource.FARMING,
    "种植": IncomeSource.FARMING, "养殖": IncomeSource.FARMING,
    "政府救助": IncomeSource.RELIEF, "救助": IncomeSource.RELIEF,
    "亲朋接济": IncomeSource.KIN, "亲友接济": IncomeSource.KIN, "接济": IncomeSource.KIN,
    "其他": IncomeSource.OTHER,
}  # fmt: skip
_AID = {
    "低保": AidKind.SUBSISTENCE, "最低生活保障": AidKind.SUBSISTENCE, "临时救助": AidKind.TEMPORARY,
    "医疗救助": AidKind.MEDICAL, "住房救助": AidKind.HOUSING, "两免一补": AidKind.SCHOOL,
    "教育救助": AidKind.SCHOOL, "春蕾": AidKind.SPRING_BUD, "春蕾计划": AidKind.SPRING_BUD,
    "孤儿": AidKind.ORPHAN, "事实无人抚养": AidKind.UNRAISED, "其他": AidKind.OTHER,
}  # fmt: skip
_NOTHING = {"无", "没有", "否", "-", "—"}


def read_livelihood(row: RosterRow) -> tuple[tuple[IncomeSource, ...], tuple[AidKind, ...], str]:
    """(sources of income, kinds of aid, the remark with the words that are no term)."""
    incomes, rest = _read(row.income_source, _INCOME)
    aids, more = _read(row.aid, _AID)
    return incomes, aids, "；".join(filter(None, (row.remark, *rest, *more)))


def _read(words: str, known: dict[str, Kind]) -> tuple[tuple[Kind, ...], list[str]]:
    parts = [one for one in re.split(r"[、，,；;/\s]+", words) if one and one not in _NOTHING]
    found = {known[one] for one in parts if one in known}
    order = dict.fromkeys(known.values())
    return tuple(one for one in order if one in found), [one for one in parts if one not in known]
