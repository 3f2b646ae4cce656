"""Which reference texts exist in Kyrgyz, Russian and English, and how their fields are called."""

from typing import Any

from django.db import models
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from modeltranslation.translator import TranslationOptions, register

from cases.registry.models import LegalAct, Organisation
from cases.registry.models.organisations import Language
from workflow.texts import Text


@register(Organisation)
class OrganisationTranslation(TranslationOptions):  # type: ignore[misc]
    fields = ("name", "short_name")


@register(LegalAct)
class LegalActTranslation(TranslationOptions):  # type: ignore[misc]
    fields = ("title", "issuer")


def _in_language(what: Text, language: Text) -> str:
    return _("%(what)s (%(language)s)") % {"what": what, "language": language}


def _name_fields(model: type[models.Model], *names: str) -> None:
    """“name (Kyrgyz)”, where modeltranslation writes “name [ky]”."""
    for name in names:
        what = model._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        for code, language in Language.choices:
            field: Any = model._meta.get_field(f"{name}_{code}")
            field.verbose_name = lazy(_in_language, str)(what, language)


_name_fields(Organisation, *OrganisationTranslation.fields)
_name_fields(LegalAct, *LegalActTranslation.fields)
