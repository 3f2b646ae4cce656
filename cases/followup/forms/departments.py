"""The field that asks people who coordinate for several departments which one they mean."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy

from cases.ground.fields import field_of
from cases.registry.models import Organisation


class DepartmentForm(forms.Form):
    """A form of somebody who drafts for one of several departments; with one alone there is nothing to choose."""

    department = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Department"), empty_label=gettext_lazy("– choose –")
    )

    def offer(self, departments: Sequence[Organisation]) -> None:
        """Called when the form is made."""
        self.departments = departments
        rows = Organisation.objects.filter(pk__in=[department.pk for department in departments])
        field_of(self, "department", forms.ModelChoiceField).queryset = rows
        if len(departments) == 1:
            del self.fields["department"]

    def drafted_by(self) -> Organisation:
        """The department that the drafts belong to."""
        chosen: Organisation = self.cleaned_data.get("department") or self.departments[0]
        return chosen
