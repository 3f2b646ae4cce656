"""Fields that people type into: text without control characters, dates with a sentence when they cannot be read."""

import re
import unicodedata
from collections.abc import Mapping, MutableMapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias, TypedDict, TypeVar, Unpack

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from cases.ground.contents import TYPES
from workflow.texts import Text

LONGEST = 10_000
"""Characters of one text."""
UNSEEN = ("Cc", "Cf", "Cs", "Co")
"""Kinds of characters that show nothing: control characters, those that turn the direction of writing or have no width
(a name could show other than what it says, or look like another one), lone surrogates, private ones."""
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Further letters and symbols that are invisible."""
LINE_ENDS = dict.fromkeys(map(ord, "\r\x85\u2028\u2029"), "\n")
DATE_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
YEARS = (1900, 2100)
"""The first and the last year that is not taken for a typo."""


Cleaned = dict[str, Any]
"""The cleaned data of a form: field -> value."""
Sent = Mapping[str, object]
"""The `data` of a form: what the browser sent."""
Files: TypeAlias = "MultiValueDict[str, UploadedFile[bytes]]"
"""The `files` of a form."""
F = TypeVar("F", bound=forms.Field)


class FieldOptions(TypedDict, total=False):
    """The arguments of a field."""

    label: Text
    required: bool
    help_text: Text
    initial: object
    error_messages: Mapping[str, Text]


class FormOptions(TypedDict, total=False):
    """The arguments of a form besides its data and files."""

    initial: MutableMapping[str, Any]
    prefix: str
    label_suffix: str


def field_of(form: forms.BaseForm, name: str, kind: type[F]) -> F:
    """The field of this name, to complete it for the case at hand."""
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{name} is a {type(field).__name__}, not a {kind.__name__}.")
    return field


def without_controls(text: str) -> str:
    """The text without invisible characters; line breaks and tabs stay."""
    lines = text.replace("\r\n", "\n").translate(LINE_ENDS)
    return "".join(character for character in lines if character in "\n\t" or not _is_control(character))


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in UNSEEN or character in BLANK


class LineField(forms.CharField):
    """One line of text."""

    def to_python(self, value: object) -> str | None:
        return super().to_python(" ".join(without_controls(value).split()) if isinstance(value, str) else value)


class TextField(forms.CharField):
    """Several lines of text. `needed` says when one that may stay empty may not."""

    widget = forms.Textarea
    needed: Text = ""

    def __init__(self, *, rows: int = 4, max_length: int = LONGEST, **options: Unpack[FieldOptions]) -> None:
        super().__init__(max_length=max_length, **options)
        self.widget.attrs["rows"] = rows

    def to_python(self, value: object) -> str | None:
        return super().to_python(without_controls(value) if isinstance(value, str) else value)


class DayField(forms.DateField):
    """A date, as the browser's calendar sends it or as people write it."""

    default_error_messages = {"invalid": _("This is not a date. Enter day, month and year, such as 31.12.2026.")}

    def __init__(self, **options: Unpack[FieldOptions]) -> None:
        super().__init__(input_formats=DATE_FORMATS, **options)

    def to_python(self, value: str | date | None) -> date | None:
        day = super().to_python(value)
        if day and not YEARS[0] <= day.year <= YEARS[1]:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


SUM = re.compile(r"(\d{1,30})(?:[.,](\d{1,2}))?")


class MoneyField(forms.Field):
    """A sum in som: groups of digits may be separated by spaces; tyiyn follow a comma or a point.

    `most_digits` are those before the comma.
    """

    default_error_messages = {"invalid": _("Give the sum in som, such as 2 500 000 or 1 500,50.")}

    def __init__(self, *, most_digits: int = 12, **options: Unpack[FieldOptions]) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 30}), **options)
        self.most_digits = most_digits

    def prepare_value(self, value: object) -> object:
        return f"{value:f}" if isinstance(value, Decimal) else value

    def to_python(self, value: object) -> Decimal | None:
        text = "".join(str(value or "").split())
        if not text:
            return None
        written = SUM.fullmatch(text)
        if written is None or len(written[1]) > self.most_digits:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(f"{written[1]}.{written[2] or 0}")


class UploadField(forms.FileField):
    """A file of a kind that is taken."""

    HELP = _("PDF, pictures, Word, Excel, PowerPoint, OpenDocument or text, at most 50 MB.")

    def __init__(self, *, label: Text, required: bool = True, error_messages: Mapping[str, Text] | None = None) -> None:
        widget = forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in TYPES)})
        super().__init__(
            label=label, required=required, error_messages=error_messages, widget=widget, help_text=self.HELP
        )
