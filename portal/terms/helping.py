"""Words of those who help and of every contact with a child."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.terms.term import Term


class VolunteerCategory(Term):
    FIVE_ELDERS = "five_elders", _l("five elders")
    TEACHER = "teacher", _l("teacher volunteer")
    CADRE = "cadre", _l("party member or cadre")
    WOMEN = "women", _l("women's federation volunteer")
    STUDENT = "student", _l("university student")
    WESTERN = "western", _l("Western Plan volunteer")
    CITIZEN = "citizen", _l("caring citizen")
    PROFESSIONAL = "professional", _l("professional")


class VolunteerStatus(Term):
    APPLIED = "applied", _l("applied")
    PENDING = "pending", _l("waiting for review")
    ACTIVE = "active", _l("on the roster")
    PAUSED = "paused", _l("paused")
    LEFT = "left", _l("left")


class ApplicationState(Term):
    """Of somebody who applied by the public form."""

    OPEN = "open", _l("waits for an answer")
    TAKEN = "taken", _l("entered")
    DECLINED = "declined", _l("not taken on")


class VolunteerTeam(Term):
    """四支队伍 (S77)."""

    CARE = "care", _l("care team")
    FAMILY = "family", _l("family education team")
    GUIDES = "guides", _l("counsellors’ team")
    SERVICE = "service", _l("service team")


class Skill(Term):
    STUDY = "study", _l("school work")
    ARTS = "arts", _l("music, art and sport")
    MIND = "mind", _l("counselling")
    LAW = "law", _l("law")
    MEDICAL = "medical", _l("medicine")
    DRIVING = "driving", _l("driving")
    PHOTO = "photo", _l("photos")


class Slot(Term):
    """When in a week somebody has time."""

    WEEKDAY_DAY = "weekday_day", _l("workdays, daytime")
    WEEKDAY_EVENING = "weekday_evening", _l("workdays, evening")
    WEEKEND_MORNING = "weekend_morning", _l("weekend, morning")
    WEEKEND_AFTERNOON = "weekend_afternoon", _l("weekend, afternoon")
    HOLIDAYS = "holidays", _l("school holidays")


class VettingKind(Term):
    """What is looked at before somebody comes near a child (未保法 art. 62, 98)."""

    RECORD = "record", _l("record of offences")
    IDENTITY = "identity", _l("identity")
    HEALTH = "health", _l("health")


class VettingResult(Term):
    PASSED = "passed", _l("passed")
    FAILED = "failed", _l("not passed")
    WAITING = "waiting", _l("not answered yet")


class Grade(Term):
    """Of a yearly appraisal."""

    EXCELLENT = "excellent", _l("excellent")
    GOOD = "good", _l("good")
    FAIR = "fair", _l("qualified")
    POOR = "poor", _l("not qualified")


class AppraisalPoint(Term):
    """The checklist of the yearly appraisal (S79)."""

    PROMISE = "promise", _l("kept the promise and the rules")
    REGULAR = "regular", _l("came as agreed")
    RECORDS = "records", _l("wrote down every visit in time")
    CAREFUL = "careful", _l("was careful with what she knows of the child")
    WELCOME = "welcome", _l("child and family were content")
    TRAINED = "trained", _l("took part in the training")


class VisitKind(Term):
    """Every contact with a child: 谈心, 家访, 通话, 视频, 书信, 监护人沟通, 到校."""

    TALK = "talk", _l("talk")
    HOME_VISIT = "home_visit", _l("home visit")
    CALL = "call", _l("call")
    VIDEO = "video", _l("video call")
    LETTER = "letter", _l("letter")
    GUARDIAN = "guardian", _l("talk with the guardian")
    SCHOOL_VISIT = "school_visit", _l("visit at school")


class Met(Term):
    CHILD = "child", _l("the child")
    FATHER = "father", _l("the father")
    MOTHER = "mother", _l("the mother")
    GUARDIAN = "guardian", _l("the guardian")
    TEACHER = "teacher", _l("a teacher")
    NOBODY = "nobody", _l("nobody was at home")


class Topic(Term):
    STUDY = "study", _l("study")
    LIFE = "life", _l("daily life")
    MOOD = "mood", _l("mood")
    FRIENDS = "friends", _l("friends")
    HEALTH = "health", _l("health")
    SAFETY = "safety", _l("safety")
    FAMILY = "family", _l("family ties")
    BEHAVIOR = "behavior", _l("behavior")
    HARDSHIP = "hardship", _l("hardship")
