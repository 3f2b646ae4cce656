"""Legal acts that plans, engagements and recommendations refer to (REG-3)."""

import hashlib
import re
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.ground.search import prefix_query, searchable
from cases.registry.models.organisations import Language
from cases.registry.models.prepared import Prepared
from workflow.roles import Actor


class ActKind(models.TextChoices):
    LAW = "law", _("Law")
    DECREE = "decree", _("Decree of the President")
    PRESIDENTIAL_DIRECTIVE = "presidential_directive", _("Directive of the President")
    CABINET_RESOLUTION = "cabinet_resolution", _("Resolution of the Cabinet of Ministers")
    CABINET_DECISION = "cabinet_decision", _("Decision of the Cabinet of Ministers")
    GOVERNMENT_RESOLUTION = "government_resolution", _("Resolution of the Government")
    ORDER = "order", pgettext_lazy("legal act", "Order")
    PROTOCOL = "protocol", _("Protocol")
    REGULATION = "regulation", _("Regulation")
    PROCEDURE = "procedure", _("Procedure")
    COUNCIL_RESOLUTION = "council_resolution", _("Resolution of a council")
    LETTER = "letter", _("Letter")
    PROGRAMME = "programme", _("Programme")
    OTHER = "other", _("Other")


DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?|-\d{4})?")
"""A day, a month, a year, or two years such as 2024-2025."""


class LegalActQuerySet(models.QuerySet["LegalAct"]):
    def visible_to(self, user: Actor) -> "LegalActQuerySet":
        """Acts are public: everyone who is signed in reads them."""
        return self if user.role_map else self.none()

    def matching(self, text: str) -> "LegalActQuerySet":
        query = prefix_query(text)
        return self.filter(search_vector=query) if query else self


LegalActManager = models.Manager.from_queryset(LegalActQuerySet)


class LegalAct(Prepared):
    """An act by kind, number, date and title; the date is a day, a month or a year, as far as it is printed."""

    TRAIL_TYPE = "legal_act"
    TRAIL_LABELS = {"file_path": _("place of the file"), "file_sha256": _("SHA-256 of the file")}
    FIELDS = (
        "kind", "number", "date", "title_ky", "title_ru", "title_en", "issuer_ky", "issuer_ru", "issuer_en", "link",
        "file_name", "file_sha256",
    )  # fmt: skip
    """What people fill in, and the trail keeps."""
    TRAIL_FILE = ("file_path", "file_sha256", "file_size")
    DERIVED = ("key", "search")

    kind = models.CharField(_("kind"), max_length=30, choices=ActKind.choices)
    number = models.CharField(_("number"), max_length=60, blank=True)
    date = models.CharField(_("date"), max_length=10, blank=True, help_text=_("2023-12-22, 2023-12 or 2023"))
    title = models.TextField(_("title"), blank=True, validators=[MaxLengthValidator(3000)])
    issuer = models.CharField(_("issued by"), max_length=300, blank=True)
    link = models.URLField(_("link"), blank=True)
    file_path = models.CharField(max_length=100, blank=True, editable=False)
    file_name = models.CharField(_("file"), max_length=255, blank=True, editable=False)
    file_type = models.CharField(max_length=100, blank=True, editable=False)
    file_size = models.PositiveBigIntegerField(null=True, editable=False)
    file_sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    key = models.CharField(max_length=64, blank=True, editable=False)
    """SHA-256 of what names the act: kind, number, date and title."""
    search = models.TextField(default="", editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector("search", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    objects: ClassVar["LegalActManager[LegalAct]"] = LegalActManager()
    if TYPE_CHECKING:  # modeltranslation puts its own manager in this one's place, which mypy cannot follow.
        _default_manager: ClassVar["LegalActManager[LegalAct]"]

    class Meta:
        ordering = ["-date", "id"]
        verbose_name = _("legal act")
        verbose_name_plural = _("legal acts")
        indexes = [
            GinIndex(fields=["search_vector"], name="legal_act_search"),
            models.Index(fields=["-date", "id"], name="legal_act_date"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="legal_act_once",
                condition=~models.Q(key=""),
                violation_error_message=_("This act is in the registry already."),
            ),
        ]

    def __str__(self) -> str:
        parts = [str(self.get_kind_display()), f"№ {self.number}" if self.number else "", self.day, self.title]
        return ", ".join(part for part in parts if part)

    def get_absolute_url(self) -> str:
        return reverse("legal_act", args=[self.pk])

    @property
    def code(self) -> str:
        """How the trail names it."""
        return f"A-{self.pk}"

    @property
    def reference(self) -> str:
        """What names it in every language: its place in the registry, number and date."""
        return ", ".join(part for part in (self.code, f"№ {self.number}" if self.number else "", self.day) if part)

    @property
    def day(self) -> str:
        """The date as people write it: 22.12.2023, 12.2023, 2023 or 2024-2025."""
        parts = self.date.split("-")
        return self.date if len(parts) == 2 and len(parts[1]) == 4 else ".".join(reversed(parts))

    def clean(self) -> None:
        """Raises ValidationError, by field."""
        self.prepare()
        if self.date and not _is_date(self.date):
            raise ValidationError({"date": _("Write the date as 2023-12-22, 2023-12, 2023 or 2024-2025.")})
        if not (self.number or self.date or any(self.titles())):
            raise ValidationError({"title_ky": _("Give the title, or at least a number or a date.")})

    def prepare(self) -> None:
        """Fill what follows from the rest, before the row is written."""
        issuers = [getattr(self, f"issuer_{code}", "") for code in Language.values]
        self.key = act_key(self.kind, self.number, self.date, next(filter(None, self.titles()), ""))
        self.search = searchable([self.number, self.date, *self.titles(), *issuers])

    def titles(self) -> list[str]:
        return [getattr(self, f"title_{code}", "") or "" for code in Language.values]


def act_key(kind: str, number: str, date: str, title: str) -> str:
    """What names an act, as one text; `title` is the first there is of Kyrgyz, Russian, English."""
    parts = [" ".join(part.split()) for part in (kind, number, date, title)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _is_date(text: str) -> bool:
    match = DATE.fullmatch(text)
    if not match:
        return False
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True
