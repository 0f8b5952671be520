"""Groups and posts: what a unit has, who has none below, and every change of a list."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.leadership import bp
from portal.blueprints.leadership.forms import ChangeForm, EndGroupForm, GroupForm, MemberForm, PostForm
from portal.config import today
from portal.errors import Refused
from portal.services.leadership import below, groups, meetings, network, notice, plans, posts
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import GroupEnd, GroupKind, Position
from portal.web import pager
from portal.web.answers import file_answer
from portal.web.form_pages import Answer, form_page
from portal.web.forms import attempt
from portal.web.guards import requires
from portal.web.navigation import trail
from portal.web.sign_in import current_actor

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def step(unit: Unit) -> None:
    """The breadcrumb of the room."""
    trail(_("Leadership groups"), url_for("leadership.index", code=unit.code))


@bp.get("/units/<code>/leadership/")
@requires(Permission.LEADERSHIP_READ)
def index(unit: Unit) -> str:
    actor = current_actor()
    trail(_("Leadership groups"))
    return render_template("leadership/index.html", unit=unit, active=groups.list_groups(unit, actor=actor),
                           former=groups.list_former(unit, actor=actor),
                           shares=below.count_below(unit, actor=actor),
                           meetings=meetings.list_meetings(unit, actor=actor),
                           decisions=meetings.list_open_decisions(unit, actor=actor),
                           plans=plans.list_plans(unit, actor=actor))  # fmt: skip


@bp.get("/units/<code>/leadership/below")
@requires(Permission.LEADERSHIP_READ)
def list_below(unit: Unit) -> str:
    actor, missing = current_actor(), request.args.get("show") == "missing"
    after = pager.decode(request.args.get("after"), 1)
    rows, key = below.list_below(unit, actor=actor, missing=missing, after=after)
    more = url_for(".list_below", code=unit.code, show="missing" if missing else None,
                   after=pager.encode(key)) if key else None  # fmt: skip
    step(unit)
    trail(_("Down the tree"))
    return render_template("leadership/below.html", unit=unit, rows=rows, missing=missing, next_url=more,
                           shares=below.count_below(unit, actor=actor))  # fmt: skip


@bp.route("/units/<code>/leadership/new", methods=["GET", "POST"])
@requires(Permission.LEADERSHIP_EDIT)
def found(unit: Unit) -> Answer:
    actor, form = current_actor(), GroupForm(founded_on=today(), group_name=_proposed(unit))
    form.offer([])
    if attempt(form, lambda: groups.found_group(
        unit, actor=actor, kind=GroupKind(form.kind.data), name=form.group_name.data or "",
        founded_on=form.founded_on.data, head=form.seat, document_no=form.document_no.data or "")):  # fmt: skip
        flash(_("The group is founded. Add the others now."), "ok")
        return redirect(url_for(".index", code=unit.code))
    step(unit)
    return form_page(
        "leadership/found", form, _("Found a group"), unit=unit, known=posts.list_known(unit, actor=actor)
    )


def _proposed(unit: Unit) -> str:
    return f"{unit.name}关爱农村留守儿童工作领导小组"


@bp.get("/units/<code>/leadership/groups/<uuid:group_id>")
@requires(Permission.LEADERSHIP_READ)
def group(unit: Unit, group_id: uuid.UUID) -> str:
    return _group_page(unit, group_id, MemberForm(since=today()))


def _group_page(unit: Unit, group_id: uuid.UUID, form: MemberForm) -> str:
    actor = current_actor()
    one = groups.get_group(unit, group_id, actor=actor)
    listed = groups.on_a_day(one, actor=actor, day=_asked_day())
    step(unit)
    trail(one.name)
    return render_template("leadership/group.html", unit=unit, listed=listed, form=form,
                           members=network.list_members(listed, actor=actor),
                           meetings=meetings.list_meetings(unit, actor=actor, group=one))  # fmt: skip


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


@bp.route("/units/<code>/leadership/groups/<uuid:group_id>/end", methods=["GET", "POST"])
@requires(Permission.LEADERSHIP_EDIT)
def end(unit: Unit, group_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), EndGroupForm(on=today())
    one = groups.get_group(unit, group_id, actor=actor)
    if attempt(form, lambda: groups.end_group(one, actor=actor, on=form.on.data,
                                              reason=GroupEnd(form.reason.data))):  # fmt: skip
        flash(_("The group has ended. Its lists stay as they were."), "ok")
        return redirect(url_for(".index", code=unit.code))
    step(unit)
    return form_page("leadership/end", form, _("Close the group"), unit=unit, group=one)


@bp.route("/units/<code>/leadership/groups/<uuid:group_id>/posts", methods=["GET", "POST"])
@requires(Permission.LEADERSHIP_EDIT)
def add_post(unit: Unit, group_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), PostForm(since=today())
    one = groups.get_group(unit, group_id, actor=actor)
    here = url_for(".group", code=unit.code, group_id=group_id)
    _offer_members(form, one)
    if attempt(form, lambda: posts.add_post(one, actor=actor, position=Position(form.position.data),
                                            who=form.seat, since=form.since.data)):  # fmt: skip
        flash(_("%(name)s stands in the list.", name=form.name.data), "ok")
        return redirect(here)
    step(unit)
    trail(one.name, here)
    known = posts.list_known(unit, actor=actor)
    return form_page("leadership/post", form, _("Add somebody"), unit=unit, group=one, known=known)


def _offer_members(form: PostForm | ChangeForm, one: Any) -> None:
    actor = current_actor()
    listed = network.list_members(groups.on_a_day(one, actor=actor), actor=actor)
    form.offer((member.unit.public_id, member.unit.name) for member in listed)


@bp.route("/units/<code>/leadership/posts/<uuid:post_id>", methods=["GET", "POST"])
@requires(Permission.LEADERSHIP_EDIT)
def change_post(unit: Unit, post_id: uuid.UUID) -> Answer:
    actor = current_actor()
    post = posts.get_post(unit, post_id, actor=actor)
    form = ChangeForm(on=today(), **_as_typed(post))
    _offer_members(form, post.group)
    here = url_for(".group", code=unit.code, group_id=post.group.public_id)
    if attempt(form, lambda: _change(form, post)):
        flash(_("Written down. The list of the days before stays as it was."), "ok")
        return redirect(here)
    step(unit)
    trail(post.group.name, here)
    return form_page("leadership/change", form, _("Change of the post"), unit=unit, post=post,
                 known=posts.list_known(unit, actor=actor))  # fmt: skip


def _as_typed(post: Any) -> dict[str, Any]:
    unit = str(post.member_unit.public_id) if post.member_unit else ""
    duties = [one.value for one in post.duty_areas]
    return {"name": post.name, "title": post.title, "phone": post.phone, "member_unit": unit,
            "duty_areas": duties}  # fmt: skip


def _change(form: ChangeForm, post: Any) -> None:
    actor, on = current_actor(), form.on.data or today()
    if form.act.data == "follows":
        posts.hand_over(post, actor=actor, to=form.seat, on=on)
    elif form.act.data == "leaves":
        posts.leave(post, actor=actor, on=on)
    else:
        posts.correct(post, actor=actor, who=form.seat)


@bp.get("/units/<code>/leadership/groups/<uuid:group_id>/notice")
@requires(Permission.LEADERSHIP_EDIT)
def write_notice(unit: Unit, group_id: uuid.UUID) -> FlaskResponse:
    actor = current_actor()
    one = groups.get_group(unit, group_id, actor=actor)
    day = _asked_day() or today()
    return file_answer(notice.write_notice(one, actor=actor, on=day), WORD, f"{one.name}-{day}.docx")


@bp.post("/units/<code>/leadership/groups/<uuid:group_id>/members")
@requires(Permission.LEADERSHIP_EDIT)
def add_member(unit: Unit, group_id: uuid.UUID) -> Answer:
    actor, form = current_actor(), MemberForm()
    one = groups.get_group(unit, group_id, actor=actor)
    if attempt(form, lambda: network.add_member(one, actor=actor, name=form.name.data or "",
                                                since=form.since.data)):  # fmt: skip
        flash(_("%(name)s is a member unit. Write down its liaison.", name=form.name.data), "ok")
        return redirect(url_for(".group", code=unit.code, group_id=group_id) + "#members")
    return _group_page(unit, group_id, form), 400


@bp.post("/units/<code>/leadership/groups/<uuid:group_id>/members/<uuid:member_id>/end")
@requires(Permission.LEADERSHIP_EDIT)
def end_member(unit: Unit, group_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    actor = current_actor()
    one = groups.get_group(unit, group_id, actor=actor)
    try:
        network.end_member(one, member_id, actor=actor)
        flash(_("It is a member unit no more."), "ok")
    except Refused as refused:
        flash(str(refused.message), "warn")
    return redirect(url_for(".group", code=unit.code, group_id=group_id) + "#members")
