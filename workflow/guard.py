"""A transition runs inside `perform()` only: a call from anywhere else raises an error, and nothing changes."""

from django.db import models
from django_fsm.signals import pre_transition

from workflow.case import Case


def must_be_under_way(instance: models.Model, name: str, **kwargs: object) -> None:
    """Raises RuntimeError, before the effect and the new state, where this very act is not under way."""
    if isinstance(instance, Case) and instance.acting.action != name:
        raise RuntimeError(f"{name} is called while {instance.acting.action} is under way")


def connect() -> None:
    pre_transition.connect(must_be_under_way, dispatch_uid="transitions run inside perform() only")
