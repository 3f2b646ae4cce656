"""What every kind of case that is decided in rounds brings to the desk of the verbs of seats."""

from collections.abc import Sequence
from typing import ClassVar, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.desk.forms import RestingForm, reason_field
from cases.desk.kinds import Rule
from cases.registry.models import Membership, Organisation, User
from workflow.case import Case
from workflow.may import role_names
from workflow.rounds.models import RoundTask
from workflow.rounds.seats import GIVE_BACK, HAND_OVER, TAKE, seats_for


class SeatForm(RestingForm):
    """Which seat; hidden where there is but one."""

    verb: ClassVar[str]

    seat = forms.TypedChoiceField(label=_("Seat"), coerce=int, required=False, empty_value=None)

    def offer(self, case: Case, reader: User) -> None:
        tasks = seats_for(case, self.verb, reader)
        field = cast(forms.TypedChoiceField, self.fields["seat"])
        field.choices = _labelled(tasks)
        if len(tasks) == 1:
            self.initial["seat"], field.widget = tasks[0].seat_id, forms.HiddenInput()
        else:
            field.widget, field.required = forms.RadioSelect(choices=field.choices), True


class TakeForm(SeatForm):
    verb = TAKE


class GiveBackForm(SeatForm):
    verb = GIVE_BACK


class HandOverForm(SeatForm):
    """To one of those who hold the role of the seats; the act refuses who does not hold that of the chosen one."""

    verb = HAND_OVER

    receiver_id = forms.ModelChoiceField(
        User.objects.none(),
        label=_("To whom"),
        empty_label=_("– choose –"),
        error_messages={"required": _("Choose the person.")},
    )
    reason = reason_field()

    def offer(self, case: Case, reader: User) -> None:
        super().offer(case, reader)
        tasks = seats_for(case, self.verb, reader)
        people = User.objects.get_queryset().filter(pk__in=_holders(tasks).values("person"))
        cast("forms.ModelChoiceField[User]", self.fields["receiver_id"]).queryset = people

    def inputs(self) -> dict[str, object]:
        return {**super().inputs(), "receiver_id": self.cleaned_data["receiver_id"].pk}


SEAT_FORMS = {TAKE: TakeForm, GIVE_BACK: GiveBackForm, HAND_OVER: HandOverForm}
SEAT_IS_HANDED_OVER = Rule(HAND_OVER, to=("handed_to",), template="seat_handed_over")
SEATS_SILENT = frozenset({TAKE, GIVE_BACK})


def _labelled(tasks: Sequence[RoundTask]) -> list[tuple[int, str]]:
    """Each seat by the office that is asked, and the person who has it."""
    organisations = Organisation.objects.in_bulk({task.asked.organisation_id for task in tasks})
    offices = [f"{role_names([task.asked.role])}, {organisations[task.asked.organisation_id]}" for task in tasks]
    return [
        (task.asked.pk, f"{office}: {task.owner}" if task.owner else office)
        for task, office in zip(tasks, offices, strict=True)
    ]


def _holders(tasks: Sequence[RoundTask]) -> QuerySet[Membership]:
    """Who holds the role of one of these seats in its organisation today."""
    theirs = Q(pk__in=())
    for task in tasks:
        theirs |= Q(role=task.asked.role, organisation=task.asked.organisation_id) & ~Q(person=task.owner_id)
    return Membership.objects.in_force().filter(theirs)
