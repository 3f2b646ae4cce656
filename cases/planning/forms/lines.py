"""The forms of the lines of a deliverable; what a table brings is cleaned by the same ones."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Unpack

from django import forms
from django.db.models import Choices, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.desk.forms import VersionedForm
from cases.ground.fields import DayField, FormOptions, LineField, MoneyField, Sent, TextField, field_of
from cases.planning.forms.institutions import CodeField, InstitutionField, institutions_of, known_in
from cases.planning.forms.plans import YearField
from cases.planning.models import (
    CalendarEntry,
    Compliance,
    ConclusionLine,
    Deliverable,
    Duty,
    EntryKind,
    EstimateItem,
    Line,
    ProposalLine,
    TeamMember,
)
from cases.registry.forms import CriterionField
from cases.registry.imports.cells import named as by_name
from cases.registry.imports.cells import plain
from cases.registry.models import Criterion, Direction, LegalAct, Organisation, ProgrammeArea
from cases.registry.naming import named
from workflow.texts import Text

CODES = ("institution", "area")
"""Columns that people fill in by a code."""


class NamedChoiceField(forms.ChoiceField):
    """One of the choices, by its value or, as people write it in a table, by its name in any language."""

    def __init__(self, known: type[Choices], *, label: Text, required: bool = True) -> None:
        self.known = known
        choices = [*([] if required else [("", "–")]), *known.choices]
        super().__init__(label=label, required=required, choices=choices)

    def to_python(self, value: object) -> str:
        text = str(super().to_python(value))
        return by_name(self.known).get(plain(text), text)


class QuantityField(MoneyField):
    default_error_messages = {"invalid": gettext_lazy("Give a number, such as 12 or 1 500,5.")}


if TYPE_CHECKING:
    ActChoice = forms.ModelChoiceField[LegalAct]
else:
    ActChoice = forms.ModelChoiceField


class ActField(ActChoice):
    """A legal act of the registry, by its key or, in a table, by its code."""

    def to_python(self, value: object) -> LegalAct | None:
        text = str(value or "").partition(",")[0].strip()
        act: LegalAct | None = super().to_python(text.upper().removeprefix("A-"))
        return act


class LineForm(VersionedForm):
    """A line as people type it; of `deliverable`, whose version the person saw."""

    def __init__(self, data: Sent | None = None, *, deliverable: Deliverable, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.deliverable = deliverable

    def explain(self) -> None:
        """Say what those who type it need to know."""

    def facts(self) -> dict[str, object]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class EstimateItemForm(LineForm):
    name = LineField(label=gettext_lazy("Name"), max_length=300)
    unit = LineField(label=gettext_lazy("Unit"), max_length=60, required=False)
    quantity = QuantityField(label=gettext_lazy("Quantity"), most_digits=10)
    price = MoneyField(label=gettext_lazy("Price, som"))
    source_of_finance = LineField(label=gettext_lazy("Source of finance"), max_length=300, required=False)
    year = YearField(label=gettext_lazy("Year"))


class CalendarEntryForm(LineForm):
    kind = NamedChoiceField(EntryKind, label=gettext_lazy("Kind"))
    title = LineField(label=gettext_lazy("Title"), max_length=300)
    starts = DayField(label=gettext_lazy("Begins"))
    ends = DayField(label=gettext_lazy("Ends"))
    institution = InstitutionField(label=gettext_lazy("Institution"), required=False)
    responsible = LineField(label=gettext_lazy("Responsible"), max_length=200, required=False)

    def explain(self) -> None:
        _offer_institutions(self)

    def clean_institution(self) -> Organisation | None:
        return next(iter(institutions_of(self.cleaned_data["institution"])), None)


class TeamMemberForm(LineForm):
    full_name = LineField(label=gettext_lazy("Full name"), max_length=200)
    organisation = LineField(label=gettext_lazy("Organisation"), max_length=300)
    duty = NamedChoiceField(Duty, label=gettext_lazy("Duty"))
    direction = NamedChoiceField(Direction, label=gettext_lazy("Direction"), required=False)
    legal_act = ActField(
        LegalAct.objects.none(),
        label=gettext_lazy("Appointed by"),
        required=False,
        empty_label=gettext_lazy("– none –"),
        help_text=gettext_lazy("The order by which they are appointed, once it is in the registry of legal acts."),
    )

    def __init__(self, data: Sent | None = None, *, deliverable: Deliverable, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, deliverable=deliverable, **options)
        field_of(self, "legal_act", forms.ModelChoiceField).queryset = LegalAct.objects.filter(is_active=True)

    def clean_direction(self) -> int | None:
        chosen = self.cleaned_data["direction"]
        return int(chosen) if chosen else None


class ProposalLineForm(LineForm):
    proposal = TextField(label=gettext_lazy("Proposal"), max_length=2_000)
    direction = NamedChoiceField(Direction, label=gettext_lazy("Direction"), required=False)
    institution = InstitutionField(label=gettext_lazy("Institution"), required=False)
    area = CodeField(
        label=gettext_lazy("Programme area"),
        required=False,
        help_text=gettext_lazy("Its code or its name in the registry of programme areas."),
    )
    grounds = TextField(label=gettext_lazy("Grounds"), max_length=2_000)

    def explain(self) -> None:
        _offer_institutions(self)
        field_of(self, "area", CodeField).offer(ProgrammeArea.objects.active())

    def clean_direction(self) -> int | None:
        chosen = self.cleaned_data["direction"]
        return int(chosen) if chosen else None

    def clean_institution(self) -> Organisation | None:
        return next(iter(institutions_of(self.cleaned_data["institution"])), None)

    def clean_area(self) -> ProgrammeArea | None:
        text = self.cleaned_data["area"]
        area = known_in(ProgrammeArea.objects.active(), [text]).get(text)
        if text and area is None:
            raise forms.ValidationError(_("No active programme area has this code or name: %(code)s.") % {"code": text})
        return area


class ConclusionLineForm(LineForm):
    criterion = CriterionField(label=gettext_lazy("Criterion"))
    level = NamedChoiceField(Compliance, label=gettext_lazy("Level"))
    conclusion = TextField(label=gettext_lazy("Conclusion"), rows=6, max_length=10_000)

    def __init__(self, data: Sent | None = None, *, deliverable: Deliverable, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, deliverable=deliverable, **options)
        criteria = deliverable.once("criteria", lambda: list(_criteria(deliverable)))
        field_of(self, "criterion", CriterionField).offer(criteria, empty=gettext_lazy("– choose –"))


def _offer_institutions(form: LineForm) -> None:
    """Those of the monitoring."""
    field, rows = field_of(form, "institution", InstitutionField), form.deliverable.engagement.institutions.all()
    field.offer(rows)
    field.help_text = (
        _("Its code or its name. The browser offers the institutions of this monitoring.")
        if rows
        else _("Its code or its name in the registry of organisations.")
    )


def _criteria(deliverable: Deliverable) -> Iterable[Criterion]:
    """Those of its direction, and those that its lines name already, though a later catalogue is in force by now."""
    directions = [deliverable.direction] if deliverable.direction else deliverable.engagement.directions
    named = [line.criterion_id for line in deliverable.lines_now() if isinstance(line, ConclusionLine)]
    offered = Criterion.objects.offered(*named)
    return offered.filter(Q(direction__in=directions) | Q(pk__in=named))


FORMS: Mapping[type[Line], type[LineForm]] = {
    EstimateItem: EstimateItemForm,
    CalendarEntry: CalendarEntryForm,
    TeamMember: TeamMemberForm,
    ProposalLine: ProposalLineForm,
    ConclusionLine: ConclusionLineForm,
}


def line_contents(line: Line) -> dict[str, object]:
    """What the form of a line begins with."""
    shown = {name: getattr(line, name) for name in line.COLUMNS}
    return {name: named(value) if name in CODES and value else value for name, value in shown.items()}


def new_line_contents(deliverable: Deliverable) -> dict[str, object]:
    """What the form of a new line begins with: what mostly stays as in the line before."""
    lines = deliverable.lines_now()
    last = max(lines, key=lambda line: int(line.place), default=None)
    return {name: value for name, value in line_contents(last).items() if name in last.KEPT} if last else {}
