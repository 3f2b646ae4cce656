"""The forms of the registry: they clean what was filled in and decide nothing."""

from collections.abc import Iterable, Sequence
from typing import Unpack, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.ground.fields import DayField, FieldOptions, Files, Sent, TextField, without_controls
from cases.ground.tables import MAX_SIZE
from cases.ground.workbook import MEGABYTE
from cases.registry.models import Criterion, LegalAct, Organisation, ProgrammeArea, User
from cases.registry.models.organisations import Language
from cases.registry.naming import LONGEST, code_in, named
from workflow.roles import Role
from workflow.terms import legal_date
from workflow.texts import Text


class OrganisationByCode(forms.CharField):
    """An organisation, written by its code, as a list to choose from would be thousands long; its name is shown."""

    def __init__(self, **options: Unpack[FieldOptions]) -> None:
        super().__init__(max_length=LONGEST, **options)

    def clean(self, value: object) -> Organisation | None:
        text = super().clean(value)
        if not text:
            return None
        organisation = _with_code(text)
        if organisation is None:
            raise ValidationError(_("No organisation has the code “%(code)s”."), params={"code": code_in(text)})
        return organisation

    def bound_data(self, data: object, initial: object) -> object:
        """What was sent, with its name if it is known."""
        organisation = _with_code(str(data or ""))
        return named(organisation) if organisation else data


def _with_code(text: str) -> Organisation | None:
    return Organisation.objects.filter(code__iexact=code_in(without_controls(text))).first()


class PersonByEmail(forms.EmailField):
    """A person, written by their e-mail address."""

    def clean(self, value: object) -> User:
        person = User.objects.get_queryset().with_address(super().clean(value)).first()
        if person is None:
            raise ValidationError(_("Nobody is registered with this e-mail address."))
        return person


class CriterionField(forms.Field):
    """A criterion of those that are offered, by what names it in every language; in a table its code may do."""

    widget = forms.Select
    default_error_messages = {
        "unknown": gettext_lazy("“%(text)s” is none of the criteria that can be chosen here."),
        "ambiguous": gettext_lazy("Several catalogues have “%(text)s”; name one of: %(names)s."),
    }
    offered: Sequence[Criterion] = ()

    def offer(self, criteria: Iterable[Criterion], *, empty: Text) -> None:
        """Choose among these; by catalogue, in the order in which they come. `empty` stands for none of them."""
        self.offered = list(criteria)
        groups: dict[str, list[tuple[str, str]]] = {}
        for criterion in self.offered:
            groups.setdefault(str(criterion.catalogue), []).append((criterion.reference, str(criterion)))
        cast(forms.Select, self.widget).choices = [("", empty), *groups.items()]

    def prepare_value(self, value: object) -> object:
        return value.reference if isinstance(value, Criterion) else value

    def to_python(self, value: object) -> Criterion | None:
        text = " ".join(str(value or "").split())
        if not text:
            return None
        named = [row for row in self.offered if text in (row.reference, row.code, " ".join(str(row).split()))]
        if len(named) == 1:
            return named[0]
        code = "ambiguous" if named else "unknown"
        known = {"text": text, "names": ", ".join(row.reference for row in named)}
        raise ValidationError(self.error_messages[code], code=code, params=known)


class OrganisationChangeForm(forms.ModelForm):  # type: ignore[type-arg]
    """Code and kind cannot be changed."""

    parent = OrganisationByCode(
        label=gettext_lazy("Part of"), required=False, help_text=gettext_lazy("The code of the organisation above it.")
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of instruction"),
        choices=Language.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    monitored_on = DayField(
        label=gettext_lazy("Last monitored before Baikoo"),
        required=False,
        help_text=gettext_lazy("For institutions. Later monitorings are known from their engagements."),
    )

    class Meta:
        model = Organisation
        fields: tuple[str, ...] = (
            "institution_type", "name_ky", "name_ru", "name_en", "short_name_ky", "short_name_ru", "short_name_en",
            "region", "founder", "languages", "parent", "monitored_on",
        )  # fmt: skip
        help_texts = {
            "code": gettext_lazy("A permanent short code, such as KSTU; it is part of page addresses."),
            "institution_type": gettext_lazy("For institutions only."),
        }

    def __init__(self, data: Sent | None = None, *, instance: Organisation | None = None) -> None:
        super().__init__(data, instance=instance)
        if self.instance.parent:
            self.initial["parent"] = named(self.instance.parent)


class OrganisationForm(OrganisationChangeForm):
    class Meta(OrganisationChangeForm.Meta):
        fields = ("code", "kind", *OrganisationChangeForm.Meta.fields)


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("full_name", "email", "post", "language")
        help_texts = {"email": gettext_lazy("The person signs in with it and gets messages there.")}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class MembershipForm(forms.Form):
    organisation = OrganisationByCode(
        label=gettext_lazy("Organisation"), help_text=gettext_lazy("The code of the organisation.")
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=[("", gettext_lazy("– choose –")), *Role.choices])
    starts = forms.DateField(label=gettext_lazy("First day"), initial=legal_date)
    ends = forms.DateField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: until further notice.")
    )


class EndForm(forms.Form):
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("To end the role now, enter yesterday's date. Empty: until further notice."),
    )


class SubstitutionForm(forms.Form):
    substitute = PersonByEmail(
        label=gettext_lazy("Substitute's e-mail address"),
        help_text=gettext_lazy("Of a registered person."),
    )
    starts = forms.DateField(label=gettext_lazy("First day"), initial=legal_date)
    ends = forms.DateField(label=gettext_lazy("Last day"))


class LegalActForm(forms.ModelForm):  # type: ignore[type-arg]
    link = forms.URLField(label=gettext_lazy("Link"), required=False, assume_scheme="https")
    upload = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("The text of the act, at most 50 MB. A new file takes the place of the old one."),
    )

    class Meta:
        model = LegalAct
        fields = (
            "kind", "number", "date", "title_ky", "title_ru", "title_en", "issuer_ky", "issuer_ru", "issuer_en", "link",
        )  # fmt: skip
        help_texts = {"date": gettext_lazy("As far as it is known: 2023-12-22, 2023-12, 2023 or 2024-2025.")}


class AreaChangeForm(forms.ModelForm):  # type: ignore[type-arg]
    """The code cannot be changed: approved plan-schedules name it."""

    monitored_on = DayField(label=gettext_lazy("Last monitored before Baikoo"), required=False)

    class Meta:
        model = ProgrammeArea
        fields: tuple[str, ...] = ("name_ky", "name_ru", "name_en", "monitored_on")


class AreaForm(AreaChangeForm):
    class Meta(AreaChangeForm.Meta):
        fields = ("code", *AreaChangeForm.Meta.fields)


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class DeactivationForm(forms.Form):
    reason = TextField(label=gettext_lazy("Reason"), max_length=1000)


class NothingForm(forms.Form):
    """A form without fields, to be confirmed."""


class TableForm(forms.Form):
    table = forms.FileField(label=gettext_lazy("Table"))

    def __init__(self, data: Sent | None = None, files: "Files | None" = None) -> None:
        super().__init__(data, files)
        self.fields["table"].help_text = _(".xlsx or .csv, at most %(megabytes)d MB.") % {
            "megabytes": MAX_SIZE // MEGABYTE
        }
