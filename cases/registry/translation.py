"""Which reference texts exist in Kyrgyz, Russian and English."""

from modeltranslation.translator import TranslationOptions, register

from cases.registry.models import LegalAct, Organisation


@register(Organisation)
class OrganisationTranslation(TranslationOptions):  # type: ignore[misc]
    fields = ("name", "short_name")


@register(LegalAct)
class LegalActTranslation(TranslationOptions):  # type: ignore[misc]
    fields = ("title", "issuer")
