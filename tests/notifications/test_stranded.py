"""Of a role that ends, or a deactivation, that leaves tasks with nobody, a page warns first, and registrars hear."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from cases.registry import two_people
from cases.registry.models import Membership, User
from cases.registry.stranded import warning
from cases.registry.verbs import deactivate_organisation, deactivate_person, end_membership, reactivate_person
from notifications.models import Message
from notifications.worker import send_due_messages
from tests.cast import Cast, person
from tests.factories import make_recommendation
from tests.followup.pages import browser, text_of
from tests.kinds.planning import make_plan
from tests.registry.acting import decided, membership_of
from workflow.door import perform
from workflow.lifecycles.account_change import Change
from workflow.roles import Role
from workflow.terms import legal_date

TODAY = legal_date()
DAY = timedelta(days=1)
THEN = "Nobody could do what is open on 1 case then: {}. The registrars get a message."


def told() -> list[User]:
    rows = Message.objects.filter(template="duties_left", channel="in_app").select_related("recipient").order_by("id")
    return [row.recipient for row in rows]


def end(cast: Cast, somebody: User, last_day: Any = TODAY - DAY) -> None:
    end_membership(membership_of(somebody), last_day, by=decided(cast.registrar))


def test_the_end_of_the_only_role_is_told_at_once_and_said_beforehand(cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    path = f"/registry/memberships/{membership_of(cast.rector).pk}/end/"
    assert THEN.format(case.number) in text_of(browser(cast, "registrar").get(path))
    end(cast, cast.officer)
    assert told() == []
    end(cast, cast.rector, TODAY)
    assert told() == [], "it counts on its last day"
    end(cast, cast.rector)
    assert told() == [cast.registrar]
    User.objects.filter(pk=cast.registrar.pk).update(language="en")
    send_due_messages()
    [letter] = [one for one in mail.outbox if one.subject == "Open tasks are left with nobody who can do them"]
    assert "The role of Chynara (test) (Head of institution, UNI (test)) ends or has ended." in letter.body
    assert cast.rector.get_absolute_url() in letter.body
    message = Message.objects.get(template="duties_left", channel="in_app")
    opened = browser(cast, "registrar").get(f"/messages/{message.pk}/")
    assert opened.headers["Location"] == cast.rector.get_absolute_url()
    assert "Open tasks are left with nobody" in text_of(browser(cast, "registrar").get("/messages/"))


def test_another_who_holds_the_role_is_enough_unless_the_task_is_somebodys_by_name(cast: Cast) -> None:
    person("Second rector", (cast.university, Role.INSTITUTION_HEAD))
    make_recommendation(cast, "issued")
    assert warning(membership_of(cast.rector)) == ""
    end(cast, cast.rector)
    assert told() == []
    case = make_recommendation(cast, "claimed")
    assert warning(membership_of(cast.coordinator)) == THEN.format(case.number)
    assert warning(membership_of(cast.second_coordinator)) == ""
    end(cast, cast.coordinator)
    assert told() == [cast.registrar]


def test_somebody_who_stands_in_loses_the_role_with_the_absent(cast: Cast) -> None:
    make_recommendation(cast, "claimed")
    Membership.objects.create(
        person=cast.second_coordinator, organisation=cast.department, role=Role.COORDINATOR, starts=TODAY,
        ends=TODAY + 9 * DAY, substitutes_for=cast.coordinator,
    )  # fmt: skip
    assert warning(membership_of(cast.coordinator)) != ""
    assert warning(cast.coordinator) != ""


def test_a_deactivated_person_is_told_and_the_second_person_reads_it_before_they_approve(cast: Cast) -> None:
    plan = make_plan(cast, "agreed")
    registrar = browser(cast, "registrar")
    assert THEN.format(plan.number) in text_of(registrar.get(f"/registry/people/{cast.leader.pk}/deactivate/"))
    asked = two_people.ask_to_deactivate(cast.leader, by=cast.registrar, reason="Left (test).")
    shown = text_of(browser(cast, "head").get(f"{asked.get_absolute_url()}act/approve/"))
    assert THEN.format(plan.number) in shown
    assert told() == [], "it was only tried"
    perform(asked, "approve", by=cast.head)
    assert told() == [cast.registrar]
    reactivate_person(User.objects.get(pk=cast.leader.pk), by=decided(cast.registrar))
    assert told() == [cast.registrar]


def test_an_organisation_that_is_deactivated_is_told(cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    path = f"/registry/organisations/{cast.university.code}/deactivate/"
    assert case.number in text_of(browser(cast, "registrar").get(path))
    deactivate_organisation(cast.university, by=decided(cast.registrar), reason="Closed (test).")
    assert told() == [cast.registrar]


def test_the_last_day_of_an_approving_role_is_warned_of_where_it_is_approved(cast: Cast) -> None:
    plan = make_plan(cast, "approved")
    end(cast, cast.second_head, TODAY - DAY)
    held = membership_of(cast.head)
    asked = two_people.ask_about(held, Change.LAST_DAY, by=cast.registrar, person=cast.head, ends=TODAY - DAY)
    second = person("Rano", (cast.department, Role.REGISTRAR))
    shown = text_of(browser(cast, second).get(f"{asked.get_absolute_url()}act/approve/"))
    assert re.search(f"Nobody could do what is open on [0-9] cases? then: [^.]*{plan.number}", shown)
    perform(asked, "approve", by=second)
    assert told() == [cast.registrar, second]


def test_where_no_registrar_is_left_it_is_an_error(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    make_recommendation(cast, "issued")
    right = decided(cast.registrar)
    Membership.objects.filter(person=cast.registrar).update(ends=TODAY - DAY)
    deactivate_person(cast.rector, by=right, reason="Left (test).")
    assert "there is no registrar to be told" in caplog.text
    assert told() == []
