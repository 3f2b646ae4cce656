"""The forms of the leading department: a translation, a successor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.desk.forms import VersionedForm
from cases.ground.fields import TextField
from cases.registry.models.organisations import Language


class TranslateForm(VersionedForm):
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, widget=forms.HiddenInput)
    text = TextField(label=_("Translation"), rows=8, error_messages={"required": _("Write the translation.")})
    is_checked = forms.BooleanField(label=_("I have checked it against the authoritative text"), required=False)


class SucceedForm(VersionedForm):
    """Nothing but the version that was seen."""
