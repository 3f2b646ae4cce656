"""A finding: what is wrong, by which criterion, on which evidence, and with whom."""

from collections.abc import Sequence

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.analysis import joining
from cases.desk.models import Document
from cases.planning.models import Engagement
from cases.registry.models import Criterion, Direction, Organisation, User
from cases.registry.models.organisations import Language
from workflow.case import CaseQuerySet
from workflow.grants import people_granted
from workflow.lifecycles.finding import STAGES, FindingLifecycle, State
from workflow.roles import Role

STATEMENTS = tuple(f"statement_{code}" for code in Language.values)
TEXTS = ("standard", *STATEMENTS, "source", "extent", "root_cause")


class FindingKind(models.TextChoices):
    PROBLEM = "problem", _("Problem")
    DEFICIENCY = "deficiency", _("Deficiency")
    RISK = "risk", _("Risk")


class Severity(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class Finding(FindingLifecycle):
    """One problem, deficiency or risk of one direction; of named institutions, or of the system.

    `institution` is the one that it names where it names but one. All that are named see it once it is reported, but
    not one another's names.
    """

    TRAIL_LABELS = {"institutions": _("institutions"), "file": _("file")}
    SILENT = ("institution_id",)

    engagement = models.ForeignKey(
        Engagement, on_delete=models.PROTECT, related_name="findings", verbose_name=_("monitoring")
    )
    drafter_role = models.CharField(_("written as"), max_length=30, choices=Role.choices)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("author"))
    kind = models.CharField(_("kind"), max_length=20, choices=FindingKind.choices)
    direction = models.PositiveSmallIntegerField(_("direction"), choices=Direction.choices)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, default=Severity.MEDIUM)
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("criterion")
    )
    standard = models.TextField(_("other standard"), blank=True)
    statement_ky = models.TextField(_("statement in Kyrgyz"), blank=True)
    statement_ru = models.TextField(_("statement in Russian"), blank=True)
    statement_en = models.TextField(_("statement in English"), blank=True)
    source = models.TextField(_("what it rests on"), blank=True)
    extent = models.TextField(_("extent"), blank=True)
    root_cause = models.TextField(_("root cause"), blank=True)
    institution = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("only institution")
    )
    institutions = models.ManyToManyField(
        Organisation, related_name="findings", blank=True, verbose_name=_("institutions")
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="finding_state_known"),
            models.CheckConstraint(condition=Q(kind__in=FindingKind.values), name="finding_kind_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="finding_severity_known"),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="finding_direction_known"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN])
                | (
                    (Q(criterion__isnull=False) | ~Q(standard=""))
                    & ~Q(statement_ky="", statement_ru="", statement_en="")
                ),
                name="finding_is_complete",
            ),
        ]
        indexes = [models.Index(fields=["engagement", "direction", "kind"], name="finding_counted")]

    @property
    def headline(self) -> str:
        return self.statement

    @property
    def statement(self) -> str:
        """In the reader's language, else in the first in which there is one."""
        names = (f"statement_{get_language()}", *STATEMENTS)
        return next((text for name in names if (text := getattr(self, name, ""))), "")

    @property
    def measured_by(self) -> str:
        """What is not met: the criterion, the other standard, or both."""
        criterion = f"{self.criterion.catalogue}: {self.criterion}" if self.criterion else ""
        return "; ".join(filter(None, (criterion, self.standard)))

    @property
    def coordinator(self) -> User | None:
        """Who is in charge of the monitoring."""
        return self.engagement.coordinator

    def _concerned(self) -> object:
        return self.institution

    def why_over(self) -> str:
        return self.engagement.why_over()

    def why_it_rests(self) -> str:
        suspended = self.engagement.why_suspended()
        if suspended or self.engagement.state in STAGES:
            return suspended
        return str(_("Findings are written while the monitoring is in its analysis or conclusions."))

    def has_statement(self) -> bool:
        return any(getattr(self, name).strip() for name in STATEMENTS)

    def has_criterion(self) -> bool:
        return self.criterion_id is not None or bool(self.standard.strip())

    def has_evidence(self) -> bool:
        return bool(self.source.strip()) or self.once("documents", Document.objects.of(self).exists)

    def is_left_behind(self) -> bool:
        is_expert = self.drafter_role == Role.CONTRACTOR_EXPERT
        return is_expert and self.author_id not in people_granted(self, self.GRANTED[Role.CONTRACTOR_EXPERT])

    def sequel_of_withdrawal(self) -> None:
        for follow in joining.AFTER_WITHDRAWAL:
            follow(self)

    def contents(self, documents: Sequence[Document]) -> dict[str, object]:
        """Everything that is decided on, by plain values that are the same in every language."""
        return {
            "number": self.number,
            "kind": self.kind,
            "direction": self.direction,
            "severity": self.severity,
            "criterion": self.criterion.reference if self.criterion else "",
            **{name: getattr(self, name) for name in TEXTS},
            "institutions": sorted(institution.code for institution in self.institutions.all()),
            "documents": [{"name": document.name, "sha256": document.sha256} for document in documents],
        }
