"""What the forms of acts and verbs share: the version seen, and what a refusal leaves in them."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.ground.fields import TextField
from cases.ground.refusals import refuse
from cases.registry.models import User
from workflow.case import Case
from workflow.conditions import Condition
from workflow.door import Refused, Stale
from workflow.must import has_reason
from workflow.texts import Text

VERSION_MISSING = _("The form did not say which version of the case you saw. Look at the case and send it again.")


class VerbForm(forms.Form):
    """A form whose verb may refuse: it comes back with everything typed and the sentence."""

    is_stale = False

    def refuse(self, refused: Refused) -> None:
        self.is_stale = isinstance(refused, Stale)
        refuse(self, refused)

    def done(self, verb: Callable[[], object]) -> bool:
        """Whether the verb did what was asked."""
        try:
            verb()
        except Refused as refused:
            self.refuse(refused)
            return False
        return True


class VersionedForm(VerbForm):
    """A form filled in on a version of the case; after a refusal it is resubmitted against the version shown."""

    version: forms.Field = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), VERSION_MISSING),
    )

    def remember_initial(self) -> None:
        """Render hidden initial values, to tell later which fields were touched."""
        for field in self.fields.values():
            field.show_hidden_initial = not field.widget.is_hidden

    def take_over(self, contents: Mapping[str, object]) -> None:
        """Fields that the person left alone show the current value; what was typed stays."""
        touched, data = set(self.changed_data), self._typed()
        for name, field in self.fields.items():
            if not field.show_hidden_initial:
                continue
            current = field.prepare_value(contents.get(name))
            data[self.add_initial_prefix(name)] = "" if current is None else str(current)
            if name not in touched:
                data[name] = "" if current in (None, False) else str(current)
        self.data = data

    def rebase(self, version: object) -> None:
        """Send it again on this version of the case."""
        data = self._typed()
        data["version"] = str(version)
        self.data = data

    def _typed(self) -> dict[str, object]:
        """A copy of what was sent, to be changed."""
        if not isinstance(self.data, dict):
            raise TypeError("A form is made with request.POST, or with a dict.")
        return self.data.copy()


class ActForm(VersionedForm):
    """An act that asks for nothing but to be confirmed. The other fields are the inputs of the act's method."""

    def offer(self, case: Case, reader: User) -> None:
        """Fill the choices that depend on the case and on who acts; most forms offer everybody the same."""

    def inputs(self) -> dict[str, object]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class RestingForm(ActForm):
    """An act that rests on one column of the case, such as a hash; `version` is that column as the person saw it."""

    version = forms.CharField(
        max_length=200,
        widget=forms.HiddenInput,
        error_messages={"required": VERSION_MISSING, "max_length": VERSION_MISSING},
    )


def typed(form: forms.Form) -> Iterator[tuple[str, str]]:
    """The labels of the fields that the person filled in, and what they hold, as it was typed."""
    filled_in = form.changed_data if form.is_bound else form.fields
    for field in form.visible_fields():
        if field.name in filled_in and (text := _as_text(field)):
            yield str(field.label), text


def _as_text(field: forms.BoundField) -> str:
    value = field.value()
    if isinstance(value, bool):
        return gettext("yes") if value else ""
    values = value if isinstance(value, list) else [value]
    labels = {str(key): str(label) for key, label in getattr(field.field, "choices", ())}
    return ", ".join(labels.get(str(value), str(value)) for value in values if value is not None).strip()


def reason_field(*, help_text: Text = "") -> TextField:
    """A reason that has to be given."""
    return TextField(label=_("Reason"), error_messages={"required": has_reason.text}, help_text=help_text)


class ReasonForm(ActForm):
    """An act that asks for its reason alone."""

    reason = reason_field()


def note_field(label: Text, *, needed: Text = "", help_text: Text = "") -> TextField:
    """A text that may stay empty; `needed` says when it may not."""
    field = TextField(label=label, required=False, help_text=help_text)
    field.needed = needed
    return field


def choice_field(label: Text, choices: Iterable[TextChoices], condition: Condition) -> forms.ChoiceField:
    """One of the values that the condition allows, with its sentence when none is chosen."""
    sentence = condition.text
    return forms.ChoiceField(
        label=label,
        choices=[(choice.value, choice.label) for choice in choices],
        widget=forms.RadioSelect,
        error_messages={"required": sentence, "invalid_choice": sentence},
    )
