"""The thirteen directions of monitoring (REG-8.1 to REG-8.13)."""

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class Direction(IntegerChoices):
    PROGRAMMES = 1, _("Education programmes")
    STAFF = 2, _("Staffing")
    RESOURCES = 3, _("Material and methodical base")
    OUTCOMES = 4, _("Learning outcomes and competences")
    PRACTICE = 5, _("Practical training")
    EMPLOYMENT = 6, _("Graduate employment and success")
    EMPLOYERS = 7, _("Employers' satisfaction")
    QUALITY_ASSURANCE = 8, _("Internal quality assurance")
    COMPARISON = 9, _("Comparison and international experience")
    CONDITIONS = 10, _("Conditions of learning")
    RANKINGS = 11, _("Participation in rankings")
    ACCREDITATION = 12, _("Results of accreditation")
    OTHER = 13, _("Other important aspects")
