"""What is done by those who help: groups, pairings, visits, volunteers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.services.audit.words.sentence import Sentence
from portal.terms import (
    ActKind,
    ApplicationState,
    BuddyKind,
    GroupEnd,
    PairingEnd,
    PairingKind,
    Position,
    TaskState,
    VettingKind,
    VettingResult,
    VisitKind,
    VolunteerCategory,
    VolunteerStatus,
)

_K = ActKind

HELPING: dict[str, Sentence] = {
    "leadership:decision:settle": Sentence(
        _K.CHANGE, _l("settled a decision of the meeting of %(held_on)s: %(state)s"), {"state": TaskState}
    ),
    "leadership:decision:take": Sentence(
        _K.CHANGE, _l("wrote down a decision of the meeting of %(held_on)s")
    ),
    "leadership:group:end": Sentence(
        _K.CHANGE, _l("closed the group %(name)s: %(reason)s"), {"reason": GroupEnd}
    ),
    "leadership:group:found": Sentence(_K.CHANGE, _l("founded the group %(name)s")),
    "leadership:meeting:write": Sentence(_K.CHANGE, _l("wrote down the meeting of %(held_on)s")),
    "leadership:member:join": Sentence(_K.CHANGE, _l("made %(name)s a member unit of %(group)s")),
    "leadership:member:leave": Sentence(_K.CHANGE, _l("took %(name)s out of %(group)s")),
    "leadership:plan:add_item": Sentence(_K.CHANGE, _l("added to the work plan of %(period)s")),
    "leadership:plan:add_target": Sentence(_K.CHANGE, _l("added a target to the work plan of %(period)s")),
    "leadership:plan:file": Sentence(_K.CHANGE, _l("filed the work plan of %(period)s")),
    "leadership:plan:open": Sentence(_K.CHANGE, _l("began the work plan of %(period)s")),
    "leadership:plan:settle": Sentence(
        _K.CHANGE, _l("settled an item of the work plan of %(period)s: %(state)s"), {"state": TaskState}
    ),
    "leadership:post:correct": Sentence(
        _K.CHANGE, _l("corrected the entry of the %(position)s of %(group)s"), {"position": Position}
    ),
    "leadership:post:hand_over": Sentence(
        _K.CHANGE, _l("handed over the post of %(position)s in %(group)s"), {"position": Position}
    ),
    "leadership:post:leave": Sentence(
        _K.CHANGE, _l("ended a post of %(position)s in %(group)s"), {"position": Position}
    ),
    "leadership:post:take": Sentence(
        _K.CHANGE, _l("gave the post of %(position)s in %(group)s"), {"position": Position}
    ),
    "pairings:class:buddy": Sentence(
        _K.CHANGE,
        _l("wrote down a pupil who helps the child of file %(case)s: %(kind)s"),
        {"kind": BuddyKind},
    ),
    "pairings:class:buddy_end": Sentence(
        _K.CHANGE, _l("ended the help of a pupil for the child of file %(case)s")
    ),
    "pairings:class:rep": Sentence(_K.CHANGE, _l("appointed a class’s care representative")),
    "pairings:class:rep_end": Sentence(_K.CHANGE, _l("ended the post of a class’s care representative")),
    "pairings:pairing:agree": Sentence(
        _K.CHANGE,
        _l("agreed as the second person to a pairing of file %(case)s: %(kind)s"),
        {"kind": PairingKind},
    ),
    "pairings:pairing:end": Sentence(
        _K.CHANGE, _l("ended a pairing of file %(case)s: %(reason)s"), {"reason": PairingEnd}
    ),
    "pairings:pairing:hand_over": Sentence(
        _K.CHANGE, _l("handed a pairing of file %(case)s over from %(on)s")
    ),
    "pairings:pairing:make": Sentence(
        _K.CHANGE, _l("paired a helper with file %(case)s: %(kind)s"), {"kind": PairingKind}
    ),
    "pairings:pairing:plan": Sentence(_K.CHANGE, _l("changed the plan of a pairing of file %(case)s")),
    "pairings:pairing:propose": Sentence(
        _K.CHANGE, _l("proposed a helper for file %(case)s: %(kind)s"), {"kind": PairingKind}
    ),
    "pairings:pairing:refuse": Sentence(
        _K.CHANGE, _l("did not agree to a pairing of file %(case)s: %(kind)s"), {"kind": PairingKind}
    ),
    "pairings:pairing:review": Sentence(
        _K.CHANGE, _l("wrote down what a pairing of file %(case)s has brought")
    ),
    "pairings:pairing:withdraw": Sentence(
        _K.CHANGE, _l("withdrew a proposed pairing of file %(case)s: %(kind)s"), {"kind": PairingKind}
    ),
    "visits:visit:confirm": Sentence(_K.CHANGE, _l("confirmed %(entries)s services of volunteers")),
    "visits:visit:log": Sentence(
        _K.CHANGE, _l("logged a contact with %(children)s children: %(kind)s"), {"kind": VisitKind}
    ),
    "volunteers:application:answer": Sentence(
        _K.CHANGE, _l("answered an application: %(state)s"), {"state": ApplicationState}
    ),
    "volunteers:appraisal:write": Sentence(_K.CHANGE, _l("wrote the appraisal of a volunteer for %(year)s")),
    "volunteers:certificate:print": Sentence(_K.EXPORT, _l("made a certificate of service for %(year)s")),
    "volunteers:entry:change": Sentence(_K.CHANGE, _l("changed a volunteer’s entry")),
    "volunteers:entry:write": Sentence(
        _K.CHANGE, _l("entered a volunteer: %(category)s"), {"category": VolunteerCategory}
    ),
    "volunteers:promise:write": Sentence(_K.CHANGE, _l("wrote down a volunteer’s promise")),
    "volunteers:roster:export": Sentence(_K.EXPORT, _l("took the roster of volunteers out: %(rows)s people")),
    "volunteers:roster:import": Sentence(
        _K.CHANGE, _l("brought a workbook of volunteers in: %(entered)s entered, %(refused)s left out")
    ),
    "volunteers:status:change": Sentence(
        _K.CHANGE, _l("changed a volunteer’s standing: %(status)s"), {"status": VolunteerStatus}
    ),
    "volunteers:training:write": Sentence(
        _K.CHANGE, _l("wrote down a volunteer’s training of %(hours)s hours")
    ),
    "volunteers:vetting:write": Sentence(
        _K.CHANGE,
        _l("wrote down a check of a volunteer: %(kind)s, %(result)s"),
        {"kind": VettingKind, "result": VettingResult},
    ),
}
