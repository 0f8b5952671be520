"""Children: the file, the dated facts about a child, and what happens to the file."""

from __future__ import annotations

from portal.models.children.census import Census, CensusLine, CensusList, FileMatch, FrozenRoster
from portal.models.children.changes import ChangeSheet, ChildEvent, Proposal, Transfer
from portal.models.children.classes import ClassPost, SchoolClass
from portal.models.children.family import (
    Absence,
    Alarm,
    AlarmStep,
    CareAgreement,
    EmergencyContact,
    GuardianAssessment,
    Guardianship,
    Parent,
)
from portal.models.children.file import Child, IdentityClaim
from portal.models.children.keeping import ChildCopy, Consent, ContactCard, CountyRules, DataRequest, Paper
from portal.models.children.notes import ChildNote
from portal.models.children.priority import CarePlan, PlanStep, PriorityReview
from portal.models.children.standing import Placement, Standing

__all__ = [
    "Absence",
    "Alarm",
    "AlarmStep",
    "CareAgreement",
    "CarePlan",
    "Census",
    "CensusLine",
    "CensusList",
    "ChangeSheet",
    "Child",
    "ChildCopy",
    "ChildEvent",
    "ChildNote",
    "ClassPost",
    "Consent",
    "ContactCard",
    "CountyRules",
    "DataRequest",
    "EmergencyContact",
    "FileMatch",
    "FrozenRoster",
    "GuardianAssessment",
    "Guardianship",
    "IdentityClaim",
    "Paper",
    "Parent",
    "Placement",
    "PlanStep",
    "PriorityReview",
    "Proposal",
    "SchoolClass",
    "Standing",
    "Transfer",
]
