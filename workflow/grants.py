"""Rights given by name: one person, one case, one permission, kept by django-guardian in a table of the kind's own."""

from functools import cache
from typing import TYPE_CHECKING, cast

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from guardian.models import UserObjectPermissionBase

from workflow.roles import Actor

if TYPE_CHECKING:
    from workflow.case import Case


class NamedGrant(UserObjectPermissionBase):  # type: ignore[misc]
    """A table of grants on one kind of case: a subclass adds `content_object`, a foreign key to it."""

    class Meta:
        abstract = True
        unique_together = (("user", "permission", "content_object"),)


@cache
def table_of(model: type[models.Model]) -> type[UserObjectPermissionBase] | None:
    """The model of the grants on `model` (with a direct foreign key), or None for a kind that has none."""
    related = (relation.related_model for relation in model._meta.related_objects)
    return next(
        (table for table in related if isinstance(table, type) and issubclass(table, UserObjectPermissionBase)), None
    )


def named_model(model: "type[Case]") -> type[models.Model]:
    """The kind of case on which grants are given: the model itself, or the one that its cases belong to."""
    related = model._meta.get_field(model.GRANTED_ON).related_model if model.GRANTED_ON else model
    return cast(type[models.Model], related)


def is_granted(case: "Case", user: Actor, permission: str) -> bool:
    """Whether `user` was given the permission on this case, or on the one it belongs to; read once for this object."""
    named: Case = getattr(case, case.GRANTED_ON) if case.GRANTED_ON else case
    table = table_of(named._meta.model)
    if table is None:
        return False
    kept = named.__dict__.setdefault("_grants", {})
    if user.pk not in kept:
        rows = table.objects.filter(user_id=user.pk, content_object_id=named.pk)
        kept[user.pk] = frozenset(rows.values_list("permission__codename", flat=True))
    return permission in kept[user.pk]


def suffices(case: "Case", user: Actor, permission: str | None) -> bool:
    """Whether a role needs no permission by name, or `user` was given it."""
    return permission is None or is_granted(case, user, permission)


def people_granted(case: "Case", permission: str) -> list[int]:
    """Ids of those who were given the permission on this case, or on the one it belongs to."""
    named = getattr(case, case.GRANTED_ON) if case.GRANTED_ON else case
    rows = _granted(named._meta.model, permission).filter(content_object_id=named.pk)
    return list(rows.order_by("user_id").values_list("user_id", flat=True))


def granted_q(model: "type[Case]", user: Actor, permission: str) -> Q:
    """The rows on which, or on whose case, `user` was given the permission."""
    granted = _rows(named_model(model), user, permission).values("content_object_id")
    return Q(**{f"{model.GRANTED_ON or 'pk'}__in": granted})


def named_q(model: type[models.Model], user: Actor, *, by_key: bool) -> Q:
    """The rows that `user` may view because access to just these was given to them, and their role does not matter."""
    permission = f"view_{model._meta.model_name}"
    if table_of(model) is None or permission in getattr(model, "GRANTED", {}).values():
        return Q(pk__in=())
    named = _rows(model, user, permission)
    if by_key:
        return Q(Exists(named.filter(content_object=OuterRef("pk"))))
    return Q(pk__in=list(named.values_list("content_object_id", flat=True)))


def _rows(model: type[models.Model], user: Actor, permission: str) -> QuerySet[models.Model]:
    return _granted(model, permission).filter(user_id=user.pk)


def _granted(model: type[models.Model], permission: str) -> QuerySet[models.Model]:
    table = table_of(model)
    if table is None:
        raise TypeError(f"Nobody is given rights on single rows of {model.__name__}.")
    rows: QuerySet[models.Model] = table.objects.all()
    return rows.filter(permission__codename=permission)
