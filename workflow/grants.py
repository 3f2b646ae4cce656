"""Rights given by name: one person, one case, one permission, kept by django-guardian in a table of the kind's own."""

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from guardian.models import UserObjectPermissionBase

from workflow.roles import Actor

if TYPE_CHECKING:
    from workflow.case import Case


@cache
def table_of(model: type[models.Model]) -> Any:
    """The model of the grants on `model` (with a direct foreign key), or None for a kind that has none."""
    related = (relation.related_model for relation in model._meta.related_objects)
    return next(
        (table for table in related if isinstance(table, type) and issubclass(table, UserObjectPermissionBase)), None
    )


def is_granted(case: "Case", user: Actor, permission: str) -> bool:
    """Whether `user` was given the permission on this case; read once for this object."""
    table = table_of(case._meta.model)
    if table is None:
        return False
    kept = case.__dict__.setdefault("_grants", {})
    if user.pk not in kept:
        rows = table.objects.filter(user_id=user.pk, content_object_id=case.pk)
        kept[user.pk] = frozenset(rows.values_list("permission__codename", flat=True))
    return permission in kept[user.pk]


def granted_ids(model: type[models.Model], user: Actor, permission: str) -> QuerySet[models.Model, dict[str, Any]]:
    """A subquery of the ids of the cases on which `user` was given the permission."""
    return _rows(model, user, permission).values("content_object_id")


def named_q(model: type[models.Model], user: Actor, *, by_key: bool) -> Q:
    """The rows that `user` may view because access to just these was given to them."""
    if table_of(model) is None:
        return Q(pk__in=())
    named = _rows(model, user, f"view_{model._meta.model_name}")
    if by_key:
        return Q(Exists(named.filter(content_object=OuterRef("pk"))))
    return Q(pk__in=list(named.values_list("content_object_id", flat=True)))


def _rows(model: type[models.Model], user: Actor, permission: str) -> QuerySet[models.Model]:
    rows: QuerySet[models.Model] = table_of(model).objects.all()
    return rows.filter(user_id=user.pk, permission__codename=permission)
