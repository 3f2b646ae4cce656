"""Organisations: the ministry, its department, contractors and institutions."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.registry.search import fold, prefix_query
from workflow.roles import Actor, Role


class Kind(models.TextChoices):
    MINISTRY = "ministry", _("Ministry")
    DEPARTMENT = "department", _("Department")
    CONTRACTOR = "contractor", _("Contractor")
    INSTITUTION = "institution", _("Institution")


ROLES_OF_KIND = {
    Kind.MINISTRY: (Role.MINISTRY_LEADER, Role.MINISTRY_OBSERVER),
    Kind.DEPARTMENT: (Role.DEPARTMENT_HEAD, Role.COORDINATOR, Role.REGISTRAR),
    Kind.CONTRACTOR: (Role.CONTRACTOR_LEAD, Role.CONTRACTOR_EXPERT),
    Kind.INSTITUTION: (Role.INSTITUTION_HEAD, Role.INSTITUTION_OFFICER),
}
"""Which roles a person may hold in an organisation of which kind."""


class InstitutionType(models.TextChoices):
    VOCATIONAL_LYCEUM = "vocational_lyceum", _("Vocational lyceum")
    COLLEGE = "college", _("College")
    UNIVERSITY = "university", _("University")
    SCHOOL = "school", _("School")
    KINDERGARTEN = "kindergarten", _("Kindergarten")


class Region(models.TextChoices):
    BISHKEK = "bishkek", _("Bishkek city")
    OSH_CITY = "osh_city", _("Osh city")
    BATKEN = "batken", _("Batken region")
    CHUY = "chuy", _("Chüy region")
    ISSYK_KUL = "issyk_kul", _("Issyk-Kul region")
    JALAL_ABAD = "jalal_abad", _("Jalal-Abad region")
    NARYN = "naryn", _("Naryn region")
    OSH = "osh", _("Osh region")
    TALAS = "talas", _("Talas region")


class Language(models.TextChoices):
    KY = "ky", _("Kyrgyz")
    RU = "ru", _("Russian")
    EN = "en", _("English")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Actor) -> "OrganisationQuerySet":
        """The registrar, the department and the ministry see all; others see their own."""
        roles = user.role_map
        if {*ROLES_OF_KIND[Kind.MINISTRY], *ROLES_OF_KIND[Kind.DEPARTMENT]} & roles.keys():
            return self
        return self.filter(pk__in=[pk for organisations in roles.values() for pk in organisations])

    def active(self) -> "OrganisationQuerySet":
        return self.filter(is_active=True)

    def matching(self, text: str) -> "OrganisationQuerySet":
        query = prefix_query(text)
        return self.filter(search_vector=query) if query else self


class Organisation(models.Model):
    """An organisation; never deleted, only deactivated."""

    TRAIL_TYPE = "organisation"

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    institution_type = models.CharField(
        _("type of institution"), max_length=30, choices=InstitutionType.choices, blank=True
    )
    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=300)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    region = models.CharField(_("region"), max_length=20, choices=Region.choices, blank=True)
    founder = models.CharField(_("founder"), max_length=300, blank=True)
    languages = ArrayField(
        models.CharField(max_length=2, choices=Language.choices),
        verbose_name=_("languages of instruction"),
        default=list,
        blank=True,
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, verbose_name=_("part of"), null=True, blank=True, related_name="parts"
    )
    is_active = models.BooleanField(_("active"), default=True)
    search = models.TextField(default="", editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector("search", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [
            GinIndex(fields=["search_vector"], name="organisation_search"),
            models.Index(fields=["region"], name="organisation_region"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="organisation_kind_known"),
            models.CheckConstraint(
                condition=(Q(kind=Kind.INSTITUTION) & Q(institution_type__in=InstitutionType.values))
                | (~Q(kind=Kind.INSTITUTION) & Q(institution_type="")),
                name="organisation_institution_has_type",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = fold(" ".join(filter(None, self._searched())))
        super().save(*args, **kwargs)

    def _searched(self) -> list[str]:
        names = [getattr(self, f"{name}_{code}", "") for name in ("name", "short_name") for code in Language.values]
        return [self.code, *names]
