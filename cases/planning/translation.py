"""Which texts of planning exist in Kyrgyz, Russian and English."""

from modeltranslation.translator import register

from cases.ground.translated import Translated
from cases.planning.models import TemplateRow


@register(TemplateRow)
class TemplateRowTranslation(Translated):
    fields = ("title",)
