"""Tables that were uploaded for an import and wait for the registrar's decision."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.registry.models.people import User
from workflow.roles import Actor

KEPT = timedelta(hours=24)


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: Actor) -> "UploadQuerySet":
        """Only the person who uploaded it, and not for long: it may contain people's addresses."""
        return self.filter(by_id=user.pk, at__gt=timezone.now() - KEPT)

    def outdated(self) -> "UploadQuerySet":
        return self.filter(at__lte=timezone.now() - KEPT)


class Upload(models.Model):
    """The rows of one table as they were read, and what their preview shows once it was made.

    Deleted when they were taken, dismissed or a day old.
    """

    kind = models.CharField(max_length=30)
    name = models.CharField(_("file name"), max_length=255)
    rows = models.JSONField()
    shown = models.JSONField(null=True)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded table")
        verbose_name_plural = _("uploaded tables")

    def __str__(self) -> str:
        return self.name
