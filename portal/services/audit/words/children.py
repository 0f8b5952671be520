"""What is done with the files of children."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.services.audit.words.sentence import Sentence
from portal.terms import (
    ActKind,
    AlarmAct,
    AlarmKind,
    Assessment,
    Basis,
    CardForm,
    CensusState,
    ContactRhythm,
    EventKind,
    FileField,
    GuardianKind,
    LineVerdict,
    ListPurpose,
    PaperKind,
    PlanOutcome,
    PriorityLevel,
    ProposalState,
    Purpose,
    RequestKind,
    RequestState,
    RevealReason,
    Side,
    TransferReason,
    TransferState,
    Witness,
)

_K = ActKind

CHILDREN: dict[str, Sentence] = {
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
}
