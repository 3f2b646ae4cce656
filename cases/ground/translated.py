"""Texts that exist in Kyrgyz, Russian and English."""

from modeltranslation.translator import TranslationOptions


class Translated(TranslationOptions):  # type: ignore[misc]
    """`fields` of a model, each of which gets a column for every language."""
