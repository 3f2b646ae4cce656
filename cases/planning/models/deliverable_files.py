"""The files of a deliverable, and the scans that came back signed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.planning.models.deliverables import Deliverable
from cases.registry.models import User


class FileKind(models.TextChoices):
    CONTENT = "content", _("The document itself")
    ANNEX = "annex", _("Annex")
    SIGNED_SCAN = "signed_scan", _("Scan of the signed paper")


class DeliverableFile(models.Model):
    """A file of a deliverable; one that was removed stays, as submitted versions name it.

    `scan_of` is the number of the version that the scan came back signed for: it is added after the decision, and no
    part of what is decided on.
    """

    TRAIL_GRANTS = ("SELECT", "INSERT", "UPDATE (removed_at)")
    TRAIL_FILE = ("path", "sha256", "size")

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(_("kind"), max_length=20, choices=FileKind.choices, default=FileKind.CONTENT)
    name = models.CharField(_("file name"), max_length=255)
    path = models.CharField(max_length=100, unique=True)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    received_from = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    removed_at = models.DateTimeField(null=True)
    scan_of = models.PositiveSmallIntegerField(_("scan of version"), null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("file")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="deliverable_file_kind"),
            models.CheckConstraint(
                condition=Q(scan_of__isnull=True) | Q(kind=FileKind.SIGNED_SCAN, removed_at__isnull=True),
                name="deliverable_file_scan",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_current(self) -> bool:
        """Whether it is part of what is decided on next."""
        return self.removed_at is None and self.scan_of is None

    def contents(self) -> dict[str, object]:
        """What of it is decided on."""
        return {"id": self.pk, "kind": self.kind, "name": self.name, "sha256": self.sha256}
