"""The form of several drafts at once: one for each institution that a finding names."""

from collections.abc import Mapping, Sequence
from typing import Required, Unpack

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.followup.forms.drafts import DraftForm
from cases.followup.verbs import Draft
from cases.ground.fields import FormOptions, Sent, field_of
from cases.planning.models import Engagement
from cases.registry.models import Organisation
from cases.registry.naming import named
from workflow.must import listed

OF_ONE = ("institution", "which", "controller", "watcher")
"""What is said of one institution alone; of several it is added to their drafts."""


class DraftOptions(FormOptions, total=False):
    """The arguments of a draft's form."""

    departments: Required[Sequence[Organisation]]
    engagement: Engagement | None
    is_edit: bool
    filled: int


class DraftEachForm(DraftForm):
    """At first those of the institutions are ticked that have no recommendation from the finding yet."""

    MANY = (*DraftForm.MANY, "institutions")

    institutions = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Accountable institutions"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "For each that is ticked a draft is stored, with a number of its own and the same contents. Who watches"
            " over it at the institution is added to each draft afterwards."
        ),
        error_messages={"required": gettext_lazy("Tick at least one institution.")},
    )

    def __init__(
        self,
        data: Sent | None = None,
        *,
        offered: Sequence[Organisation],
        answered: Mapping[int, Sequence[str]],
        **options: Unpack[DraftOptions],
    ) -> None:
        super().__init__(data, **options)
        for name in OF_ONE:
            self.fields.pop(name, None)
        institutions = field_of(self, "institutions", forms.ModelMultipleChoiceField)
        institutions.queryset = Organisation.objects.filter(pk__in=[row.pk for row in offered]).order_by("code")
        institutions.initial = [row.pk for row in offered if row.pk not in answered]
        institutions.choices = [(row.pk, _offer(row, answered.get(row.pk, ()))) for row in offered]

    def drafts(self) -> list[Draft]:
        return [self.draft(institution=institution) for institution in self.cleaned_data["institutions"]]


def _offer(institution: Organisation, numbers: Sequence[str]) -> str:
    """An institution to tick, and which recommendations it has from the finding already."""
    if not numbers:
        return named(institution)
    return _("%(name)s (has %(numbers)s already)") % {"name": named(institution), "numbers": listed(numbers)}
