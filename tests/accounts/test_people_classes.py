"""Classes of a class teacher: given on her page, seen at once, moved by a hand-over, ended with her post."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.errors import PermissionDenied, Refused
from portal.extensions import db
from portal.models.accounts import Person
from portal.models.children import ClassPost, SchoolClass
from portal.services.people import classes, grants, handover
from portal.tenancy.units import Unit
from tests.accounts.people import DAY, Bureau, build_bureau, person_of, post_of
from tests.acting import acting
from tests.clients import sign_in
from tests.factories.county import LONG_AGO, add_child, add_person, writing


@pytest.fixture
def bureau(app: Flask) -> Bureau:
    """A school with two classes, a child in the first."""
    made = build_bureau(app)
    with app.app_context(), writing() as session:
        school = session.get_one(Unit, made.near.school_a.id)
        first, second = (
            SchoolClass(unit=school, grade=grade, name=f"{grade}年级1班", pupils=30, compulsory=True,
                        since=LONG_AGO)
            for grade in (3, 4)
        )  # fmt: skip
        session.add_all([first, second])
        child = add_child(session, village=None, school=school, name="丁小满")
        session.flush()
        child.class_id = first.id
        add_person(session, school, name="舒接班")
    return made


def _classes() -> list[SchoolClass]:
    return list(db.session.scalars(select(SchoolClass).order_by(SchoolClass.grade)))


def _give(bureau: Bureau, numbers: list[int], by: str = "principal") -> None:
    with acting(bureau.app, by) as actor:
        chosen = [_classes()[number].public_id for number in numbers]
        classes.give_classes(post_of("class_teacher"), actor=actor, chosen=chosen)
        db.session.commit()


def test_a_class_teacher_sees_the_children_of_the_classes_she_was_given(bureau: Bureau) -> None:
    teacher = sign_in(bureau.app, "class_teacher")
    listing = f"/units/{bureau.near.school_a.code}/children/"
    assert "丁小满" not in teacher.get(listing).text
    _give(bureau, [0])
    assert "丁小满" in teacher.get(listing).text
    _give(bureau, [1])
    assert "丁小满" not in teacher.get(listing).text


def test_the_page_offers_the_classes_of_the_school(bureau: Bureau) -> None:
    with acting(bureau.app, "principal"):
        post, one = post_of("class_teacher").public_id, str(_classes()[0].public_id)
        person = person_of("class_teacher").public_id
    head = sign_in(bureau.app, "principal")
    address = f"/units/{bureau.near.school_a.code}/people/posts/{post}/classes"
    assert "4年级1班" in head.get(address).text
    assert head.post(address, data={"classes": ["nonsense"]}).status_code == 400
    assert head.post(address, data={"classes": [one]}).status_code == 302
    assert "3年级1班" in head.get(f"/units/{bureau.near.school_a.code}/people/{person}").text


def test_only_who_gives_the_post_gives_the_classes(bureau: Bureau) -> None:
    with pytest.raises(PermissionDenied):
        _give(bureau, [0], by="township_coordinator")
    with acting(bureau.app, "principal") as actor, pytest.raises(Refused):
        classes.give_classes(post_of("school_coordinator"), actor=actor, chosen=[])


def test_classes_go_to_the_successor_and_end_with_the_post(bureau: Bureau) -> None:
    _give(bureau, [0, 1])
    with acting(bureau.app, "principal") as actor:
        unit = db.session.get_one(Unit, bureau.near.school_a.id)
        heir = db.session.scalars(select(Person).where(Person.name == "舒接班")).one()
        moved = handover.hand_over(
            person_of("class_teacher"), unit=unit, actor=actor, successor=heir.public_id, on=DAY
        )
        assert moved.classes == 2
        rows = db.session.scalars(select(ClassPost).order_by(ClassPost.id)).all()
        assert [row.until == DAY for row in rows] == [True, True, False, False]
        successor = next(row.membership for row in rows if row.until != DAY)
        grants.end(successor, actor=actor, reason="试")
        assert not classes.posts_of([successor])
