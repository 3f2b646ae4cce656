"""The forms of the leading department: who carries a case, a translation, a successor."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.desk.forms import VersionedForm
from cases.followup.forms.drafts import coordinators_of
from cases.followup.models import Recommendation
from cases.ground.fields import TextField
from cases.registry.models import User
from cases.registry.models.organisations import Language


class AssignForm(VersionedForm):
    coordinator = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Coordinator"),
        empty_label=_("– choose –"),
        help_text=_("What is expected of the coordinator now goes to this person."),
        error_messages={"required": _("Choose a coordinator.")},
    )

    def __init__(self, data: Any = None, *, recommendation: Recommendation, **options: Any) -> None:
        super().__init__(data, **options)
        field: Any = self.fields["coordinator"]
        field.queryset = coordinators_of([recommendation.department]).exclude(pk=recommendation.coordinator_id)


class TranslateForm(VersionedForm):
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, widget=forms.HiddenInput)
    text = TextField(label=_("Translation"), rows=8, error_messages={"required": _("Write the translation.")})
    is_checked = forms.BooleanField(label=_("I have checked it against the authoritative text"), required=False)


class SucceedForm(VersionedForm):
    """Nothing but the version that was seen."""
