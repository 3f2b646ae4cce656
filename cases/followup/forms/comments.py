"""The form of a comment: what it says, and who reads it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.followup.forms.verbs import VerbForm
from cases.ground.fields import TextField

LONGEST_COMMENT = 5_000
INTERNAL, INSTITUTION = "internal", "institution"


class CommentForm(VerbForm):
    """There is no default of who reads it: each of the two boxes on the page says so itself."""

    audience = forms.ChoiceField(
        choices=[(INTERNAL, INTERNAL), (INSTITUTION, INSTITUTION)],
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Say who is to read the comment.")),
    )
    text = TextField(
        label=_("Comment"), max_length=LONGEST_COMMENT, error_messages={"required": _("Write the comment.")}
    )
