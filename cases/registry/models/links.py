"""Requests for a link to set a password, as they were typed by people who are not signed in."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(hours=24)


class LinkRequestQuerySet(models.QuerySet["LinkRequest"]):
    def waiting(self) -> "LinkRequestQuerySet":
        """The oldest first."""
        return self.filter(is_answered=False).order_by("id")

    def lately_from(self, place: str, span: timedelta) -> "LinkRequestQuerySet":
        return self.filter(place=place, at__gt=timezone.now() - span)

    def outdated(self) -> "LinkRequestQuerySet":
        return self.filter(at__lte=timezone.now() - KEPT)


class LinkRequest(models.Model):
    """Stored in the same way for registered and unknown addresses. Only the worker looks them up, so that the time
    that a page takes tells nothing.

    `place` is the network address that it came from.
    """

    email = models.CharField(_("e-mail address"), max_length=320)
    place = models.CharField(max_length=45, blank=True)
    at = models.DateTimeField(default=timezone.now)
    is_answered = models.BooleanField(default=False)

    objects = LinkRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a link")
        verbose_name_plural = _("requests for links")
        indexes = [
            models.Index(fields=["id"], name="link_request_waiting", condition=models.Q(is_answered=False)),
            models.Index(fields=["place", "at"], name="link_request_place"),
            models.Index(fields=["at"], name="link_request_age"),
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.at:%d.%m.%Y %H:%M})"
