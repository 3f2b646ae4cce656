"""The forms of a finding."""

from typing import Unpack

from django import forms
from django.utils.translation import gettext_lazy

from cases.analysis.models import TEXTS, Finding, FindingKind, Severity
from cases.analysis.verbs import FindingFacts
from cases.desk.forms import VersionedForm
from cases.ground.fields import FormOptions, Sent, TextField, field_of
from cases.planning.forms.institutions import InstitutionsField, lines_of
from cases.planning.models import Engagement
from cases.registry.forms import CriterionField
from cases.registry.models import Criterion, Direction

NEEDED_LATER = ("criterion", "statement_ky", "source")
"""A draft may be kept without them, but not proposed."""


class FindingForm(VersionedForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=FindingKind.choices, widget=forms.RadioSelect)
    direction = forms.TypedChoiceField(label=gettext_lazy("Direction"), coerce=int)
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), choices=Severity.choices, widget=forms.RadioSelect, initial=Severity.MEDIUM
    )
    criterion = CriterionField(label=gettext_lazy("Criterion that is not met"), required=False)
    standard = TextField(
        label=gettext_lazy("Other standard"),
        required=False,
        rows=2,
        max_length=2_000,
        help_text=gettext_lazy("Where no catalogue has it, such as a provision of a law."),
    )
    institutions = InstitutionsField(
        help_text=gettext_lazy(
            "Their codes or names, one a line. Leave it empty for a finding on the whole system. Once the monitoring is"
            " reported, each of them reads all texts of the finding, but not which others it names. Do not name"
            " institutions in the texts."
        )
    )
    statement_ky = TextField(label=gettext_lazy("Statement in Kyrgyz"), required=False, rows=4)
    statement_ru = TextField(label=gettext_lazy("Statement in Russian"), required=False, rows=4)
    statement_en = TextField(label=gettext_lazy("Statement in English"), required=False, rows=4)
    source = TextField(
        label=gettext_lazy("What it rests on"),
        required=False,
        rows=3,
        help_text=gettext_lazy("Observations, figures, documents. Files are added on the page of the finding."),
    )
    extent = TextField(
        label=gettext_lazy("Extent"),
        required=False,
        rows=2,
        max_length=2_000,
        help_text=gettext_lazy("How widespread it is, such as 7 of 12 institutions."),
    )
    root_cause = TextField(label=gettext_lazy("Root cause"), required=False, rows=2, max_length=5_000)

    def __init__(self, data: Sent | None = None, *, engagement: Engagement, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        direction = field_of(self, "direction", forms.TypedChoiceField)
        direction.choices = [
            ("", gettext_lazy("– choose –")),
            *((number, f"{number}. {Direction(number).label}") for number in engagement.directions),
        ]
        named = self.initial.get("criterion")
        criteria = Criterion.objects.offered(named.pk if named else None)
        field_of(self, "criterion", CriterionField).offer(criteria, empty=gettext_lazy("– none of these –"))
        field_of(self, "institutions", InstitutionsField).name(engagement.institutions.all())
        for name in NEEDED_LATER:
            vars(self.fields[name])["needed"] = gettext_lazy("needed before it is proposed")

    def facts(self) -> FindingFacts:
        return FindingFacts(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


def contents_of(finding: Finding) -> dict[str, object]:
    """What the form of a draft begins with."""
    names = ("kind", "direction", "severity", *TEXTS, "version")
    return {
        **{name: getattr(finding, name) for name in names},
        "criterion": finding.criterion,
        "institutions": lines_of(finding.institutions.all()),
    }
