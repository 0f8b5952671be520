"""Words of consent, cards, papers and requests: how long and for what a file is kept."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.terms.term import Term


class Purpose(Term):
    """What the data of a child may be used for, each asked for by itself (security design §3.5)."""

    FILE = "file", _l("the statutory file")
    PAIRING = "pairing", _l("pairing with a volunteer")
    COUNSELLING = "counselling", _l("scales and counselling")
    PHOTO_INSIDE = "photo_inside", _l("photos inside the portal")
    PUBLICITY = "publicity", _l("photos or her story in public")
    SHARING = "sharing", _l("passing on to a named organization")
    TEXTS = "texts", _l("text messages of the hotline")


class ProcessingBasis(Term):
    """个人信息保护法 art. 13, 28, 31: why data may be used."""

    STATUTORY = "statutory", _l("statutory duty")
    CONSENT = "consent", _l("consent")
    VITAL_INTEREST = "vital_interest", _l("danger to life or health")


class ConsentChannel(Term):
    PAPER = "paper", _l("signed on paper")
    IN_PERSON = "in_person", _l("said in person")
    PHONE = "phone", _l("said on the phone")


class Witness(Term):
    """With whom a contact card was confirmed, or who gave a consent."""

    FATHER = "father", _l("the father")
    MOTHER = "mother", _l("the mother")
    GUARDIAN = "guardian", _l("the guardian")


class CardForm(Term):
    """The two forms of the contact card (联系卡)."""

    FULL = "full", _l("full card")
    SHORT = "short", _l("short card")


class PaperKind(Term):
    """What an attached scan or photo is."""

    CARE_AGREEMENT = "care_agreement", _l("entrusted care agreement")
    CONSENT = "consent", _l("consent")
    PROOF = "proof", _l("proof of a change")
    CARD = "card", _l("signed card")
    PHOTO = "photo", _l("photo of the child")
    OTHER = "other", _l("another paper")


class RequestKind(Term):
    """What a guardian, or a child of fourteen, may ask for (个人信息保护法 art. 45–47)."""

    COPY = "copy", _l("a copy of everything")
    CORRECT = "correct", _l("a correction")
    DELETE = "delete", _l("deletion")
    STOP = "stop", _l("no further use")


class RequestState(Term):
    OPEN = "open", _l("to be answered")
    GRANTED = "granted", _l("done")
    REFUSED = "refused", _l("refused in writing")
