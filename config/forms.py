"""How forms look: each field from templates/components, each control with its class, nothing for a form to mix in."""

from django.forms import BaseForm, BoundField, CheckboxInput, DateInput, Field, RadioSelect, Select, Widget
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_noop

AS_WE_SAY = (gettext_noop("This field is required."),)
"""Sentences of Django that our own catalogue translates again, because Django's Kyrgyz is hard to read."""


class StyledField(BoundField):
    """A field whose control carries its class; dates use the browser's own calendar."""

    def __init__(self, form: BaseForm, field: Field, name: str) -> None:
        super().__init__(form, field, name)
        if type(field.widget) is DateInput:
            field.widget.input_type = "date"
            field.widget.format = "%Y-%m-%d"

    @property
    def is_check(self) -> bool:
        """A single tick box: its label comes after it."""
        return isinstance(self.field.widget, CheckboxInput)

    def build_widget_attrs(self, attrs: dict[str, str | bool], widget: Widget | None = None) -> dict[str, str | bool]:
        attrs = super().build_widget_attrs(attrs, widget)
        control = widget or self.field.widget
        names = [_css_class(control), control.attrs.get("class", ""), "is-invalid" if self.errors else ""]
        return {**attrs, "class": " ".join(filter(None, names))}


def _css_class(widget: Widget) -> str:
    if isinstance(widget, (CheckboxInput, RadioSelect)):  # CheckboxSelectMultiple is a RadioSelect too.
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


class Renderer(TemplatesSetting):
    form_template_name = "components/fields.html"
    field_template_name = "components/field.html"
    bound_field_class = StyledField
