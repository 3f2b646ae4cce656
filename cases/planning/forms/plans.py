"""The forms of a plan-schedule, of the monitorings in it, and of its approval."""

from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from cases.desk.forms import RestingForm, VersionedForm, note_field, reason_field
from cases.ground.fields import (
    DayField,
    FieldOptions,
    FormOptions,
    LineField,
    MoneyField,
    Sent,
    TextField,
    field_of,
)
from cases.planning.forms.institutions import lines_of
from cases.planning.forms.scope import ScopeForm
from cases.planning.models import ItemKind, PlanItem, PlanSchedule
from cases.planning.verbs import ItemFacts, PlanFacts
from cases.registry.models import (
    LegalAct,
    Membership,
    Organisation,
    User,
)
from workflow.lifecycles.plan_schedule import has_act
from workflow.roles import Role


class YearField(forms.IntegerField):
    """A year of a plan-schedule."""

    def __init__(self, **options: Unpack[FieldOptions]) -> None:
        super().__init__(min_value=2020, max_value=2100, **options)


class NewPlanForm(forms.Form):
    """A plan-schedule that is begun; with `departments` of which one is chosen, if there are several."""

    department = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Department"))
    title = LineField(label=gettext_lazy("Title"), max_length=300)
    first_year = YearField(label=gettext_lazy("First year"))
    last_year = YearField(label=gettext_lazy("Last year"))

    def __init__(
        self, data: Sent | None = None, *, departments: QuerySet[Organisation], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        field = field_of(self, "department", forms.ModelChoiceField)
        field.queryset = departments
        if len(departments) == 1:
            field.initial, field.widget = departments[0], forms.HiddenInput()


class PlanScheduleForm(VersionedForm):
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

    def __init__(self, data: Sent | None = None, *, plan: PlanSchedule, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        held = Membership.objects.in_force().filter(role=Role.MINISTRY_LEADER, organisation=plan.ministry_id)
        leaders = User.objects.filter(pk__in=held.values("person"))
        field_of(self, "agreed_by", forms.ModelMultipleChoiceField).queryset = leaders

    def facts(self) -> PlanFacts:
        filled = self.cleaned_data
        years = filled["first_year"], filled["last_year"]
        return PlanFacts(filled["title"], years, filled["explanation"], list(filled["agreed_by"]))


class PlanItemForm(ScopeForm):
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

    def __init__(
        self,
        data: Sent | None = None,
        *,
        plan: PlanSchedule,
        item: PlanItem | None = None,
        **options: Unpack[FormOptions],
    ) -> None:
        pilots = plan.items.filter(kind=ItemKind.PILOT)
        super().__init__(data, pilots=pilots.exclude(pk=item.pk) if item else pilots, **options)

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

    def inputs(self) -> dict[str, object]:
        inputs = super().inputs()
        return {**inputs, "approval_act_id": self.cleaned_data["approval_act_id"].pk}


class AgreeForm(RestingForm):
    remarks = note_field(gettext_lazy("Remarks"))


class SendBackForm(RestingForm):
    reason = reason_field()


def contents_of(item: PlanItem) -> dict[str, object]:
    """What the form of a planned monitoring begins with."""
    same = ("kind", "title", "pilot", "levels", "starts", "ends", "legal_basis", "budget", "source_of_finance")
    return {
        **{name: getattr(item, name) for name in same},
        "directions": [row.direction for row in item.directions.all()],
        "areas": list(item.areas.all()),
        "institutions": lines_of(item.institutions.all()),
        "version": item.plan.version,
    }
