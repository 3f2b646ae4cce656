"""Which reference texts exist in Kyrgyz, Russian and English, and how their fields are called."""

from django.db import models
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from modeltranslation.translator import register

from cases.ground.translated import Translated
from cases.registry.models import Catalogue, Criterion, LegalAct, Organisation, ProgrammeArea
from cases.registry.models.organisations import Language
from workflow.texts import Text


@register(Organisation)
class OrganisationTranslation(Translated):
    fields = ("name", "short_name")


@register(LegalAct)
class LegalActTranslation(Translated):
    fields = ("title", "issuer")


@register(ProgrammeArea)
class ProgrammeAreaTranslation(Translated):
    fields = ("name",)


@register(Catalogue)
class CatalogueTranslation(Translated):
    fields = ("name", "source")


@register(Criterion)
class CriterionTranslation(Translated):
    fields = ("text",)


def _in_language(what: Text, language: Text) -> str:
    return _("%(what)s (%(language)s)") % {"what": what, "language": language}


def _name_fields(model: type[models.Model], *names: str) -> None:
    """“name (Kyrgyz)”, where modeltranslation writes “name [ky]”."""
    for name in names:
        what = model._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        for code, language in Language.choices:
            vars(model._meta.get_field(f"{name}_{code}"))["verbose_name"] = lazy(_in_language, str)(what, language)


_name_fields(Organisation, *OrganisationTranslation.fields)
_name_fields(LegalAct, *LegalActTranslation.fields)
_name_fields(ProgrammeArea, *ProgrammeAreaTranslation.fields)
