"""The e-mails that are to go out, the time that passes over them, and the names that stand in them."""

from datetime import timedelta

from django.core import mail
from django.db.models import F

from cases.followup.models import Recommendation
from cases.registry.models import Organisation, User
from notifications.models import Channel, Message, MessageQuerySet
from tests.cast import Cast
from tests.factories import make_recommendation
from workflow.door import perform


def issue(cast: Cast) -> Recommendation:
    """Rector and officer are to hear of it."""
    case = make_recommendation(cast)
    perform(case, "issue", by=cast.coordinator)
    return case


def emails() -> MessageQuerySet:
    return Message.objects.filter(channel=Channel.EMAIL)


def email_to(user: User) -> Message:
    return emails().get(recipient=user)


def pass_time(time: timedelta) -> None:
    """As if so much time had passed since what is in the outbox was written."""
    emails().update(due_at=F("due_at") - time)


def sent_to() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


def rename(organisation: Organisation, **names: str) -> None:
    """Language -> the name in it."""
    for language, name in names.items():
        setattr(organisation, f"name_{language}", name)
    organisation.save()
