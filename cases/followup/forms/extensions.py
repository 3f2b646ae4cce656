"""The form of a request for more time: the new date, why, and what proves it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.desk.forms import VerbForm
from cases.followup.forms.evidence import FileChoiceField, newest_files
from cases.followup.models import Evidence, Recommendation
from cases.ground.fields import Cleaned, DayField, Files, Sent, TextField, UploadField, field_of


class ExtensionForm(VerbForm):
    until = DayField(
        label=gettext_lazy("New due date"), error_messages={"required": gettext_lazy("Give the new due date.")}
    )
    reason = TextField(
        label=gettext_lazy("Reason"),
        max_length=5_000,
        help_text=gettext_lazy("What has been done so far, what delays the rest, and why the new date will hold."),
        error_messages={"required": gettext_lazy("Give the reason.")},
    )
    evidence = FileChoiceField(
        Evidence.objects.none(),
        label=gettext_lazy("Evidence, of the files that are here"),
        required=False,
        empty_label=gettext_lazy("– none of them –"),
    )
    file = UploadField(label=gettext_lazy("Or a new file"), required=False)

    def __init__(
        self, data: Sent | None = None, files: "Files | None" = None, *, recommendation: Recommendation
    ) -> None:
        super().__init__(data, files)
        field_of(self, "evidence", FileChoiceField).queryset = newest_files(recommendation)

    def clean(self) -> Cleaned:
        cleaned = super().clean() or {}
        if cleaned.get("evidence") and cleaned.get("file"):
            raise forms.ValidationError(_("Choose one of the files that are here or add a new one, not both."))
        return cleaned
