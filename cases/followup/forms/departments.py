"""For which department: asked of who coordinates for several."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cases.registry.models import Organisation


class DepartmentForm(forms.Form):
    """A form of whoever drafts for one of `departments`; with one alone there is nothing to choose."""

    department = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Department"), empty_label=gettext_lazy("– choose –")
    )

    def __init__(self, *args: Any, departments: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.departments = departments
        fields: Any = self.fields
        fields["department"].queryset = Organisation.objects.filter(pk__in=[one.pk for one in departments])
        if len(departments) == 1:
            del fields["department"]

    def drafted_by(self) -> Organisation:
        """The department that the drafts belong to."""
        chosen: Organisation = self.cleaned_data.get("department") or self.departments[0]
        return chosen
