"""What any case may have: comments, documents with their versions, the series that number it; and long tables."""

from datetime import datetime, timedelta

from django.db import connection, models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.registry.models import User
from workflow.case import Case
from workflow.models import Event
from workflow.roles import Actor


class Attached(models.Model):
    """Something that belongs to a case of any kind."""

    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()

    class Meta:
        abstract = True


class CommentQuerySet(models.QuerySet["Comment"]):
    def of(self, case: Case) -> "CommentQuerySet":
        return self.filter(subject_type=case.CASE_TYPE, subject_id=case.pk)

    def visible_to(self, user: Actor, case: Case) -> "CommentQuerySet":
        """Those on a case that the person sees; internal ones only for those who see it from its beginning."""
        rows = self.of(case)
        return rows if case.is_inside(user) else rows.filter(is_internal=False)


class Comment(Attached):
    TRAIL_GRANTS = ("SELECT", "INSERT")

    is_internal = models.BooleanField(_("internal: the institution does not see it"), default=False)
    text = models.TextField(_("comment"))
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField(auto_now_add=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="comment_subject")]

    def __str__(self) -> str:
        return self.text


class DocumentQuerySet(models.QuerySet["Document"]):
    def of(self, case: Case) -> "DocumentQuerySet":
        """Those of a case; see cases/desk/access.py for who may read them."""
        return self.filter(subject_type=case.CASE_TYPE, subject_id=case.pk)

    def newest(self) -> "DocumentQuerySet":
        return self.filter(replaced_by=None)


class Document(Attached):
    """One version of a file: its contents are kept under `path` in the evidence folder, known by their SHA-256."""

    TRAIL_GRANTS = ("SELECT", "INSERT")
    TRAIL_FILE = ("path", "sha256", "size")

    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("file name"), max_length=255)
    path = models.CharField(max_length=100, unique=True)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    note = models.TextField(_("what it shows"), blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    received_from = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("document")
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="document_subject")]

    def __str__(self) -> str:
        return self.name


class NumberSeries(models.Model):
    """The last number given under a prefix in a year; numbers are never reused."""

    prefix = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="desk_number_series_unique")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"

    @classmethod
    def take(cls, prefix: str, year: int, count: int = 1) -> list[str]:
        """The next `count` numbers, such as R-2026-00041. The series stays locked until the transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO desk_numberseries (prefix, year, last) VALUES (%s, %s, %s)"
                " ON CONFLICT (prefix, year) DO UPDATE SET last = desk_numberseries.last + excluded.last"
                " RETURNING last",
                [prefix, year, count],
            )
            last = int(cursor.fetchone()[0])
        return [f"{prefix}-{year}-{number:05d}" for number in range(last - count + 1, last + 1)]


class ExportStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    MAKING = "making", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


UNFINISHED = Q(status__in=[ExportStatus.WAITING, ExportStatus.MAKING])


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: Actor) -> "ExportQuerySet":
        """Only the person who asked for it."""
        return self.filter(owner_id=user.pk)

    def unfinished(self) -> "ExportQuerySet":
        return self.filter(UNFINISHED)

    def to_make(self, at: datetime) -> "ExportQuerySet":
        """Those that nobody makes, and those whose worker is presumed dead."""
        return self.filter(UNFINISHED, due_at__lte=at).order_by("due_at", "id")

    def outdated(self, at: datetime) -> "ExportQuerySet":
        """Whose file is to go."""
        return self.filter(status=ExportStatus.READY, made_at__lte=at - Export.KEPT).exclude(path="")


class Export(models.Model):
    """A table too long to be made while its reader waits: what was asked for, and the file that the worker made of it.

    `rights` are those of the person when it was made: the file is handed out while they are the same. `due_at` of one
    that is being made is the moment when its worker is presumed dead and another one may try.
    """

    KEPT = timedelta(hours=24)

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    query = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    rights = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=ExportStatus.choices, default=ExportStatus.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=100, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ExportStatus.values), name="export_status_known"),
            models.UniqueConstraint(
                fields=["owner", "kind", "query", "language"], name="export_asked_once", condition=UNFINISHED
            ),
        ]
        indexes = [models.Index(fields=["due_at", "id"], name="export_due", condition=UNFINISHED)]

    def __str__(self) -> str:
        return self.name or self.kind

    def get_absolute_url(self) -> str:
        return reverse("export", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.status in (ExportStatus.WAITING, ExportStatus.MAKING)

    @property
    def is_ready(self) -> bool:
        return self.status == ExportStatus.READY and bool(self.path) and timezone.now() < self.expires_at

    @property
    def is_over(self) -> bool:
        """It was ready, and is kept no longer."""
        return self.status == ExportStatus.READY and not self.is_ready

    @property
    def expires_at(self) -> datetime:
        return (self.made_at or timezone.now()) + self.KEPT
