"""调整领导小组成员的通知: the paper that tells of a change of posts, written from the list of its day."""

from __future__ import annotations

from datetime import date

from flask_babel import force_locale
from sqlalchemy import select

from portal.extensions import db
from portal.models.leadership import LeadershipGroup, LeadershipPost
from portal.services.leadership.groups import on_a_day
from portal.services.official_paper import OfficialPaper
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.terms import Position, UnitKind

_PRINTED = {
    Position.HEAD: "组　长",
    Position.FIRST_DEPUTY: "常务副组长",
    Position.DEPUTY: "副组长",
    Position.MEMBER: "成　员",
    Position.OFFICE_HEAD: "办公室主任",
    Position.LIAISON: "联络员",
}
"""How a notice heads the names: always Chinese, whatever language the reader works in."""
_TO = {
    UnitKind.COUNTY: "各乡镇人民政府，县直有关单位",
    UnitKind.TOWNSHIP: "各村（居）委会，各学校",
    UnitKind.SCHOOL: "各处室、年级组",
    UnitKind.VILLAGE: "各村民小组",
}


def write_notice(group: LeadershipGroup, *, actor: Actor, on: date) -> bytes:
    """The notice of the change that takes effect on `on`, as a Word file with the whole new list.

    Whoever left that day and sits in the group no more is named as leaving.
    Its own number is left open for the office to fill in.
    """
    actor.require(Permission.LEADERSHIP_EDIT, at=group.unit)
    posts = on_a_day(group, actor=actor, day=on).posts
    paper = OfficialPaper(f"关于调整{group.name}成员的通知", number=f"×××〔{on.year}〕×号")
    paper.address(_TO[group.unit.kind])
    paper.write(
        f"因人事变动和工作需要，经研究，决定自{_day(on)}起对{group.name}成员进行调整。现将调整后的名单通知如下："
    )
    for position, printed in _PRINTED.items():
        lines = [_line(one) for one in posts if one.position is position]
        if lines:
            paper.entry(printed, *lines)
    gone = sorted(_gone(group, on) - {one.name for one in posts})
    if gone:
        paper.write(f"{'、'.join(gone)}同志因工作变动，不再担任{group.name}职务。")
    paper.write("今后，成员单位人员如有变动，由接任者自行递补，报领导小组办公室备案。")
    return paper.sign(group.unit.name, on)


def _gone(group: LeadershipGroup, on: date) -> set[str]:
    query = select(LeadershipPost.name).where(LeadershipPost.group_id == group.id, LeadershipPost.until == on)
    return set(db.session.scalars(query))


def _line(post: LeadershipPost) -> str:
    name = f"{post.name[0]}　{post.name[1]}" if len(post.name) == 2 else post.name
    with force_locale("zh_Hans_CN"):
        duty = "、".join(str(area.label) for area in post.duty_areas)
    return f"{name}　{post.work}" + (f"（分管{duty}）" if duty else "")


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
