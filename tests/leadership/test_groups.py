"""Groups and posts over time: one of a kind, one head, every list true for its days."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document
from sqlalchemy.exc import IntegrityError

from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.leadership import LeadershipGroup, LeadershipPost
from portal.services.leadership import below, groups, network, notice, posts
from portal.services.leadership.groups import document_number
from portal.services.leadership.posts import Seat
from portal.tenancy.columns import FOREVER
from portal.terms import DutyArea, GroupEnd, GroupKind, Position, UnitKind
from tests.factories.county import writing
from tests.leadership.conftest import COUNTY, FOUNDED, OTHER, SCHOOL, TOWN, Office

MARCH = date(2025, 3, 1)


def _names(listed: groups.OnADay) -> list[tuple[str, str]]:
    return [(post.position.value, post.name) for post in listed.posts]


def test_a_group_has_a_head_and_a_second_of_its_kind_is_refused(office: Office) -> None:
    office.found(SCHOOL, "school", document_no="清一小[2024]7号")
    with office.at(SCHOOL, "school") as (unit, actor):
        [listed] = groups.list_groups(unit, actor=actor)
        assert _names(listed) == [("head", "周怀远")]
        assert listed.group.document_no == "清一小〔2024〕7号"
    with pytest.raises(Refused) as refused:
        office.found(SCHOOL, "school")
    assert refused.value.field == "kind"
    office.found(SCHOOL, "school", kind=GroupKind.PROXY_PARENTS, name="代理家长委员会")
    with office.at(SCHOOL, "school") as (unit, actor):
        assert [one.group.kind for one in groups.list_groups(unit, actor=actor)] == [
            GroupKind.LEADING,
            GroupKind.PROXY_PARENTS,
        ]


def test_the_database_itself_keeps_one_active_group_and_one_head(office: Office) -> None:
    office.found(SCHOOL, "school")
    with office.app.app_context(), writing() as session:
        group = session.query(LeadershipGroup).one()
        for row in (
            LeadershipGroup(unit=group.unit, kind=group.kind, name="第二个", founded_on=FOUNDED),
            LeadershipPost(
                unit=group.unit, group_id=group.id, position=Position.HEAD, name="第二人", since=FOUNDED
            ),
        ):
            session.add(row)
            with pytest.raises(IntegrityError):
                session.flush()
            session.rollback()


@pytest.mark.parametrize(
    "typed",
    ["清妇儿工委【2025】3号", "清妇儿工委(2025)3号", "清妇儿工委〔2025〕 3号", "清妇儿工委［２０２５］３号"],
)
def test_any_bracket_becomes_the_printed_one(typed: str) -> None:
    assert document_number(typed) == "清妇儿工委〔2025〕3号"


@pytest.mark.parametrize("typed", ["3号", "清妇儿工委2025第3号", "清妇儿工委〔25〕3号", "x" * 40])
def test_what_is_no_document_number_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        document_number(typed)
    assert refused.value.field == "document_no"


def test_handing_over_keeps_the_old_list_for_its_days(office: Office) -> None:
    office.found(SCHOOL, "school")
    with office.at(SCHOOL, "school") as (unit, actor):
        [listed] = groups.list_groups(unit, actor=actor)
        deputy = posts.add_post(listed.group, actor=actor, position=Position.DEPUTY, since=FOUNDED,
                                who=Seat("林青禾", duty_areas=(DutyArea.SAFETY_LAW, DutyArea.STUDY)))  # fmt: skip
        assert (deputy.title, deputy.phone) == ("副校长", "100-2233-4455")  # from the person's own record
        posts.hand_over(listed.head, actor=actor, to=Seat("陈素梅", "校长"), on=MARCH)
    with office.at(SCHOOL, "school") as (unit, actor):
        [now] = groups.list_groups(unit, actor=actor)
        assert _names(now) == [("head", "陈素梅"), ("deputy", "林青禾")]
        before = groups.on_a_day(now.group, actor=actor, day=date(2025, 2, 28))
        assert _names(before) == [("head", "周怀远"), ("deputy", "林青禾")]
        assert list(now.changed_on) == [MARCH, FOUNDED]


def test_a_head_is_followed_never_missing(office: Office) -> None:
    office.found(SCHOOL, "school")
    with office.at(SCHOOL, "school") as (unit, actor):
        [listed] = groups.list_groups(unit, actor=actor)
        with pytest.raises(Refused):
            posts.leave(listed.head, actor=actor, on=MARCH)
        with pytest.raises(Refused):
            posts.add_post(listed.group, actor=actor, position=Position.HEAD, who=Seat("第二"), since=MARCH)
        for day in (date(2024, 9, 1), FOUNDED, date(2025, 9, 30)):
            with pytest.raises(Refused):
                posts.hand_over(listed.head, actor=actor, to=Seat("陈素梅"), on=day)
        with pytest.raises(Refused) as refused:
            posts.hand_over(listed.head, actor=actor, to=Seat("周怀远", "校长"), on=MARCH)
        assert refused.value.field == "name"


def test_an_ended_group_keeps_its_list_and_takes_no_change(office: Office) -> None:
    office.found(SCHOOL, "school")
    with office.at(SCHOOL, "school") as (unit, actor):
        [listed] = groups.list_groups(unit, actor=actor)
        groups.end_group(listed.group, actor=actor, on=date(2025, 6, 29), reason=GroupEnd.RENEWED)
        assert groups.list_groups(unit, actor=actor) == []
        [former] = groups.list_former(unit, actor=actor)
        assert _names(groups.on_a_day(former, actor=actor)) == [("head", "周怀远")]
        with pytest.raises(Refused):
            posts.add_post(former, actor=actor, position=Position.MEMBER, who=Seat("新来"), since=MARCH)
        [head] = groups.on_a_day(former, actor=actor).posts
        with pytest.raises(Refused):
            posts.correct(head, actor=actor, who=Seat("改名"))
    office.found(SCHOOL, "school", founded_on=date(2025, 6, 30))


def test_member_units_show_where_nobody_is_the_liaison(office: Office) -> None:
    office.found(COUNTY, "office", kind=GroupKind.JOINT_CONFERENCE)
    with office.at(COUNTY, "office") as (unit, actor):
        [listed] = groups.list_groups(unit, actor=actor)
        police = network.add_member(listed.group, actor=actor, name="县公安局", since=FOUNDED)
        network.add_member(listed.group, actor=actor, name="县财政局", since=FOUNDED)
        of_the_police = police.public_id
        with pytest.raises(Refused):
            network.add_member(listed.group, actor=actor, name="县公安局", since=MARCH)
        posts.add_post(listed.group, actor=actor, position=Position.LIAISON, since=FOUNDED,
                       who=Seat("马警官", "科员", member_unit=police.public_id))  # fmt: skip
    with office.at(COUNTY, "office") as (unit, actor):
        [now] = groups.list_groups(unit, actor=actor)
        members = network.list_members(now, actor=actor)
        assert [(one.unit.name, one.lacks) for one in members] == [("县公安局", False), ("县财政局", True)]
        network.end_member(now.group, of_the_police, actor=actor)
    with office.at(COUNTY, "office") as (unit, actor):
        [now] = groups.list_groups(unit, actor=actor)
        assert [one.unit.name for one in network.list_members(now, actor=actor)] == ["县财政局"]
        assert _names(now) == [("head", "周怀远")]  # her liaison went with the police
        with pytest.raises(NotFound):
            network.end_member(now.group, of_the_police, actor=actor)


def test_a_level_sees_who_has_none_below_and_writes_only_its_own(office: Office) -> None:
    office.found(SCHOOL, "school")
    office.found(TOWN, "town")
    with office.at(COUNTY, "leader") as (unit, actor):
        shares = below.count_below(unit, actor=actor)
        assert {kind: (one.with_group, one.units) for kind, one in shares.items()} == {
            UnitKind.TOWNSHIP: (1, 2),
            UnitKind.SCHOOL: (1, 2),
        }
        rows, _key = below.list_below(unit, actor=actor)
        assert [(row.unit.code, row.head.name if row.head else None) for row in rows] == [
            (SCHOOL, "周怀远"), (OTHER, None), (TOWN, "周怀远"), ("990001002", None)]  # fmt: skip
        missing, _key = below.list_below(unit, actor=actor, missing=True)
        assert [row.unit.code for row in missing] == [OTHER, "990001002"]
    with office.at(SCHOOL, "town") as (school, actor):
        [listed] = groups.list_groups(school, actor=actor)
        known = listed.group.public_id
        with pytest.raises(PermissionDenied):
            posts.leave(listed.head, actor=actor, on=MARCH)
    with office.at(OTHER, "other") as (unit, actor), pytest.raises(NotFound):
        groups.get_group(unit, known, actor=actor)
    with office.at(SCHOOL, "teacher") as (unit, actor):
        [listed] = groups.list_groups(unit, actor=actor)
        with pytest.raises(PermissionDenied):
            groups.end_group(listed.group, actor=actor, on=MARCH, reason=GroupEnd.RENEWED)


def test_the_list_below_is_turned_over_by_its_key(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(below, "PAGE", 3)
    with office.at(COUNTY, "leader") as (unit, actor):
        first, key = below.list_below(unit, actor=actor)
        rest, end = below.list_below(unit, actor=actor, after=key)
        codes = [row.unit.code for row in (*first, *rest)]
    assert (codes, end) == ([SCHOOL, OTHER, TOWN, "990001002"], None)


def test_the_notice_names_the_new_list_and_who_left(office: Office) -> None:
    office.found(SCHOOL, "school")
    with office.at(SCHOOL, "school") as (unit, actor):
        [listed] = groups.list_groups(unit, actor=actor)
        posts.add_post(listed.group, actor=actor, position=Position.MEMBER, since=FOUNDED,
                       who=Seat("李梅", "班主任", duty_areas=(DutyArea.MIND,)))  # fmt: skip
        posts.hand_over(listed.head, actor=actor, to=Seat("陈素梅", "校长"), on=MARCH)
        file = notice.write_notice(listed.group, actor=actor, on=MARCH)
    document = Document(io.BytesIO(file))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert text.startswith("×××〔2025〕×号")
    assert "关于调整关爱工作领导小组成员的通知" in text
    assert "组　长\t陈素梅　校长" in text
    assert "成　员\t李　梅　班主任（分管心理）" in text
    assert "周怀远同志因工作变动，不再担任" in text
    assert text.rstrip().endswith("甲镇小学\n2025年3月1日")
    section = document.sections[0]
    assert [round(side.mm) for side in (section.top_margin, section.bottom_margin, section.left_margin)] == [
        37,
        35,
        28,
    ]


def test_two_take_the_same_post_and_the_second_is_told(office: Office) -> None:
    office.found(SCHOOL, "school")
    with office.at(SCHOOL, "school") as (unit, actor):
        [listed] = groups.list_groups(unit, actor=actor)
        asked = {"actor": actor, "position": Position.MEMBER, "since": FOUNDED}
        posts.add_post(listed.group, who=Seat("李梅", "班主任"), **asked)
        with pytest.raises(Refused) as refused:
            posts.add_post(listed.group, who=Seat("李梅", "班主任"), **asked)
        assert refused.value.field == "name"
        for name in ("", "李"):
            with pytest.raises(Refused):
                posts.add_post(listed.group, who=Seat(name), **asked)


def test_a_slip_of_the_pen_is_mended_in_place(office: Office) -> None:
    office.found(SCHOOL, "school")
    with office.at(SCHOOL, "school") as (unit, actor):
        [listed] = groups.list_groups(unit, actor=actor)
        posts.correct(listed.head, actor=actor, who=Seat("周怀远", "党支部书记、校长"))
        db.session.flush()
        again = groups.on_a_day(listed.group, actor=actor, day=FOUNDED)
        assert again.head is not None
        assert (again.head.title, again.head.since, again.head.until) == (
            "党支部书记、校长",
            FOUNDED,
            FOREVER,
        )
