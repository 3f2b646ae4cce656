"""Institutions as people write them: their codes, one a line."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.ground.fields import TextField
from cases.registry.models import Organisation, OrganisationKind
from workflow.texts import Text


class InstitutionsField(TextField):
    """Institutions that a person names; cleaned to a list of them."""

    def __init__(self, *, help_text: Text) -> None:
        super().__init__(label=gettext_lazy("Institutions"), required=False, rows=3, help_text=help_text)

    def clean(self, value: object) -> list[Organisation]:
        return institutions_of(super().clean(value))


def institutions_of(text: str) -> list[Organisation]:
    """Those whose codes are written, each once, in their order. Raises ValidationError that names unknown codes."""
    codes = [line.strip() for line in text.splitlines() if line.strip()]
    active = Organisation.objects.active().filter(kind=OrganisationKind.INSTITUTION)
    by_code = {row.code.casefold(): row for row in active.filter(code__in=_spellings(codes))}
    unknown = [code for code in codes if code.casefold() not in by_code]
    if unknown:
        sentence = _("No active institution has the code: %(codes)s.")
        raise forms.ValidationError(sentence % {"codes": ", ".join(unknown)})
    return [by_code[code] for code in dict.fromkeys(code.casefold() for code in codes)]


def lines_of(institutions: Iterable[Organisation]) -> str:
    """The codes as text, one a line, for the form to begin with."""
    return "\n".join(institution.code for institution in institutions)


def _spellings(codes: list[str]) -> list[str]:
    return [spelling for code in codes for spelling in (code, code.upper(), code.lower())]
