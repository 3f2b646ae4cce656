"""The forms of evidence: adding a file, saying why there is none, accepting or rejecting one."""

from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.desk.forms import VerbForm, VersionedForm
from cases.followup.models import Evidence, InterimDeadline, Measure, Recommendation
from cases.followup.models.evidence import Decision
from cases.ground.fields import Cleaned, DayField, Files, FormOptions, Sent, TextField, UploadField, field_of


class MeasureField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Measure) -> str:
        return f"{obj.position}. {Truncator(obj.text).chars(90)}"


class FileChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Evidence) -> str:
        what = {"name": obj.name, "version": obj.version, "decision": obj.get_decision_display()}
        return _("%(name)s (version %(version)d, %(decision)s)") % what


def newest_files(recommendation: Recommendation) -> QuerySet[Evidence]:
    return Evidence.objects.filter(recommendation=recommendation, replaced_by=None)


class EvidenceForm(VerbForm):
    """The file comes last, so that all else has arrived when it is refused."""

    measure = MeasureField(
        Measure.objects.none(),
        label=gettext_lazy("Measure that it proves"),
        required=False,
        empty_label=gettext_lazy("– no single measure –"),
    )
    interim = forms.ModelChoiceField(
        InterimDeadline.objects.none(),
        label=gettext_lazy("Interim deadline that it meets"),
        required=False,
        empty_label=gettext_lazy("– none –"),
    )
    replaces = FileChoiceField(
        Evidence.objects.none(),
        label=gettext_lazy("New version of"),
        required=False,
        empty_label=gettext_lazy("– none, it is a new file –"),
        help_text=gettext_lazy("The older version stays readable; it proves nothing any more."),
    )
    own_date = DayField(
        label=gettext_lazy("Date of the document"),
        required=False,
        help_text=gettext_lazy("The date given in the document itself."),
    )
    note = TextField(label=gettext_lazy("What it shows"), rows=2, max_length=2_000, required=False)
    file = UploadField(label=gettext_lazy("File"), error_messages={"required": gettext_lazy("Choose a file.")})

    def __init__(
        self,
        data: Sent | None = None,
        files: "Files | None" = None,
        *,
        recommendation: Recommendation,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        measures = Measure.objects.filter(plan=recommendation.plan_now())
        field_of(self, "measure", MeasureField).queryset = measures
        interims = recommendation.interim_deadlines.all()
        field_of(self, "interim", forms.ModelChoiceField).queryset = interims
        if not recommendation.interims():
            del self.fields["interim"]
        field_of(self, "replaces", FileChoiceField).queryset = newest_files(recommendation)


class ExplainForm(VerbForm):
    reason = TextField(
        label=gettext_lazy("Why there is no evidence"), error_messages={"required": gettext_lazy("Give the reason.")}
    )


class ReviewForm(VersionedForm):
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[(Decision.ACCEPTED, gettext_lazy("Accept")), (Decision.REJECTED, gettext_lazy("Reject"))],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Accept the file or reject it.")),
    )
    reason = TextField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=5_000,
        help_text=gettext_lazy("Needed when you reject it: what is missing or wrong. The institution reads it."),
    )

    def clean(self) -> Cleaned:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == Decision.REJECTED and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Give the reason why you reject it."))
        return cleaned
