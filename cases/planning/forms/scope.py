"""What the form of a planned monitoring shares with that of one that is carried out."""

from typing import TypeVar, Unpack

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy

from cases.desk.forms import VersionedForm
from cases.ground.fields import FormOptions, LineField, Sent, field_of
from cases.planning.forms.institutions import InstitutionsField
from cases.planning.models import ItemKind, PlanItem
from cases.registry.models import Direction, InstitutionType, LegalAct, ProgrammeArea

M = TypeVar("M", bound=Model)


class ScopeForm(VersionedForm):
    """What is monitored, and with whom; a subclass adds `legal_basis`. `pilots` are those to choose from."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ItemKind.choices, widget=forms.RadioSelect)
    title = LineField(label=gettext_lazy("Title"), max_length=300)
    pilot: forms.Field = forms.ModelChoiceField(
        PlanItem.objects.none(), label=gettext_lazy("Its pilot"), required=False, empty_label=gettext_lazy("– none –")
    )
    directions = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Directions"),
        choices=Direction.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one direction.")},
    )
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("Types of institutions"),
        choices=InstitutionType.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one type of institution.")},
    )
    areas = forms.ModelMultipleChoiceField(
        ProgrammeArea.objects.none(),
        label=gettext_lazy("Programme areas"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    institutions = InstitutionsField(
        help_text=gettext_lazy("Their codes or names, one a line. Leave it empty when a sample is drawn later.")
    )

    def __init__(self, data: Sent | None = None, *, pilots: QuerySet[M], **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        field_of(self, "pilot", forms.ModelChoiceField).queryset = pilots
        field_of(self, "areas", forms.ModelMultipleChoiceField).queryset = ProgrammeArea.objects.active()
        field_of(self, "legal_basis", forms.ModelChoiceField).queryset = LegalAct.objects.filter(is_active=True)
