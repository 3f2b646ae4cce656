"""Which institution is accountable: typed as a code or some words of a name, chosen when several fit."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.ground.fields import Cleaned, LineField, field_of, without_controls
from cases.registry.models import Organisation, OrganisationKind
from cases.registry.naming import LONGEST, code_in, named

MOST_CHOICES = 20


def find_institutions(text: str) -> tuple[list[Organisation], bool]:
    """Active institutions with this code, else with this name, else those whose code or name begins with it. And
    whether it is certain which one is meant, as several names may begin alike.
    """
    active = Organisation.objects.active().filter(kind=OrganisationKind.INSTITUTION)
    names = Q(name_ky__iexact=text) | Q(name_ru__iexact=text) | Q(name_en__iexact=text)
    for exact in (active.filter(code__iexact=code_in(text)), active.filter(names)):
        if rows := list(exact[: MOST_CHOICES + 1]):
            return rows, len(rows) == 1
    return list(active.matching(text)[: MOST_CHOICES + 1]), False


class _Which(forms.ChoiceField):
    """Offers those found. A choice made before the name was changed is forgotten."""

    def valid_value(self, value: object) -> bool:
        return True


class InstitutionForm(forms.Form):
    """A form in which one institution is named; `cleaned_data["institution"]` is the row."""

    institution = LineField(
        label=gettext_lazy("Accountable institution"),
        max_length=LONGEST,
        help_text=gettext_lazy("Its code, or the beginning of the words of its name."),
        error_messages={"required": gettext_lazy("Say which institution is accountable.")},
    )
    which = _Which(label=gettext_lazy("Which of these?"), required=False, widget=forms.RadioSelect)

    def look_up(self) -> None:
        """Called when the form is made: looks for the institution typed, and offers a choice in case of doubt."""
        text = str((self.data or self.initial).get("institution") or "")
        self.matches: list[Organisation] = []
        self.is_certain = False
        self.is_looked_up = self.is_bound or "find" in self.initial
        if self.is_looked_up and text.strip():
            self.matches, self.is_certain = find_institutions(" ".join(without_controls(text).split()))
        which = field_of(self, "which", _Which)
        which.choices = [(str(institution.pk), named(institution)) for institution in self.matches[:MOST_CHOICES]]
        if self.is_certain or not self.matches:
            del self.fields["which"]
        else:
            which.required, which.error_messages["required"] = True, self.finding

    @property
    def finding(self) -> str:
        """The result of looking for the institution."""
        if not self.matches:
            return _("No active institution has this code or name.")
        if self.is_certain:
            return _("Found: %(institution)s") % {"institution": named(self.matches[0])}
        if len(self.matches) == 1:
            return _("One organisation fits: choose it if it is meant.")
        if len(self.matches) > MOST_CHOICES:
            return _("More than %(n)d institutions fit; these are the first.") % {"n": MOST_CHOICES}
        return _("Several institutions fit: choose one.")

    def clean(self) -> Cleaned:
        cleaned = super().clean() or {}
        if "institution" in cleaned:
            self._clean_institution(cleaned)
        return cleaned

    def _clean_institution(self, cleaned: Cleaned) -> None:
        chosen = [
            institution
            for institution in self.matches
            if self.is_certain or str(institution.pk) == cleaned.get("which")
        ]
        if chosen:
            cleaned["institution"] = chosen[0]
        elif "which" not in self.errors:
            self.add_error("which" if self.matches else "institution", self.finding)
