"""What still waits to be sent when somebody's right to see a case ends is not sent any more."""

from datetime import date

import pytest
from django.core import mail

from cases.planning.models import Engagement
from cases.planning.verbs import give_access, withdraw_access
from cases.registry.models import Membership
from notifications.composing import Reader, Withheld, compose
from notifications.models import Channel, Message, Status
from notifications.worker import send_due_messages
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import deliver, make_engagement
from tests.notifications.outbox import email_to, issue, sent_to
from tests.planning.pages import page
from workflow.door import perform
from workflow.lifecycles.engagement import State

pytestmark = pytest.mark.django_db


def begun(cast: Cast) -> Engagement:
    """The conclusions have begun, and nobody was sent the letter that says so."""
    cast.expert.language = "en"
    cast.expert.save()
    engagement = make_engagement(cast, State.ANALYSIS)
    deliver(cast, engagement)
    Message.objects.all().delete()
    perform(engagement, "begin_conclusions", by=cast.coordinator)
    return Engagement.objects.get(pk=engagement.pk)


def statuses(cast: Cast) -> list[tuple[str, str]]:
    """The templates of the expert's letters, and what became of them."""
    mine = Message.objects.filter(recipient=cast.expert, channel=Channel.EMAIL).order_by("pk")
    return list(mine.values_list("template", "status"))


def test_a_letter_that_waits_is_not_sent_once_the_experts_access_is_withdrawn(cast: Cast) -> None:
    engagement = begun(cast)
    withdraw_access(engagement, cast.expert, by=cast.lead)
    send_due_messages()
    assert statuses(cast) == [("stage_begun", Status.WITHHELD), ("access_withdrawn", Status.SENT)]
    [letter] = [letter for letter in mail.outbox if letter.to == [cast.expert.email]]
    assert letter.subject == f"{engagement.number}: your access has ended"
    withheld = Message.objects.get(status=Status.WITHHELD)
    assert withheld.last_error == "the person does not see the case any more"
    assert cast.lead.email in sent_to(), "others get theirs"


def test_a_letter_that_waits_is_sent_to_an_expert_who_was_let_in_again(cast: Cast) -> None:
    engagement = begun(cast)
    withdraw_access(engagement, cast.expert, by=cast.lead)
    give_access(engagement, cast.expert, by=cast.lead)
    send_due_messages()
    assert ("stage_begun", Status.SENT) in statuses(cast)


def test_access_that_ends_after_letters_were_read_together_keeps_the_later_ones_back(cast: Cast) -> None:
    engagement = begun(cast)
    reader = Reader()
    first, *_others = due = list(Message.objects.filter(channel=Channel.EMAIL).order_by("pk"))
    [letter] = [message for message in due if message.recipient_id == cast.expert.pk]
    reader.read(first)
    withdraw_access(engagement, cast.expert, by=cast.lead)
    assert letter.pk in reader.ahead.messages
    with pytest.raises(Withheld):
        compose(letter, reader.read(letter))


def test_messages_in_the_app_name_nothing_of_what_the_reader_sees_no_more(cast: Cast, at: Opened) -> None:
    engagement = begun(cast)
    asked = f"{engagement.number}-05 Conclusion (test)"
    concerned = f'title="{engagement.concerned}"'
    assert asked in (shown := page(at(cast.expert), "/messages/"))
    assert concerned in shown
    withdraw_access(engagement, cast.expert, by=cast.lead)
    assert asked not in (shown := page(at(cast.expert), "/messages/"))
    assert concerned not in shown
    assert concerned in page(at(cast.lead), "/messages/")


def test_the_end_of_a_role_keeps_its_letters_back_as_well_and_no_registrar_sends_them(cast: Cast, at: Opened) -> None:
    issue(cast)
    Membership.objects.filter(person=cast.officer).update(ends=date(2020, 1, 2))
    assert send_due_messages() == 1
    assert sent_to() == [cast.rector.email]
    assert email_to(cast.officer).status == Status.WITHHELD
    assert send_due_messages() == 0
    assert cast.officer.full_name not in page(at(cast.registrar), "/messages/undelivered/")
