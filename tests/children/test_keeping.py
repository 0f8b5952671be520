"""What the family has a say in: consents, papers, requests, and the copy of everything."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from portal.extensions import db
from portal.jobs import runner
from portal.models.children import Child, ChildCopy, Consent, DataRequest, Paper
from portal.models.jobs import Job
from portal.models.pairings import Pairing
from portal.services.children.keeping import copies, labels, papers, requests
from portal.tenancy.scope import unscoped
from portal.terms import PairingEnd, PaperKind, Purpose, RequestState
from tests.acting import acting
from tests.children.seated import about_a1, actions, of_child, rows, seat_the_world, text_of
from tests.clients import sign_in
from tests.factories.county import add_consent, writing
from tests.factories.world import World

CONSENT = {
    "purpose": "photo_inside", "given_by": "guardian", "giver_name": "陈奶奶", "channel": "paper",
    "verified": "出示身份证", "child_agrees": "yes", "given_on": "2025-06-20", "for_whom": "", "expires_on": "",
}  # fmt: skip
REQUEST = {
    "kind": "copy",
    "asked_by": "陈奶奶",
    "relation": "祖母",
    "verified": "身份证",
    "asked_on": "2025-06-20",
}


@pytest.fixture
def world(app: Flask) -> World:
    return seat_the_world(app)


# ---- consents --------------------------------------------------------------------------------------------


def test_a_consent_is_asked_by_purpose_and_withdrawn_with_the_next_request(app: Flask, world: World) -> None:
    director, vol = sign_in(app, "director"), sign_in(app, "vol")
    assert vol.get(of_child(world)).status_code == 200
    page = text_of(director, of_child(world, "keeping/"))
    assert page.count("未同意") >= 5, "off until somebody says yes"
    (held,) = about_a1(app, world, Consent)
    assert director.post(of_child(world, f"keeping/consents/{held.public_id}/withdraw")).status_code == 302
    assert vol.get(of_child(world)).status_code == 404, "the helper's very next request"
    pairs = about_a1(app, world, Pairing)
    assert {one.end_reason for one in pairs if one.ends_on == date(2025, 6, 30)} == {PairingEnd.WITHDRAWN}
    assert all(not one.is_live_on(date(2025, 6, 30)) for one in pairs)
    assert director.post(of_child(world, f"keeping/consents/{held.public_id}/withdraw")).status_code == 404
    assert "children:consent:withdraw" in actions(app)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"purpose": ""}, "请选择一个用途"),
        ({"purpose": "file"}, "用途"),
        ({"purpose": "sharing"}, "请填写提供给谁"),
        ({"given_on": "2025-07-01"}, "日期在今天之后"),
        ({"given_on": "2001-07-01"}, "日期早于孩子出生"),
        ({"expires_on": "2025-06-19"}, "终止日期早于开始日期"),
        ({"child_agrees": ""}, "八周岁起请询问孩子"),
        ({"giver_name": ""}, "请填写姓名"),
        ({"verified": "长" * 121}, "120"),
    ],
)
def test_a_wrong_consent_writes_nothing_and_loses_nothing(
    sqlite_app: Flask, wrong: dict[str, str], sentence: str
) -> None:
    world = seat_the_world(sqlite_app)
    sent = CONSENT | wrong
    answer = sign_in(sqlite_app, "director").post(of_child(world, "keeping/consents/new"), data=sent)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert len(about_a1(sqlite_app, world, Consent)) == 1
    assert all(sent[name] in answer.text for name in ("giver_name", "verified") if sent[name])


def test_from_fourteen_on_the_child_decides(app: Flask, world: World) -> None:
    with app.app_context(), unscoped("test: an older child") as session:
        session.get_one(Child, world.children["a1"].id).birth_date = date(2011, 1, 1)
        session.commit()
    director = sign_in(app, "director")
    answer = director.post(of_child(world, "keeping/consents/new"), data=CONSENT | {"child_agrees": "no"})
    assert answer.status_code == 400
    assert "须孩子本人同意" in answer.text
    assert director.post(of_child(world, "keeping/consents/new"), data=CONSENT).status_code == 302
    made = about_a1(app, world, Consent)[-1]
    assert (made.purpose, made.child_agrees, len(made.text_version)) == (Purpose.PHOTO_INSIDE, True, 12)


# ---- papers ----------------------------------------------------------------------------------------------


def _photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    """A photo with the place where it was taken in its data, turned by its orientation mark."""
    picture, written = Image.new("RGB", size, "navy"), io.BytesIO()
    data = picture.getexif()
    data[0x0112], data[0x010F] = 6, "SECRETCAM"
    data.get_ifd(0x8825)[1] = "N"
    picture.save(written, kind, exif=data) if kind == "JPEG" else picture.save(written, kind)
    return written.getvalue()


def _send(client: Any, world: World, data: bytes, kind: str = "other", **more: str) -> Any:
    sent = {"kind": kind, "title": "签字页", "belongs_to": "", "file": (io.BytesIO(data), "x.jpg"), **more}
    return client.post(of_child(world, "papers/new"), data=sent)


def test_a_photo_loses_its_data_and_is_opened_as_a_file(app: Flask, world: World) -> None:
    teacher, coord = sign_in(app, "teacher"), sign_in(app, "coord")
    assert 'enctype="multipart/form-data"' in teacher.get(of_child(world, "papers/new")).text
    sent = _photo()
    assert b"SECRETCAM" in sent
    assert _send(teacher, world, sent).status_code == 302
    (paper,) = about_a1(app, world, Paper)
    assert (paper.media_type, paper.title) == ("image/jpeg", "签字页")
    answer = coord.get(of_child(world, f"papers/{paper.public_id}/file"))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"SECRETCAM" not in answer.data
    with Image.open(io.BytesIO(answer.data)) as opened:
        assert dict(opened.getexif()) == {}
        assert opened.size == (480, 640), "turned upright"
    assert "children:paper:read" in actions(app)
    assert sign_in(app, "neighbour").get(of_child(world, f"papers/{paper.public_id}/file")).status_code == 404
    assert sign_in(app, "vol").get(of_child(world, f"papers/{paper.public_id}/file")).status_code == 403


def test_a_paper_proves_a_row_of_this_child_and_no_other(app: Flask, world: World) -> None:
    coord = sign_in(app, "coord")
    (consent,) = about_a1(app, world, Consent)
    foreign = rows(app, select(Consent).where(Consent.child_id == world.children["b1"].id))[0]
    assert _send(coord, world, _photo(), belongs_to=f"consent:{consent.public_id}").status_code == 302
    assert about_a1(app, world, Paper)[0].consent_id == consent.id
    assert _send(coord, world, _photo(), belongs_to=f"consent:{foreign.public_id}").status_code == 400
    assert len(about_a1(app, world, Paper)) == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7 no picture", "这不是图片"),
        (b"<svg onload=alert(1)>", "这不是图片"),
        (b"\xff\xd8\xff\xe0 broken", "这不是图片"),
        (b"", "这不是图片"),
        (b"\xff" * (papers.LARGEST + 1), "超过10 MB"),
    ],
)
def test_what_is_no_picture_is_refused(sqlite_app: Flask, data: bytes, sentence: str) -> None:
    world = seat_the_world(sqlite_app)
    answer = _send(sign_in(sqlite_app, "coord"), world, data)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "签字页" in answer.text
    assert about_a1(sqlite_app, world, Paper) == []


def test_a_bomb_of_points_is_refused_before_it_is_opened(sqlite_app: Flask) -> None:
    world, written = seat_the_world(sqlite_app), io.BytesIO()
    Image.new("1", (9000, 9000)).save(written, "PNG")
    answer = _send(sign_in(sqlite_app, "coord"), world, written.getvalue())
    assert answer.status_code == 400
    assert "图片像素过大" in answer.text


def test_a_photo_of_the_child_needs_consent_and_goes_with_it(app: Flask, world: World) -> None:
    coord = sign_in(app, "coord")
    answer = _send(coord, world, _photo(), kind="photo")
    assert answer.status_code == 400
    assert "尚未同意在档案中存放照片" in answer.text
    with app.app_context(), writing() as session:
        child = session.get_one(Child, world.children["a1"].id)
        person = world.helpers["a1"]
        held = add_consent(session, child, person, Purpose.PHOTO_INSIDE).public_id
    assert _send(coord, world, _photo(), kind="photo").status_code == 302
    (paper,) = about_a1(app, world, Paper)
    address = of_child(world, f"papers/{paper.public_id}/file")
    assert coord.get(address).status_code == 200
    assert coord.post(of_child(world, f"keeping/consents/{held}/withdraw")).status_code == 302
    assert coord.get(address).status_code == 404
    assert str(paper.public_id) not in text_of(coord, of_child(world, "keeping/"))


def test_a_paper_is_taken_out_of_use_with_a_reason_and_stays_on_record(app: Flask, world: World) -> None:
    coord = sign_in(app, "coord")
    _send(coord, world, _photo("PNG"))
    (paper,) = about_a1(app, world, Paper)
    void = of_child(world, f"papers/{paper.public_id}/void")
    assert coord.post(void, data={"reason": ""}).status_code == 400
    assert coord.post(void, data={"reason": "拍错了"}).status_code == 302
    assert coord.get(of_child(world, f"papers/{paper.public_id}/file")).status_code == 404
    assert "拍错了" in text_of(coord, of_child(world, "keeping/"))
    assert about_a1(app, world, Paper)[0].void_reason == "拍错了"


def test_a_paper_that_was_changed_outside_does_not_open(app: Flask, world: World) -> None:
    coord = sign_in(app, "coord")
    _send(coord, world, _photo())
    with app.app_context(), unscoped("test: a hand in the database") as session:
        paper = session.scalars(select(Paper)).one()
        paper.digest = "0" * 64
        session.commit()
        address = of_child(world, f"papers/{paper.public_id}/file")
    assert coord.get(address).status_code >= 400


# ---- requests --------------------------------------------------------------------------------------------


def test_the_clock_of_fifteen_working_days() -> None:
    assert requests.due_after(date(2025, 6, 20)) == date(2025, 7, 11)
    assert requests.due_after(date(2025, 6, 21)) == date(2025, 7, 11), "a Saturday"


def test_a_request_waits_is_answered_and_a_refusal_gives_its_reasons(app: Flask, world: World) -> None:
    director, code = sign_in(app, "director"), world.near.village_a1.code
    assert director.post(of_child(world, "keeping/requests/new"), data=REQUEST).status_code == 302
    (made,) = about_a1(app, world, DataRequest)
    assert made.due_on == date(2025, 7, 11)
    assert "1 件家庭申请待答复" in text_of(director, "/")
    assert "陈奶奶" in text_of(director, f"/units/{code}/children/requests")
    address = of_child(world, f"keeping/requests/{made.public_id}/")
    assert director.get(address + "letter").status_code == 404, "nothing has been answered"
    assert director.post(address, data={"granted": "no", "words": ""}).status_code == 400
    assert director.post(address, data={"granted": "no", "words": "档案仍在法定保管期内"}).status_code == 302
    (made,) = about_a1(app, world, DataRequest)
    assert (made.state, made.answered_on) == (RequestState.REFUSED, date(2025, 6, 30))
    letter = text_of(director, address + "letter")
    assert "档案仍在法定保管期内" in letter
    assert "第五十条" in letter
    assert director.post(address, data={"granted": "yes"}).status_code == 400, "answered once"
    assert sign_in(app, "teacher").get(of_child(world, "keeping/requests/new")).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"asked_on": "2025-07-01"}, "日期在今天之后"),
        ({"verified": ""}, "请填写如何核实申请人"),
        ({"kind": ""}, "请选择申请事项"),
    ],
)
def test_a_wrong_request_writes_nothing(sqlite_app: Flask, wrong: dict[str, str], sentence: str) -> None:
    world = seat_the_world(sqlite_app)
    answer = sign_in(sqlite_app, "coord").post(of_child(world, "keeping/requests/new"), data=REQUEST | wrong)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "陈奶奶" in answer.text
    assert about_a1(sqlite_app, world, DataRequest) == []


# ---- the copy of everything ------------------------------------------------------------------------------


def _make(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    rung: list[int] = []
    monkeypatch.setattr("portal.jobs.board.ring", rung.append)
    coord = sign_in(app, "coord")
    assert coord.post(of_child(world, "keeping/copies/")).status_code == 302
    with app.app_context():
        runner.run(rung[0])
    (job,) = rows(app, select(Job))
    assert (job.state.value, job.message) == ("done", "")
    return coord


def test_the_copy_holds_every_row_about_the_child_and_no_other(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _send(sign_in(app, "coord"), world, _photo())
    coord = _make(app, world, monkeypatch)
    (made,) = about_a1(app, world, ChildCopy)
    answer = coord.get(of_child(world, f"keeping/copies/{made.public_id}.zip"))
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as bundle:
        case_no = world.canaries["a1"].case_no
        document = json.loads(bundle.read(f"{case_no}.json"))
        words = "".join(
            page.extract_text() for page in PdfReader(io.BytesIO(bundle.read(f"{case_no}.pdf"))).pages
        )
        (scan,) = [name for name in bundle.namelist() if name.startswith("papers/")]
        assert bundle.read(scan).startswith(b"\xff\xd8")
    whole = json.dumps(document, ensure_ascii=False)
    canary = world.canaries["a1"]
    for word in canary.words:
        if word not in (canary.id_no[6:],):
            assert word in whole, word
    for word in (canary.name, canary.health, canary.note, canary.id_no, canary.phone):
        assert word in words.replace("\n", ""), word
    for label, other in world.canaries.items():
        assert label == "a1" or other.name not in whole
    assert world.helpers["a1"].name not in whole, "people on duty are masked"
    counted = 0
    with app.app_context(), unscoped("test: counting") as session:
        for kind, keys in copies.kinds_about_a_child()[1:]:
            found = session.scalars(select(kind).where(keys[0] == world.children["a1"].id)).all()
            counted += len([one for one in found if not isinstance(one, ChildCopy)])
    assert document["rows"] <= counted + 1
    assert {"visit", "consent", "pairing", "standing"} <= {k for k, v in document["tables"].items() if v}
    assert [a for a in actions(app) if "copy" in a] == [
        "children:copy:order", "children:copy:make", "children:copy:read",
    ]  # fmt: skip


def test_a_copy_is_gone_after_a_day_and_only_its_units_people_fetch_it(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.jobs.copies.pdf_of", str.encode)
    coord = _make(app, world, monkeypatch)
    (made,) = about_a1(app, world, ChildCopy)
    address = of_child(world, f"keeping/copies/{made.public_id}.zip")
    assert sign_in(app, "teacher").get(address).status_code == 403
    assert sign_in(app, "other_coord").get(address).status_code == 404
    with app.app_context(), unscoped("test: a day later") as session:
        held = session.scalars(select(ChildCopy)).one()
        held.expires_at -= timedelta(hours=25)
        session.commit()
        assert coord.get(address).status_code == 404
        copies.sweep(session)
        session.commit()
    assert about_a1(app, world, ChildCopy) == []


def test_every_column_a_copy_holds_has_a_name() -> None:
    for kind, _keys in copies.kinds_about_a_child():
        assert kind.__tablename__ in labels.TABLES
        missing = [name for name in copies.columns_of(kind) if name not in labels.COLUMNS]
        assert missing == [], (kind.__tablename__, missing)


def test_no_use_of_a_purpose_without_a_live_basis(app: Flask, world: World) -> None:
    """Purposes ② and ④ of the design, in every state a consent can be in."""
    states = [({}, True), ({"withdrawn_on": date(2025, 6, 30)}, False), ({"expires_on": date(2025, 6, 30)}, False),
              ({"given_on": date(2025, 7, 1)}, False), ({"expires_on": date(2025, 7, 1)}, True)]  # fmt: skip
    for changes, holds in states:
        with acting(app, "coord") as actor:
            child = db.session.scalars(select(Child).where(Child.id == world.children["a1"].id)).one()
            add_consent(db.session, child, world.helpers["a1"], Purpose.PHOTO_INSIDE, **changes)
            shown = papers._may_be_shown(child, PaperKind.PHOTO)
            assert shown is holds, changes
            assert papers.list_papers(child, actor=actor) == []
            db.session.rollback()
