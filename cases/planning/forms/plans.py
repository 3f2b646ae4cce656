"""The forms of a plan-schedule, of the monitorings in it, and of its approval."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.desk.forms import RestingForm, VersionedForm, note_field, reason_field
from cases.ground.fields import DayField, LineField, MoneyField, TextField
from cases.planning.models import ItemKind, PlanItem, PlanSchedule
from cases.planning.verbs import ItemFacts, PlanFacts
from cases.registry.models import (
    Direction,
    InstitutionType,
    Kind,
    LegalAct,
    Membership,
    Organisation,
    ProgrammeArea,
    User,
)
from workflow.lifecycles.plan_schedule import has_act
from workflow.must import has_reason
from workflow.roles import Role


class YearField(forms.IntegerField):
    """A year of a plan-schedule."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=2020, max_value=2100, **options)


class NewPlanForm(forms.Form):
    """A plan-schedule that is begun; with `departments` of which one is chosen, if there are several."""

    department = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Department"))
    title = LineField(label=gettext_lazy("Title"), max_length=300)
    first_year = YearField(label=gettext_lazy("First year"))
    last_year = YearField(label=gettext_lazy("Last year"))

    def __init__(self, data: Any = None, *, departments: Any, **options: Any) -> None:
        super().__init__(data, **options)
        field: Any = self.fields["department"]
        field.queryset = departments
        if len(departments) == 1:
            field.initial, field.widget = departments[0], forms.HiddenInput()


class PlanForm(VersionedForm):
    title = LineField(label=gettext_lazy("Title"), max_length=300)
    first_year = YearField(label=gettext_lazy("First year"))
    last_year = YearField(label=gettext_lazy("Last year"))
    agreed_by = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Also agreed by"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Leaders of the Ministry who are asked together with the head of the department."),
    )
    explanation = TextField(
        label=gettext_lazy("Why what is overdue is not planned"),
        required=False,
        help_text=gettext_lazy("Needed when an institution or a programme area stays overdue (three years' rule)."),
    )

    def __init__(self, data: Any = None, *, plan: PlanSchedule, **options: Any) -> None:
        super().__init__(data, **options)
        field: Any = self.fields["agreed_by"]
        held = Membership.objects.in_force().filter(role=Role.MINISTRY_LEADER, organisation=plan.ministry_id)
        field.queryset = User.objects.filter(pk__in=held.values("person"))

    def facts(self) -> PlanFacts:
        filled = self.cleaned_data
        years = filled["first_year"], filled["last_year"]
        return PlanFacts(filled["title"], years, filled["explanation"], list(filled["agreed_by"]))


class ItemForm(VersionedForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ItemKind.choices, widget=forms.RadioSelect)
    title = LineField(label=gettext_lazy("Title"), max_length=300)
    pilot = forms.ModelChoiceField(
        PlanItem.objects.none(), label=gettext_lazy("Its pilot"), required=False, empty_label=gettext_lazy("– none –")
    )
    directions = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Directions"),
        choices=Direction.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one direction.")},
    )
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("Types of institutions"),
        choices=InstitutionType.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one type of institution.")},
    )
    areas = forms.ModelMultipleChoiceField(
        ProgrammeArea.objects.none(),
        label=gettext_lazy("Programme areas"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    institutions = TextField(
        label=gettext_lazy("Institutions"),
        required=False,
        rows=3,
        help_text=gettext_lazy("Their codes, one a line. Leave it empty when a sample is drawn later."),
    )
    starts = DayField(label=gettext_lazy("Begins"))
    ends = DayField(label=gettext_lazy("Ends"))
    legal_basis = forms.ModelChoiceField(
        LegalAct.objects.none(),
        label=gettext_lazy("Legal basis"),
        empty_label=gettext_lazy("– choose –"),
        error_messages={"required": gettext_lazy("Name the legal basis.")},
    )
    budget = MoneyField(label=gettext_lazy("Budget, som"), required=False)
    source_of_finance = LineField(label=gettext_lazy("Source of finance"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, plan: PlanSchedule, item: PlanItem | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        fields: Any = self.fields
        pilots = plan.items.filter(kind=ItemKind.PILOT)
        fields["pilot"].queryset = pilots.exclude(pk=item.pk) if item else pilots
        fields["areas"].queryset = ProgrammeArea.objects.active()
        fields["legal_basis"].queryset = LegalAct.objects.filter(is_active=True)

    def clean_institutions(self) -> list[Organisation]:
        codes = [line.strip() for line in self.cleaned_data["institutions"].splitlines() if line.strip()]
        active = Organisation.objects.active().filter(kind=Kind.INSTITUTION)
        by_code = {row.code.casefold(): row for row in active.filter(code__in=_spellings(codes))}
        unknown = [code for code in codes if code.casefold() not in by_code]
        if unknown:
            sentence = _("No active institution has the code: %(codes)s.")
            raise forms.ValidationError(sentence % {"codes": ", ".join(unknown)})
        return [by_code[code] for code in dict.fromkeys(code.casefold() for code in codes)]

    def facts(self) -> ItemFacts:
        return ItemFacts(**{name: self.cleaned_data[name] for name in self.cleaned_data if name != "version"})


class ApproveForm(RestingForm):
    approval_act_id = forms.ModelChoiceField(
        LegalAct.objects.filter(is_active=True),
        label=gettext_lazy("Approved by"),
        empty_label=gettext_lazy("– choose –"),
        help_text=gettext_lazy("The legal act must be in the registry of legal acts."),
        error_messages={"required": has_act.sentence},
    )
    remarks = note_field(gettext_lazy("Remarks"))

    def inputs(self) -> dict[str, Any]:
        inputs = super().inputs()
        return {**inputs, "approval_act_id": self.cleaned_data["approval_act_id"].pk}


class AgreeForm(RestingForm):
    remarks = note_field(gettext_lazy("Remarks"))


class SendBackForm(RestingForm):
    reason = reason_field(has_reason.text)


def contents_of(item: PlanItem) -> dict[str, Any]:
    """What the form of a planned monitoring begins with."""
    same = ("kind", "title", "pilot", "levels", "starts", "ends", "legal_basis", "budget", "source_of_finance")
    return {
        **{name: getattr(item, name) for name in same},
        "directions": [row.direction for row in item.directions.all()],
        "areas": list(item.areas.all()),
        "institutions": "\n".join(institution.code for institution in item.institutions.all()),
        "version": item.plan.version,
    }


def _spellings(codes: list[str]) -> list[str]:
    return [spelling for code in codes for spelling in (code, code.upper(), code.lower())]
