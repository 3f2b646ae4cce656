"""Programme areas: fields of training, of which each is monitored at least once every three years (REG-10)."""

from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.ground.search import searchable
from cases.registry.models.organisations import CODE, Language
from cases.registry.models.prepared import Prepared
from workflow.roles import Actor


class ProgrammeAreaQuerySet(models.QuerySet["ProgrammeArea"]):
    def visible_to(self, user: Actor) -> "ProgrammeAreaQuerySet":
        """Everyone who is signed in and holds a role."""
        return self if user.role_map else self.none()

    def active(self) -> "ProgrammeAreaQuerySet":
        return self.filter(is_active=True)

    def matching(self, text: str) -> "ProgrammeAreaQuerySet":
        """Each word is part of the code or of a name."""
        rows = self
        for word in searchable([text]).split():
            rows = rows.filter(search__contains=word)
        return rows


ProgrammeAreaManager = models.Manager.from_queryset(ProgrammeAreaQuerySet)


class ProgrammeArea(Prepared):
    """A field of training; never deleted, only deactivated."""

    TRAIL_TYPE = "programme_area"
    FIELDS = ("code", "name_ky", "name_ru", "name_en", "monitored_on")
    """What people fill in, and the trail keeps."""
    DERIVED = ("search",)

    code = models.CharField(
        _("code"),
        max_length=30,
        unique=True,
        validators=[CODE],
        error_messages={"unique": _("Another programme area has this code already.")},
    )
    name = models.CharField(_("name"), max_length=300)
    monitored_on = models.DateField(_("last monitored before Baikoo"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    search = models.TextField(default="", editable=False)

    objects: ClassVar["ProgrammeAreaManager[ProgrammeArea]"] = ProgrammeAreaManager()
    if TYPE_CHECKING:  # modeltranslation puts its own manager in this one's place, which mypy cannot follow.
        _default_manager: ClassVar["ProgrammeAreaManager[ProgrammeArea]"]

    class Meta:
        ordering = ["code"]
        verbose_name = _("programme area")
        verbose_name_plural = _("programme areas")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('areas')}?state=all#{self.code}"

    def clean(self) -> None:
        """Raises ValidationError, by field."""
        if not any(self.names()):
            raise ValidationError({"name_ky": _("Give the name in at least one language.")})

    def prepare(self) -> None:
        """Fill what follows from the rest, before the row is written."""
        self.search = searchable([self.code, *self.names()])

    def names(self) -> list[str]:
        return [getattr(self, f"name_{code}", "") or "" for code in Language.values]
