"""The base of every form, and the few field shapes the rooms share."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from portal.errors import Refused
from portal.terms import Term


class PortalForm(FlaskForm):
    """A form that keeps what was typed and can carry a refusal of the service beside its field."""

    def refuse(self, refused: Refused) -> None:
        """Show each of the domain's sentences at the field it names, else above the form."""
        for one in (refused, *refused.others):
            field = self._fields.get(one.field) if one.field else None
            if field is not None:
                field.errors = [*field.errors, str(one.message)]
            else:
                self.form_errors.append(str(one.message))


def attempt(form: Any, act: Callable[[], object]) -> bool:
    """Whether a valid form's act went through; a refusal stands beside its field."""
    if not form.validate_on_submit():
        return False
    try:
        act()
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


def clean(text: str | None) -> str | None:
    """Typed text without control characters and outer blanks; None stays None."""
    if text is None:
        return None
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co"))
    return kept.replace("\r", "").strip()


def searched(text: str | None) -> str:
    """What was typed into a search field: cleaned, at most forty characters."""
    return (clean(text) or "")[:40].strip()


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """(value, label) pairs as the choices of a field."""
    return [SelectChoice(value, label) for value, label in pairs]


def term_options(terms: Iterable[Term]) -> list[SelectChoice]:
    """Domain terms with their labels as the choices of a field."""
    return options((term.value, term.label) for term in terms)


class TextField(StringField):
    """One line of cleaned text."""

    def __init__(self, *args: Any, filters: tuple[Callable[[Any], Any], ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, filters=(clean, *filters), **kwargs)


class WholeNumberField(IntegerField):
    """A number of at most nine digits; anything else is a sentence, never an overflow."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist and len(valuelist[0].strip()) > 9:
            self.data = None
            raise ValueError(gettext("Write a whole number."))
        super().process_formdata(valuelist)


class NoteField(TextAreaField):
    """Several lines of cleaned text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, filters=(clean,), **kwargs)


class ChipsField(SelectMultipleField):
    """Several choices, each a real checkbox."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
