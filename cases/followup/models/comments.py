"""Comments on a case: visible to the institution, or internal to the department and the Ministry."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.followup.models.recommendations import Recommendation
from cases.registry.models import User
from workflow.lifecycles.recommendation import DEPARTMENT, MINISTRY
from workflow.roles import Actor


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: Actor) -> "CommentQuerySet":
        """Of cases the person may see; internal ones only for the case's own department and Ministry."""
        rows = self.filter(recommendation__in=Recommendation.objects.visible_to(user, by_key=True))
        ministry, department = _organisations(user, MINISTRY), _organisations(user, DEPARTMENT)
        inside = Q(recommendation__ministry__in=ministry) | Q(recommendation__department__in=department)
        return rows.filter(Q(is_internal=False) | inside)


def _organisations(user: Actor, roles: Iterable[str]) -> list[int]:
    return [pk for role in roles for pk in user.role_map.get(role, {})]


class Comment(models.Model):
    TRAIL_GRANTS = ("SELECT", "INSERT")

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="comments")
    is_internal = models.BooleanField(_("internal: the institution does not see it"), default=False)
    text = models.TextField(_("comment"))
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField(auto_now_add=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
