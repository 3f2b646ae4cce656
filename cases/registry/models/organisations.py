"""Organisations: the ministry, its department, contractors and institutions."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.ground.search import prefix_query, searchable
from cases.registry.models.prepared import Prepared
from workflow.roles import Actor, Role


class OrganisationKind(models.TextChoices):
    MINISTRY = "ministry", _("Ministry")
    DEPARTMENT = "department", _("Department")
    CONTRACTOR = "contractor", _("Contractor")
    INSTITUTION = "institution", _("Institution")


ROLES_OF_KIND = {
    OrganisationKind.MINISTRY: (Role.MINISTRY_LEADER, Role.MINISTRY_OBSERVER),
    OrganisationKind.DEPARTMENT: (Role.DEPARTMENT_HEAD, Role.COORDINATOR, Role.REGISTRAR),
    OrganisationKind.CONTRACTOR: (Role.CONTRACTOR_LEAD, Role.CONTRACTOR_EXPERT),
    OrganisationKind.INSTITUTION: (Role.INSTITUTION_HEAD, Role.INSTITUTION_OFFICER, Role.INSTITUTION_CONTROLLER),
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


CODE = RegexValidator(r"^\w[\w.-]*\Z", _("Use letters, digits, dots, hyphens and underscores only."))


def sees_registry(user: Actor) -> bool:
    """The registrar, the department and the ministry; others know their own organisation."""
    return bool(
        {*ROLES_OF_KIND[OrganisationKind.MINISTRY], *ROLES_OF_KIND[OrganisationKind.DEPARTMENT]} & user.role_map.keys()
    )


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Actor) -> "OrganisationQuerySet":
        """All, or one's own."""
        if sees_registry(user):
            return self
        return self.filter(pk__in=[pk for organisations in user.role_map.values() for pk in organisations])

    def active(self) -> "OrganisationQuerySet":
        return self.filter(is_active=True)

    def matching(self, text: str) -> "OrganisationQuerySet":
        query = prefix_query(text)
        return self.filter(search_vector=query) if query else self


OrganisationManager = models.Manager.from_queryset(OrganisationQuerySet)


class Organisation(Prepared):
    """An organisation; never deleted, only deactivated."""

    TRAIL_TYPE = "organisation"
    FIELDS = (
        "code", "kind", "institution_type", "name_ky", "name_ru", "name_en", "short_name_ky", "short_name_ru",
        "short_name_en", "region", "founder", "languages", "parent_id", "monitored_on",
    )  # fmt: skip
    """What people fill in, and the trail keeps."""
    TRAIL_REPLAYED = (*FIELDS, "is_active")
    DERIVED = ("search",)

    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    institution_type = models.CharField(
        _("type of institution"), max_length=30, choices=InstitutionType.choices, blank=True
    )
    code = models.CharField(
        _("code"),
        max_length=30,
        unique=True,
        validators=[CODE],
        error_messages={"unique": _("Another organisation has this code already.")},
    )
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
    monitored_on = models.DateField(_("last monitored before Baikoo"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    search = models.TextField(default="", editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector("search", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    objects: ClassVar["OrganisationManager[Organisation]"] = OrganisationManager()
    if TYPE_CHECKING:  # modeltranslation puts its own manager in this one's place, which mypy cannot follow.
        _default_manager: ClassVar["OrganisationManager[Organisation]"]

    class Meta:
        ordering = ["code"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [
            GinIndex(fields=["search_vector"], name="organisation_search"),
            models.Index(fields=["region"], name="organisation_region"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_known"),
            models.CheckConstraint(
                condition=(Q(kind=OrganisationKind.INSTITUTION) & Q(institution_type__in=InstitutionType.values))
                | (~Q(kind=OrganisationKind.INSTITUTION) & Q(institution_type="")),
                name="organisation_institution_has_type",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation", args=[self.code])

    def clean(self) -> None:
        """Raises ValidationError, by field. Asks for the parents only when they are not at hand."""
        problems: dict[str, object] = {}
        if not any(self.names()):
            problems["name_ky"] = _("Give the name in at least one language.")
        if self.kind == OrganisationKind.INSTITUTION and not self.institution_type:
            problems["institution_type"] = _("Say what type of institution it is.")
        if self.kind != OrganisationKind.INSTITUTION and self.institution_type:
            problems["institution_type"] = _("Only institutions have a type.")
        if self._is_part_of_itself():
            problems["parent"] = _("An organisation cannot be a part of itself.")
        if problems:
            raise ValidationError(problems)

    def prepare(self) -> None:
        """Fill what follows from the rest, before the row is written."""
        short = [getattr(self, f"short_name_{code}", "") for code in Language.values]
        self.search = searchable([self.code, *self.names(), *short])

    def takes_two_to_move(self, before: int | None) -> bool:
        """Whether two people decide what it is a part of: with that, its ministry's leaders lose their supervision.

        `before` is the key of what it is a part of now. A department that has no ministry yet loses nothing.
        """
        is_of_one = self.kind == OrganisationKind.DEPARTMENT and before is not None
        return self.kind == OrganisationKind.MINISTRY or is_of_one

    def names(self) -> list[str]:
        return [getattr(self, f"name_{code}", "") or "" for code in Language.values]

    def _is_part_of_itself(self) -> bool:
        seen, above = {self.code}, self.parent
        while above is not None:
            if above.code in seen:
                return True
            seen.add(above.code)
            above = above.parent
        return False
