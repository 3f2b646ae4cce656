"""What experts hear of monitorings: that they are let in or locked out, what they prepare, and what a stage asks."""

import pytest
from django.core import mail

from cases.planning.models import Deliverable, Engagement
from cases.planning.verbs import give_access, name_expert, withdraw_access
from notifications.models import Channel, Message
from notifications.worker import send_due_messages
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import deliver, make_engagement
from tests.planning.pages import page
from workflow.door import perform
from workflow.lifecycles.engagement import State

pytestmark = pytest.mark.django_db


def heard(cast: Cast, template: str) -> list[str]:
    """The subjects of the expert's letters by this template."""
    return [letter.subject for letter in letters(cast, template)]


def letters(cast: Cast, template: str) -> list[mail.EmailMessage]:
    mail.outbox.clear()
    mine = Message.objects.filter(channel=Channel.EMAIL)
    mine.exclude(template=template, recipient=cast.expert).delete()
    send_due_messages()
    return list(mail.outbox)


def test_an_expert_hears_that_they_are_let_in_and_locked_out(cast: Cast, at: Opened) -> None:
    cast.expert.language = "en"
    cast.expert.save()
    engagement = make_engagement(cast, State.PREPARATION)
    assert heard(cast, "access_given") == ["E-2026-00001: you have access"]
    withdraw_access(engagement, cast.expert, by=cast.head)
    [letter] = letters(cast, "access_withdrawn")
    assert letter.subject == "E-2026-00001: your access has ended"
    assert f"/engagements/{engagement.number}/" not in letter.body
    message = Message.objects.get(channel=Channel.IN_APP, template="access_withdrawn")
    assert at(cast.expert).get(f"/messages/{message.pk}/").headers["Location"] == "/"
    assert Message.objects.filter(recipient=cast.lead, event__action="withdraw_access").exists()


def test_what_a_stage_asks_of_experts_comes_as_one_message_with_the_list(cast: Cast, at: Opened) -> None:
    cast.expert.language = "en"
    cast.expert.save()
    engagement = make_engagement(cast, State.ANALYSIS)
    deliver(cast, engagement)
    Message.objects.all().delete()
    perform(engagement, "begin_conclusions", by=cast.coordinator)
    asked = [f"{engagement.number}-{place:02d} Conclusion (test)" for place in (5, 6)]
    shown = page(at(cast.expert), "/messages/")
    assert shown.count("E-2026-00001: Begin the conclusions</a>") == 1
    assert all(shown.count(what) == 1 for what in asked)
    [letter] = letters(cast, "stage_begun")
    assert all(f"- {what}" in letter.body for what in asked)
    assert f"{engagement.number}-07" not in letter.body  # The coordinator's.


def test_only_experts_who_were_let_in_hear_of_a_stage(cast: Cast) -> None:
    engagement = make_engagement(cast, State.ANALYSIS)
    deliver(cast, engagement)
    withdraw_access(engagement, cast.expert, by=cast.lead)
    perform(Engagement.objects.get(), "begin_conclusions", by=cast.coordinator)
    assert not Message.objects.filter(recipient=cast.expert, event__action="begin_conclusions").exists()


def test_an_expert_hears_what_they_prepare_and_nobody_hears_that_it_is_taken_from_them(cast: Cast) -> None:
    engagement = make_engagement(cast, State.CONCLUSIONS)
    deliverable = Deliverable.objects.filter(row__kind="expert_conclusion").earliest("pk")
    name_expert(deliverable, cast.expert, by=cast.lead)
    named = Message.objects.filter(template="expert_named")
    assert set(named.values_list("recipient", "channel")) == {(cast.expert.pk, way) for way in Channel.values}
    withdraw_access(engagement, cast.expert, by=cast.head)
    assert named.count() == 2
    give_access(engagement, cast.expert, by=cast.lead)
