"""What a plan-schedule decides on a proposal, and the monitoring that is planned from one."""

from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy

from cases.desk.forms import VersionedForm
from cases.ground.fields import FormOptions, Sent, TextField, field_of
from cases.planning.models import PlanItem, PlanSchedule, ProposalDecision, ProposalLine
from cases.planning.verbs import Weighed
from cases.registry.naming import named

LONGEST_TITLE = 300


class WeighForm(VersionedForm):
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=ProposalDecision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what becomes of the proposal.")},
    )
    item = forms.ModelChoiceField(
        PlanItem.objects.none(),
        label=gettext_lazy("Taken up by"),
        required=False,
        empty_label=gettext_lazy("– none –"),
        help_text=gettext_lazy("A monitoring of this plan-schedule."),
    )
    reason = TextField(
        label=gettext_lazy("Reason"),
        required=False,
        help_text=gettext_lazy("Needed where the proposal is not taken, or not all of it."),
    )

    def __init__(self, data: Sent | None = None, *, plan: PlanSchedule, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        field_of(self, "item", forms.ModelChoiceField).queryset = plan.items.all()

    def weighed(self) -> Weighed:
        filled = self.cleaned_data
        return Weighed(filled["decision"], filled["item"], filled["reason"])


def decided(line: ProposalLine) -> dict[str, object]:
    """What the form begins with: what was decided before."""
    weighing = line.weighed()
    return {name: getattr(weighing, name) for name in ("decision", "item", "reason")} if weighing else {}


def planned_from(line: ProposalLine) -> dict[str, object]:
    """What the form of a new monitoring begins with."""
    institution = line.institution
    return {
        "title": " ".join(line.proposal.split())[:LONGEST_TITLE],
        "directions": [line.direction] if line.direction else [],
        "areas": [line.area] if line.area else [],
        "institutions": named(institution) if institution else "",
        "levels": [institution.institution_type] if institution and institution.institution_type else [],
    }
