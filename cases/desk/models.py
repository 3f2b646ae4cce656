"""What any case may have: comments, documents with their versions, and the series that number it."""

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from cases.registry.models import User
from workflow.case import Case
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
        """Those of a case; whoever sees the case may read them."""
        return self.filter(subject_type=case.CASE_TYPE, subject_id=case.pk)

    def newest(self) -> "DocumentQuerySet":
        return self.filter(replaced_by=None)


class Document(Attached):
    """One version of a file: its contents are kept under `path` in the evidence folder, known by their SHA-256."""

    TRAIL_GRANTS = ("SELECT", "INSERT")

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
