"""The forms of a monitoring: what it is, its dates, its contract, and its acts."""

from collections.abc import Mapping
from datetime import date
from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.desk.forms import ActForm, VerbForm, VersionedForm, reason_field
from cases.ground.fields import (
    DayField,
    FormOptions,
    LineField,
    MoneyField,
    Sent,
    TextField,
    UploadField,
    field_of,
)
from cases.planning.forms.institutions import lines_of
from cases.planning.forms.scope import ScopeForm
from cases.planning.models import Engagement, FileKind, ItemKind
from cases.planning.verbs import EngagementFacts
from cases.registry.models import LegalAct, Organisation, OrganisationKind, User
from workflow.case import Case
from workflow.lifecycles.engagement import STAGES, State
from workflow.lifecycles.engagement_conditions import has_cancelling_act, has_number, is_checked, names_some


class EngagementForm(ScopeForm):
    """What a monitoring is about. Outside of the plan-schedule the reason is asked for."""

    field_order = ("title", "goal", "kind", "pilot")

    goal = TextField(label=gettext_lazy("Goal"), required=False)
    legal_basis = forms.ModelChoiceField(
        LegalAct.objects.none(),
        label=gettext_lazy("Legal basis"),
        required=False,
        empty_label=gettext_lazy("– choose –"),
    )
    off_plan_reason = TextField(
        label=gettext_lazy("Why it is carried out outside of the plan-schedule"),
        required=False,
        rows=2,
        help_text=gettext_lazy("Needed when no plan-schedule in force names it."),
    )

    def __init__(self, data: Sent | None = None, *, department: Organisation, **options: Unpack[FormOptions]) -> None:
        pilots = Engagement.objects.filter(department=department, kind=ItemKind.PILOT)
        super().__init__(data, pilots=pilots.exclude(state=State.CANCELLED), **options)

    def facts(self) -> EngagementFacts:
        filled = self.cleaned_data
        return EngagementFacts(
            **{name: filled[name] for name in filled if name in EngagementFacts.__dataclass_fields__}
        )


class DatesForm(VersionedForm):
    """When each stage is planned to begin and to end."""

    def __init__(self, data: Sent | None = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        for stage in STAGES:
            self.fields[f"{stage}_starts"] = DayField(label=_("%(stage)s begins") % {"stage": stage.label})
            self.fields[f"{stage}_ends"] = DayField(label=_("%(stage)s ends") % {"stage": stage.label})

    def dates(self) -> dict[str, tuple[date, date]]:
        filled = self.cleaned_data
        return {stage.value: (filled[f"{stage}_starts"], filled[f"{stage}_ends"]) for stage in STAGES}


class ContractForm(ActForm):
    number = LineField(
        label=gettext_lazy("Number of the contract"), max_length=60, error_messages={"required": has_number.text}
    )
    signed_on = DayField(label=gettext_lazy("Signed on"))
    contractor_id = forms.ModelChoiceField(
        Organisation.objects.filter(kind=OrganisationKind.CONTRACTOR, is_active=True),
        label=gettext_lazy("Contractor"),
        empty_label=gettext_lazy("– choose –"),
        help_text=gettext_lazy("The contractor must be in the registry of organisations."),
    )
    amount = MoneyField(label=gettext_lazy("Amount, som"))
    starts = DayField(label=gettext_lazy("Begins"))
    ends = DayField(label=gettext_lazy("Ends"))
    terms = TextField(label=gettext_lazy("Terms"), required=False)

    def inputs(self) -> dict[str, object]:
        return {**super().inputs(), "contractor_id": self.cleaned_data["contractor_id"].pk}


class PublishForm(ActForm):
    is_checked = forms.BooleanField(
        label=gettext_lazy("The public report was checked and holds no personal data"),
        error_messages={"required": is_checked.text},
    )


class ReturnForm(ActForm):
    reason = reason_field()
    deliverables = forms.MultipleChoiceField(
        label=gettext_lazy("To be corrected"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": names_some.text},
    )

    def offer(self, case: Case, reader: User) -> None:
        rows = case.reopenable().select_related("row") if isinstance(case, Engagement) else []
        choices = [(row.number, f"{row.number} {row.title}") for row in rows]
        field_of(self, "deliverables", forms.MultipleChoiceField).choices = choices


class SuspendForm(ActForm):
    reason = reason_field()
    until = DayField(
        label=gettext_lazy("To go on by"),
        help_text=gettext_lazy("The head of the department is reminded on that day; it does not go on by itself."),
    )


class CancelForm(ActForm):
    reason = reason_field()
    cancelling_act_id = forms.ModelChoiceField(
        LegalAct.objects.filter(is_active=True),
        label=gettext_lazy("Cancelled by"),
        empty_label=gettext_lazy("– choose –"),
        error_messages={"required": has_cancelling_act.text},
    )

    def inputs(self) -> dict[str, object]:
        return {**super().inputs(), "cancelling_act_id": self.cleaned_data["cancelling_act_id"].pk}


class ExpertForm(VerbForm):
    """One of several people, such as an expert of the contractor."""

    expert = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Expert"), empty_label=gettext_lazy("– choose –")
    )

    def __init__(self, data: Sent | None = None, *, people: QuerySet[User], **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        field_of(self, "expert", forms.ModelChoiceField).queryset = people


class ReviewersForm(VersionedForm):
    """The two experts who give their conclusion on a deliverable."""

    first = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("First expert"), empty_label=gettext_lazy("– choose –")
    )
    second = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Second expert"), empty_label=gettext_lazy("– choose –")
    )

    def __init__(self, data: Sent | None = None, *, people: QuerySet[User], **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        for name in ("first", "second"):
            field_of(self, name, forms.ModelChoiceField).queryset = people


class MoveDueForm(VersionedForm):
    due = DayField(label=gettext_lazy("Due"))
    reason = reason_field()


class TextsForm(VersionedForm):
    text_ky = TextField(label=gettext_lazy("Text in Kyrgyz"), required=False, rows=12, max_length=200_000)
    text_ru = TextField(label=gettext_lazy("Text in Russian"), required=False, rows=12, max_length=200_000)
    text_en = TextField(label=gettext_lazy("Text in English"), required=False, rows=6, max_length=200_000)


class OneFileForm(VerbForm):
    """A file, and nothing else."""

    file = UploadField(label=gettext_lazy("File"), error_messages={"required": gettext_lazy("Choose a file.")})


class FileForm(OneFileForm):
    """The file comes last, so that all else has arrived when it is refused."""

    field_order = ("kind", "file")

    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"), choices=FileKind.choices, widget=forms.RadioSelect, initial=FileKind.CONTENT
    )


def engagement_contents(engagement: Engagement) -> dict[str, object]:
    """What the form of a monitoring begins with."""
    names = ("title", "goal", "kind", "pilot", "directions", "levels", "legal_basis", "off_plan_reason", "version")
    return {
        **{name: getattr(engagement, name) for name in names},
        "areas": list(engagement.areas.all()),
        "institutions": lines_of(engagement.institutions.all()),
    }


def contents_of_facts(facts: EngagementFacts) -> dict[str, object]:
    """The same of one that is only planned."""
    return {**vars(facts), "institutions": lines_of(facts.institutions)}


def dates_contents(dates: Mapping[str, tuple[date, date]]) -> dict[str, date]:
    """What the form of the dates begins with."""
    return {
        f"{stage}_{name}": day
        for stage, days in dates.items()
        for name, day in zip(("starts", "ends"), days, strict=True)
    }
