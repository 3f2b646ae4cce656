"""Which institution is accountable: typed as a code or some words of a name, chosen when several fit."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.ground.fields import Cleaned, LineField, without_controls
from cases.registry.models import Kind, Organisation

MOST_CHOICES = 20


def find_institutions(text: str) -> tuple[list[Organisation], bool]:
    """The active institution of this code, else those of this name, else those whose code or names begin so.

    And whether there is no doubt which is meant: the beginning of a name may be that of another one.
    """
    active = Organisation.objects.active().filter(kind=Kind.INSTITUTION)
    code = text.partition(" – ")[0].strip()
    names = Q(name_ky__iexact=text) | Q(name_ru__iexact=text) | Q(name_en__iexact=text)
    for named in (active.filter(code__iexact=code), active.filter(names)):
        if found := list(named[: MOST_CHOICES + 1]):
            return found, len(found) == 1
    return list(active.matching(text)[: MOST_CHOICES + 1]), False


def institution_line(institution: Organisation) -> str:
    return f"{institution.code} – {institution}"


class _Which(forms.ChoiceField):
    """One of those found. A choice made among others, before the name was changed, is forgotten."""

    def valid_value(self, value: object) -> bool:
        return True


class InstitutionForm(forms.Form):
    """A form in which one institution is named; `cleaned_data["institution"]` is the row."""

    institution = LineField(
        label=gettext_lazy("Accountable institution"),
        max_length=340,
        help_text=gettext_lazy("Its code, or the beginning of the words of its name."),
        error_messages={"required": gettext_lazy("Say which institution is accountable.")},
    )
    which = _Which(label=gettext_lazy("Which of these?"), required=False, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.found: list[Organisation] = []
        self.is_certain = False
        self._find(str((data or self.initial).get("institution") or ""))

    def _find(self, text: str) -> None:
        """Look for the institution typed; there is a choice when it may be another one."""
        self.is_looked_up = self.is_bound or "find" in self.initial
        if self.is_looked_up and text.strip():
            self.found, self.is_certain = find_institutions(" ".join(without_controls(text).split()))
        which: Any = self.fields["which"]
        which.choices = [(str(one.pk), institution_line(one)) for one in self.found[:MOST_CHOICES]]
        if self.is_certain or not self.found:
            del self.fields["which"]
        else:
            which.required, which.error_messages["required"] = True, self.finding

    @property
    def finding(self) -> str:
        """What the look for the institution found."""
        if not self.found:
            return _("No active institution has this code or name.")
        if self.is_certain:
            return _("Found: %(institution)s") % {"institution": institution_line(self.found[0])}
        if len(self.found) == 1:
            return _("One organisation fits: choose it if it is meant.")
        if len(self.found) > MOST_CHOICES:
            return _("More than %(n)d institutions fit; these are the first.") % {"n": MOST_CHOICES}
        return _("Several institutions fit: choose one.")

    def clean(self) -> Cleaned:
        cleaned = super().clean() or {}
        if "institution" in cleaned:
            self._clean_institution(cleaned)
        return cleaned

    def _clean_institution(self, cleaned: Cleaned) -> None:
        chosen = [one for one in self.found if self.is_certain or str(one.pk) == cleaned.get("which")]
        if chosen:
            cleaned["institution"] = chosen[0]
        elif "which" not in self.errors:
            self.add_error("which" if self.found else "institution", self.finding)
