"""The sample form of the gallery: one field of every kind. Nothing is sent anywhere."""

from __future__ import annotations

from wtforms import BooleanField, DateField, FileField, IntegerField, RadioField, SelectField
from wtforms.validators import Optional

from portal.terms import PairingEnd, Topic
from portal.web.forms import ChipsField, NoteField, PortalForm, options, term_options

_KINDS = [("talk", "谈心"), ("home", "家访"), ("call", "电话"), ("letter", "书信")]


class SampleForm(PortalForm):
    count = IntegerField("帮扶次数")
    visited_on = DateField("走访日期")
    village = SelectField("村", choices=options([("a", "红岩村"), ("b", "双河村")]))
    note = NoteField("备注", validators=[Optional()])
    agreed = BooleanField("我已核对")
    reason = RadioField("结束原因", choices=term_options(PairingEnd))
    workbook = FileField("花名册")
    kind = RadioField("怎么见的？", choices=options(_KINDS))
    met_on = DateField("哪天？")
    minutes = IntegerField("多长时间？")
    topics = ChipsField("聊了什么？", choices=term_options(Topic))
    worry = BooleanField("我有点担心这个孩子")
