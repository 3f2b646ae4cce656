"""What is kept of forms that were sent, so that one sent twice is stored once."""

from datetime import timedelta

from django.db import connection, models
from django.utils import timezone

KEPT = timedelta(hours=24)


class SubmittedFormQuerySet(models.QuerySet["SubmittedForm"]):
    def outdated(self) -> "SubmittedFormQuerySet":
        return self.filter(at__lte=timezone.now() - KEPT)


class SubmittedForm(models.Model):
    """One form that a person sent and that was stored: `content` is the digest of the form's token and all it says."""

    user_id = models.BigIntegerField()
    content = models.CharField(max_length=64)
    result_url = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = SubmittedFormQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "content"], name="submitted_form_once")]
        indexes = [models.Index(fields=["at"], name="submitted_form_age")]

    def __str__(self) -> str:
        return self.result_url

    @classmethod
    def note(cls, user_id: int, content: str) -> bool:
        """Whether this form was not stored before.

        The same form sent at the same moment waits until this one is done.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ground_submittedform (user_id, content, result_url, at)"
                " VALUES (%s, %s, '', STATEMENT_TIMESTAMP()) ON CONFLICT DO NOTHING",
                [user_id, content],
            )
            return bool(cursor.rowcount)
