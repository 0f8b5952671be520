"""What each action is called in plain words. A test fails for an action that has no sentence here.

A sentence follows who did it: "张敏 (…) logged a visit: …". Its places are filled from the line's details.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.models.audit import PRUNED
from portal.tenancy.roles import Role
from portal.terms import (
    ActKind,
    AlarmAct,
    AlarmKind,
    Assessment,
    Basis,
    CardForm,
    CensusState,
    ChangeKind,
    ContactRhythm,
    EventKind,
    FileField,
    GroupEnd,
    GuardianKind,
    LineVerdict,
    ListPurpose,
    PairingEnd,
    PairingKind,
    PaperKind,
    PlanOutcome,
    Position,
    PriorityLevel,
    ProposalState,
    Purpose,
    RequestKind,
    RequestState,
    RevealReason,
    Side,
    TaskState,
    Term,
    TransferReason,
    TransferState,
    VettingKind,
    VettingResult,
    VisitKind,
    VolunteerCategory,
    VolunteerStatus,
    Witness,
)


@dataclass(frozen=True)
class Sentence:
    """One action's kind, words, and the terms whose values stand in its details."""

    kind: ActKind
    text: Any
    terms: Mapping[str, type[Term]] = field(default_factory=dict)


class Span(Term):
    """The times over which openings of files are counted."""

    HOUR = "hour", _l("hour")
    DAY = "day", _l("day and night")


_K = ActKind

SENTENCES: dict[str, Sentence] = {
    "accounts:password:change": Sentence(_K.SIGN_IN, _l("changed the password")),
    "accounts:people:activate": Sentence(_K.GRANT, _l("chose a password with a one-time code")),
    "accounts:people:classes": Sentence(_K.GRANT, _l("gave a class teacher her classes: %(classes)s")),
    "accounts:people:confirm": Sentence(
        _K.GRANT, _l("said yes as the second person to the role %(role)s"), {"role": Role}
    ),
    "accounts:people:end": Sentence(_K.GRANT, _l("ended the role %(role)s: %(reason)s"), {"role": Role}),
    "accounts:people:extend": Sentence(
        _K.GRANT, _l("extended the role %(role)s until %(last_day)s"), {"role": Role}
    ),
    "accounts:people:hand_over": Sentence(
        _K.GRANT,
        _l("handed work over: %(posts)s roles, %(pairings)s pairings, %(classes)s classes, %(jobs)s jobs"),
    ),
    "accounts:people:invite": Sentence(
        _K.GRANT, _l("gave the role %(role)s until %(last_day)s"), {"role": Role}
    ),
    "accounts:people:renew": Sentence(_K.GRANT, _l("renewed the access of an account: %(reason)s")),
    "accounts:recovery:renew": Sentence(_K.SIGN_IN, _l("had new recovery codes made")),
    "accounts:recovery:use": Sentence(_K.ALERT, _l("signed in with a recovery code; %(left)s are left")),
    "accounts:second:set": Sentence(_K.SIGN_IN, _l("set up an authenticator")),
    "accounts:session:close": Sentence(_K.SIGN_IN, _l("signed out")),
    "accounts:session:end": Sentence(_K.SIGN_IN, _l("ended %(sessions)s sign-ins on other devices")),
    "accounts:session:lock": Sentence(_K.ALERT, _l("was locked after too many wrong passwords")),
    "accounts:session:open": Sentence(_K.SIGN_IN, _l("signed in")),
    "accounts:session:refuse": Sentence(_K.SIGN_IN, _l("was refused: a wrong password")),
    "accounts:session:switch": Sentence(_K.SIGN_IN, _l("took up the role %(role)s"), {"role": Role}),
    "audit:budget:passed": Sentence(
        _K.ALERT, _l("opened more than %(files)s files within one %(per)s"), {"per": Span}
    ),
    PRUNED: Sentence(
        _K.CHANGE, _l("removed %(lines)s lines from before %(before)s: their keeping time was over")
    ),
    "children:agreement:end": Sentence(
        _K.CHANGE, _l("ended the agreement on delegated care of file %(case)s")
    ),
    "children:agreement:sign": Sentence(
        _K.CHANGE, _l("kept an agreement on delegated care in file %(case)s")
    ),
    "children:alarm:act": Sentence(
        _K.CHANGE,
        _l("wrote what was done about the alarm of file %(case)s (%(kind)s): %(act)s"),
        {"kind": AlarmKind, "act": AlarmAct},
    ),
    "children:archive:list": Sentence(_K.LOOK, _l("looked at the archive: %(files)s case numbers")),
    "children:archive:open": Sentence(
        _K.LOOK, _l("opened the archived file %(case)s for: %(purpose)s"), {"purpose": RevealReason}
    ),
    "children:archive:order_back": Sentence(
        _K.CHANGE, _l("asked for file %(case)s to be taken out of the archive")
    ),
    "children:archive:return": Sentence(_K.CHANGE, _l("took file %(case)s out of the archive")),
    "children:card:confirm": Sentence(
        _K.CHANGE,
        _l("confirmed the contact card of file %(case)s, version %(number)s, with %(witness)s"),
        {"witness": Witness},
    ),
    "children:card:read": Sentence(
        _K.LOOK, _l("opened the contact card of file %(case)s (%(form)s)"), {"form": CardForm}
    ),
    "children:census:back": Sentence(_K.CHANGE, _l("sent a list of the census back")),
    "children:census:close": Sentence(_K.CHANGE, _l("closed the census %(period)s")),
    "children:census:confirm": Sentence(
        _K.CHANGE, _l("confirmed %(lines)s children of a census list as unchanged")
    ),
    "children:census:enter_for": Sentence(_K.CHANGE, _l("took over a village’s census list to enter for it")),
    "children:census:found": Sentence(
        _K.CHANGE, _l("wrote down children found without a file: %(found)s on the list")
    ),
    "children:census:lists": Sentence(_K.CHANGE, _l("had census lists made: %(done)s of %(total)s")),
    "children:census:mark": Sentence(
        _K.CHANGE, _l("worked through file %(case)s in the census: %(verdict)s"), {"verdict": LineVerdict}
    ),
    "children:census:open": Sentence(
        _K.CHANGE, _l("opened the census %(period)s as of %(as_of)s (%(basis)s)"), {"basis": Basis}
    ),
    "children:census:sign": Sentence(
        _K.CHANGE, _l("put a name under a census list: %(step)s"), {"step": CensusState}
    ),
    "children:class:change": Sentence(_K.CHANGE, _l("changed a class: %(pupils)s pupils")),
    "children:class:moved": Sentence(
        _K.CHANGE,
        _l("moved %(classes)s classes up: %(moving)s children went along, %(leaving)s left the school"),
    ),
    "children:class:open": Sentence(_K.CHANGE, _l("added a class of grade %(grade)s: %(pupils)s pupils")),
    "children:class:promote": Sentence(_K.CHANGE, _l("had all classes move up on %(day)s")),
    "children:consent:give": Sentence(
        _K.CHANGE, _l("wrote a consent into file %(case)s: %(purpose)s"), {"purpose": Purpose}
    ),
    "children:consent:withdraw": Sentence(
        _K.CHANGE,
        _l("withdrew a consent of file %(case)s: %(purpose)s; %(pairings)s pairings ended"),
        {"purpose": Purpose},
    ),
    "children:contact:note": Sentence(
        _K.CHANGE,
        _l("wrote into file %(case)s how often the parents are in touch: %(rhythm)s"),
        {"rhythm": ContactRhythm},
    ),
    "children:copy:make": Sentence(
        _K.EXPORT, _l("made a copy of everything in file %(case)s: %(rows)s rows, %(size)s bytes, %(hash)s")
    ),
    "children:copy:order": Sentence(_K.EXPORT, _l("asked for a copy of everything in file %(case)s")),
    "children:copy:read": Sentence(_K.EXPORT, _l("fetched a copy of everything in file %(case)s")),
    "children:event:write": Sentence(
        _K.CHANGE, _l("wrote an event into file %(case)s: %(kind)s"), {"kind": EventKind}
    ),
    "children:field:reveal": Sentence(
        _K.LOOK,
        _l("looked at a covered field (%(field)s) of file %(case)s: %(purpose)s"),
        {"field": FileField, "purpose": RevealReason},
    ),
    "children:file:archive": Sentence(
        _K.CHANGE, _l("moved file %(case)s into the archive: its time was over")
    ),
    "children:file:close": Sentence(_K.CHANGE, _l("closed file %(case)s on the eighteenth birthday")),
    "children:file:edit": Sentence(_K.CHANGE, _l("changed file %(case)s: %(fields)s")),
    "children:file:erase": Sentence(
        _K.CHANGE,
        _l("erased who file %(case)s was about: %(rows)s rows in %(tables)s tables, certificate %(hash)s"),
    ),
    "children:file:open": Sentence(_K.CHANGE, _l("opened a new file: %(case)s")),
    "children:file:read": Sentence(_K.LOOK, _l("opened file %(case)s")),
    "children:file:search": Sentence(_K.LOOK, _l("asked whether a child is on file: %(found)s found")),
    "children:file:verify": Sentence(_K.CHANGE, _l("looked file %(case)s through: all right")),
    "children:guardian:assess": Sentence(
        _K.CHANGE, _l("assessed the guardian of file %(case)s: %(level)s"), {"level": Assessment}
    ),
    "children:guardian:call": Sentence(_K.LOOK, _l("called the guardian of file %(case)s")),
    "children:guardian:change": Sentence(
        _K.CHANGE, _l("wrote another guardian into file %(case)s: %(kind)s"), {"kind": GuardianKind}
    ),
    "children:masked:open": Sentence(
        _K.LOOK,
        _l("asked for the masked list of children behind a figure: %(purpose)s"),
        {"purpose": ListPurpose},
    ),
    "children:masked:read": Sentence(
        _K.LOOK,
        _l("read %(children)s lines of the masked list of children (%(side)s, %(basis)s)"),
        {"side": Side, "basis": Basis},
    ),
    "children:match:answer": Sentence(_K.CHANGE, _l("answered whether two files are of one child")),
    "children:match:find": Sentence(
        _K.CHANGE, _l("had the county searched for two files of one child: %(found)s new pairs")
    ),
    "children:match:join": Sentence(_K.CHANGE, _l("joined file %(other)s into file %(case)s")),
    "children:match:part": Sentence(_K.CHANGE, _l("asked for two joined files to be taken apart")),
    "children:match:undo": Sentence(_K.CHANGE, _l("took the files %(case)s and %(other)s apart again")),
    "children:note:end": Sentence(_K.CHANGE, _l("ended a sensitive note of file %(case)s")),
    "children:note:write": Sentence(_K.CHANGE, _l("wrote a sensitive note into file %(case)s")),
    "children:number:compare": Sentence(_K.LOOK, _l("compared an ID number with file %(case)s")),
    "children:paper:add": Sentence(
        _K.CHANGE, _l("put a paper into file %(case)s: %(kind)s"), {"kind": PaperKind}
    ),
    "children:paper:read": Sentence(
        _K.LOOK, _l("opened a paper of file %(case)s: %(kind)s"), {"kind": PaperKind}
    ),
    "children:paper:void": Sentence(_K.CHANGE, _l("took a paper of file %(case)s out of use")),
    "children:plan:close": Sentence(
        _K.CHANGE, _l("closed a plan of file %(case)s: %(outcome)s"), {"outcome": PlanOutcome}
    ),
    "children:plan:done": Sentence(_K.CHANGE, _l("finished a step of a plan of file %(case)s")),
    "children:plan:open": Sentence(_K.CHANGE, _l("opened a plan for file %(case)s")),
    "children:plan:review": Sentence(_K.CHANGE, _l("looked at a plan of file %(case)s again; it goes on")),
    "children:plan:step": Sentence(_K.CHANGE, _l("added a step to a plan of file %(case)s")),
    "children:priority:review": Sentence(
        _K.CHANGE,
        _l("reviewed how closely file %(case)s is looked after: %(level)s"),
        {"level": PriorityLevel},
    ),
    "children:proposal:answer": Sentence(
        _K.CHANGE, _l("answered a proposal for file %(case)s: %(state)s"), {"state": ProposalState}
    ),
    "children:proposal:make": Sentence(_K.CHANGE, _l("proposed a change of file %(case)s")),
    "children:request:answer": Sentence(
        _K.CHANGE,
        _l("answered a request of the family of file %(case)s (%(kind)s): %(state)s"),
        {"kind": RequestKind, "state": RequestState},
    ),
    "children:request:take_in": Sentence(
        _K.CHANGE, _l("took in a request of the family of file %(case)s: %(kind)s"), {"kind": RequestKind}
    ),
    "children:roster:read": Sentence(
        _K.LOOK, _l("read the frozen roster of %(as_of)s: %(children)s children")
    ),
    "children:rules:edit": Sentence(
        _K.CHANGE,
        _l("set the county’s rules: files kept %(years)s years, away counts after %(months)s months"),
    ),
    "children:rules:recount": Sentence(
        _K.CHANGE, _l("counted %(children)s children anew by the county’s rules")
    ),
    "children:sheet:close": Sentence(
        _K.CHANGE,
        _l("closed the change table of %(ym)s (%(side)s, %(basis)s): %(closing)s children"),
        {"side": Side, "basis": Basis},
    ),
    "children:transfer:accept": Sentence(_K.CHANGE, _l("accepted the transfer of file %(case)s")),
    "children:transfer:done": Sentence(
        _K.CHANGE, _l("carried out the transfer of file %(case)s: %(state)s"), {"state": TransferState}
    ),
    "children:transfer:offer": Sentence(
        _K.CHANGE, _l("offered file %(case)s for transfer: %(reason)s"), {"reason": TransferReason}
    ),
    "children:transfer:refuse": Sentence(_K.CHANGE, _l("refused the transfer of file %(case)s")),
    "children:transfer:withdraw": Sentence(_K.CHANGE, _l("withdrew the offered transfer of file %(case)s")),
    "keys:field:rotate": Sentence(_K.CHANGE, _l("sealed %(done)s fields anew under today’s key")),
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
    "pairings:pairing:end": Sentence(
        _K.CHANGE, _l("ended a pairing of file %(case)s: %(reason)s"), {"reason": PairingEnd}
    ),
    "pairings:pairing:make": Sentence(
        _K.CHANGE, _l("paired a helper with file %(case)s: %(kind)s"), {"kind": PairingKind}
    ),
    "registers:refused_rows:export": Sentence(_K.EXPORT, _l("took out the refused rows of a roster")),
    "registers:roster:commit": Sentence(
        _K.CHANGE, _l("took a roster in: %(new)s new, %(changed)s changed, %(refused)s refused")
    ),
    "registers:roster:confirm": Sentence(_K.CHANGE, _l("confirmed a roster")),
    "registers:roster:file": Sentence(_K.CHANGE, _l("filed rows of a roster: %(done)s of %(total)s")),
    "registers:roster:read": Sentence(_K.CHANGE, _l("had a roster checked")),
    "registers:roster:receive": Sentence(_K.CHANGE, _l("brought a roster")),
    "units:county:load": Sentence(_K.GRANT, _l("the county was set up in this installation")),
    "units:tree:cancel": Sentence(
        _K.CHANGE, _l("cancelled a planned change of the tree: %(kind)s"), {"kind": ChangeKind}
    ),
    "units:tree:change": Sentence(_K.CHANGE, _l("changed the tree: %(kind)s"), {"kind": ChangeKind}),
    "units:tree:plan": Sentence(
        _K.CHANGE, _l("planned a change of the tree: %(kind)s"), {"kind": ChangeKind}
    ),
    "units:tree:undo": Sentence(
        _K.CHANGE, _l("took a change of the tree back: %(kind)s"), {"kind": ChangeKind}
    ),
    "visits:visit:log": Sentence(
        _K.CHANGE, _l("logged a contact with %(children)s children: %(kind)s"), {"kind": VisitKind}
    ),
    "volunteers:appraisal:write": Sentence(_K.CHANGE, _l("wrote the appraisal of a volunteer for %(year)s")),
    "volunteers:entry:change": Sentence(_K.CHANGE, _l("changed a volunteer’s entry")),
    "volunteers:entry:write": Sentence(
        _K.CHANGE, _l("entered a volunteer: %(category)s"), {"category": VolunteerCategory}
    ),
    "volunteers:promise:write": Sentence(_K.CHANGE, _l("wrote down a volunteer’s promise")),
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
"""Action → sentence, sorted. Details may lack a place: then a dash stands there."""

UNKNOWN = Sentence(_K.CHANGE, _l("did something this version has no words for"))


class _Places(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def kind_of(action: str) -> ActKind:
    """What an action is about."""
    return SENTENCES.get(action, UNKNOWN).kind


def tells(action: str, detail: str) -> bool:
    """Whether the action's sentence speaks of this detail itself."""
    return f"%({detail})s" in str(SENTENCES.get(action, UNKNOWN).text)


def sentence_of(action: str, details: Mapping[str, Any]) -> str:
    """What was done, in the reader's language."""
    known = SENTENCES.get(action, UNKNOWN)
    return str(known.text) % _Places({key: _word(known, key, value) for key, value in details.items()})


def _word(known: Sentence, key: str, value: Any) -> Any:
    term = known.terms.get(key)
    return str(term(value).label) if term is not None and value in set(term) else value


def actions_of(kind: ActKind) -> list[str]:
    """The actions of one kind, for the filter."""
    return [action for action, known in SENTENCES.items() if known.kind is kind]
