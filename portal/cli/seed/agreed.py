"""What was agreed in the pairings of the demo county: reason, package, plan, and what the helper knows by now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from portal.cli.seed.children import Away
from portal.cli.seed.records import ChildRef
from portal.terms import DutyPackage, HelperRank, LocalLabel, PairingKind, PairingReason

PLAN: dict[str, Any] = {
    "reason": None, "helper_rank": None, "local_label": None, "package": None, "goals": "", "times": "", "content": "",
    "beyond": "",
}  # fmt: skip
PROPOSED = {
    "reason": PairingReason.STUDY,
    "goals": "期末前能独立完成数学作业",
    "times": "每周六下午",
    "content": "辅导作业，一起读一本书",
}
_PACKAGES = {
    PairingKind.PROXY_PARENT: DutyPackage.FIVE_ONES,
    PairingKind.CARING_MOTHER: DutyPackage.KNOW_AND_MEET,
    PairingKind.CADRE: DutyPackage.THREE_ONES,
}
_PLANS: Mapping[PairingKind, tuple[str, str, str]] = {
    PairingKind.TEACHER: ("学习习惯有改善，不掉队", "每周课后一次", "谈心、辅导作业、与监护人沟通"),
    PairingKind.VOLUNTEER: ("有人陪伴，愿意说心里话", "每月至少一次", "走访、陪读、过生日"),
    PairingKind.PROXY_PARENT: ("生活有人管，安全有人问", "每半月一次", "联系、通话、见班主任、见监护人"),
    PairingKind.CARING_MOTHER: ("像家人一样有人惦记", "每周一次", "谈心、缝补、节日一起过"),
    PairingKind.CADRE: ("家里的难处有人帮着解决", "每季度一次电话，半年一次家访", "家访、电话、帮助申请救助"),
}


def agreed(kind: PairingKind, child: ChildRef, day: date, number: int) -> dict[str, Any]:
    """The columns of a pairing's plan; `number` counts the pairs made before it."""
    goals, times, content = _PLANS[kind]
    reason = PairingReason.STUDY if kind is PairingKind.TEACHER else PairingReason.GENERAL
    if child.draft.away is not Away.ONE and number % 3 == 0:
        reason = PairingReason.PRIORITY
    rank = None
    if kind is PairingKind.CADRE:
        rank = HelperRank.COUNTY if number % 11 == 0 else HelperRank.SECTION
    own = kind is PairingKind.CARING_MOTHER and number % 4 == 0
    return PLAN | {
        "reason": reason, "helper_rank": rank, "package": _PACKAGES.get(kind), "goals": goals, "times": times,
        "content": content, "local_label": LocalLabel.PROXY_MOTHER if own else None, "knows_child_on": day,
        "knows_guardian_on": day + timedelta(days=14), "knows_parents_on": None if number % 9 == 0 else day,
    }  # fmt: skip
