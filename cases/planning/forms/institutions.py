"""Institutions as people write them: their codes or names, one a line. Shown again, each has both."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar, Unpack

from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.ground.fields import FieldOptions, LineField, TextField, without_controls
from cases.ground.search import fold, folded
from cases.registry.models import Organisation, OrganisationKind, ProgrammeArea
from cases.registry.models.organisations import Language
from cases.registry.naming import LONGEST, code_in, named
from workflow.must import listed
from workflow.texts import Text

R = TypeVar("R", Organisation, ProgrammeArea)
MOST_TEXT = 100_000
"""Characters of all their names."""
SHOWN = 12
"""How many a help text names."""
NAMES = tuple(f"name_{language}" for language in Language.values)


class InstitutionsField(TextField):
    """Institutions that a person names; cleaned to a list of them."""

    def __init__(self, *, help_text: Text) -> None:
        super().__init__(
            label=gettext_lazy("Institutions"), required=False, rows=4, max_length=MOST_TEXT, help_text=help_text
        )

    def name(self, institutions: QuerySet[Organisation]) -> None:
        """Say in the help text which ones there are to choose from; the first of them, if they are many."""
        lines = [named(institution) for institution in institutions[: SHOWN + 1]]
        shown = [*lines[:SHOWN], *("…" for _line in lines[SHOWN:])]
        if shown:
            one_a_line = format_html_join("", "<br>{}", ((line,) for line in shown))
            of_monitoring = gettext_lazy("Those of this monitoring:")
            self.help_text = format_html("{} {}{}", self.help_text, of_monitoring, one_a_line)

    def clean(self, value: object) -> list[Organisation]:
        return institutions_of(super().clean(value))

    def bound_data(self, data: object, initial: object) -> str:
        return _with_names(str(data or ""))


class OfferedInput(forms.TextInput):
    """A line of text for which the browser offers some, while it is typed."""

    template_name = "components/offered_input.html"
    offered: Sequence[str] = ()

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict[str, object]:
        context = super().get_context(name, value, attrs)
        if self.offered:
            context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_offered"
        return {**context, "offered": self.offered}


class CodeField(LineField):
    """One row of the registry by its code or name; a form cleans it. `offer` names those to choose from."""

    widget = OfferedInput

    def __init__(self, **options: Unpack[FieldOptions]) -> None:
        super().__init__(max_length=LONGEST, **options)

    def offer(self, rows: Iterable[Organisation | ProgrammeArea]) -> None:
        if isinstance(self.widget, OfferedInput):
            self.widget.offered = [named(row) for row in rows]


class InstitutionField(CodeField):
    def bound_data(self, data: object, initial: object) -> str:
        return _with_names(str(data or ""))


def institutions_of(text: str) -> list[Organisation]:
    """Those whose codes or names are written, each once, in their order. Raises ValidationError with others."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    known = known_in(_institutions(), lines)
    unknown = [line for line in lines if line not in known]
    if unknown:
        sentence = _("No active institution has this code or name: %(codes)s.")
        raise forms.ValidationError(sentence % {"codes": listed(unknown)})
    return list({known[line].pk: known[line] for line in lines}.values())


def lines_of(institutions: Iterable[Organisation]) -> str:
    """Codes and names as text, one a line, for the form to begin with."""
    return "\n".join(named(institution) for institution in institutions)


def _with_names(text: str) -> str:
    """What was sent, which may be anything, with the names of those that are known."""
    if len(text) > MOST_TEXT:
        return text
    lines = [line.strip() for line in without_controls(text).splitlines()]
    known = known_in(_institutions(), lines)
    return "\n".join(named(known[line]) if line in known else line for line in lines)


def known_in(rows: QuerySet[R], lines: Iterable[str]) -> Mapping[str, R]:
    """Line -> the row whose code it begins with, or whose name it is, unless others have that as well. Capital and
    small letters are alike. Two queries.
    """
    codes = {line: code_in(line) for line in lines if line}
    by_code = _only_ones(rows, ("code",), codes.values())
    known = {line: by_code[code.casefold()] for line, code in codes.items() if code.casefold() in by_code}
    names = [line for line in codes if line not in known]
    by_name = _only_ones(rows, NAMES, names)
    return known | {line: by_name[line.casefold()] for line in names if line.casefold() in by_name}


def _institutions() -> QuerySet[Organisation]:
    return Organisation.objects.active().filter(kind=OrganisationKind.INSTITUTION)


def _only_ones(rows: QuerySet[R], columns: Sequence[str], texts: Collection[str]) -> Mapping[str, R]:
    """What the columns hold, in small letters -> the only row that has it; for these texts at least.

    Folded by the database, which knows no letters but those of our languages; others count as they are written.
    """
    small = {f"{name}_folded": folded(F(name)) for name in columns}
    as_written = [(f"{name}__in", set(texts)) for name in columns]
    alike = [(f"{name}__in", {fold(text) for text in texts}) for name in small]
    owners: dict[str, dict[int, R]] = {}
    for row in rows.alias(**small).filter(Q(*as_written, *alike, _connector=Q.OR)):
        for name in columns:
            owners.setdefault(str(getattr(row, name) or "").casefold(), {})[row.pk] = row
    return {text: next(iter(same.values())) for text, same in owners.items() if len(same) == 1}
