"""What two people decide: it takes effect, is recorded on both chains, and is told to whom it concerns."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.accounts.models import AccountChange
from cases.registry import two_people
from cases.registry.models import Membership, User
from cases.registry.verbs import forget_password
from notifications.models import Message
from notifications.worker import send_due_messages
from tests.accounts.test_attacks import edited
from tests.cast import Cast, person
from tests.kinds.accounts import make_account_change
from tests.registry.browsing import notices
from tests.registry.trail import events
from workflow.door import Refused, perform
from workflow.lifecycles.account_change import NO_LINK_AFTER_NEW_ADDRESS, Change
from workflow.models import Event, Expectation
from workflow.roles import Role
from workflow.terms import legal_date, working_days_from

pytestmark = pytest.mark.django_db
TODAY = legal_date()
DAY = timedelta(days=1)
At = Callable[[User], Client]
Send = Callable[..., Any]


def letters() -> list[tuple[str, str]]:
    send_due_messages(limit=100)
    return sorted((letter.to[0], str(letter.subject)) for letter in mail.outbox)


def test_a_changed_address_is_asked_for_shown_and_approved_by_another(cast: Cast, at: At, send: Send) -> None:
    page = at(cast.registrar).get(reverse("person_edit", args=[cast.officer.pk])).content.decode()
    assert "A second person has to approve this: Bakyt (test), Bermet (test)." in page
    response = edited(at, cast.registrar, cast.officer, email="New@test.example", post="dean")
    change = AccountChange.objects.get()
    assert notices(response) == [
        f"Request {change.number} was sent. Now a second person has to approve it.", "The changes were saved."
    ]  # fmt: skip
    assert change.number in response.content.decode(), "the person's page links to what waits"
    cast.officer.refresh_from_db()
    assert (cast.officer.email, cast.officer.post) == ("cholpon@test.example", "dean")
    shown = at(cast.head).get(reverse("account_change_act", args=[change.number, "approve"])).content.decode()
    assert "new@test.example" in shown
    assert send(cast.head, change, "approve").status_code == 302
    cast.officer.refresh_from_db()
    assert cast.officer.email == "new@test.example"
    moved = events("person", cast.officer.pk)[-1]
    assert (moved.action, moved.actor, moved.role) == ("change_address", cast.head, "department_head")
    decision = Event.objects.of("account_change", change.pk).get(action="approve")
    assert moved.said["because_of"] == decision.pk
    assert decision.ministry_id == cast.ministry.pk


def test_old_and_new_address_and_the_leaders_are_told(cast: Cast) -> None:
    change = make_account_change(cast)
    User.objects.filter(pk=cast.stranger.pk).update(language="en")
    User.objects.filter(pk=cast.leader.pk).update(language="en")
    perform(change, "approve", by=cast.head)
    told = letters()
    subject = "Your e-mail address in Baikoo was changed"
    assert [to for to, what in told if what == subject] == ["new@test.example", "stranger@test.example"]
    assert ("leila@test.example", f"{change.number}: Approve") in told
    [old] = [letter.body for letter in mail.outbox if letter.to == ["stranger@test.example"]]
    assert "new@test.example" not in old
    assert "tell the Department and the Ministry at once" in old


def test_for_72_hours_after_a_change_of_address_nobody_gets_a_link(
    cast: Cast, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(hours=72) == NO_LINK_AFTER_NEW_ADDRESS
    make_account_change(cast, "approved")
    browser, invite = at(cast.registrar), reverse("person_invite", args=[cast.stranger.pk])
    assert "for 72 hours" in notices(browser.post(invite, follow=True))[0]
    forget_password("new@test.example")
    assert not Message.objects.filter(template="password_link").exists()
    said = {
        tuple(notices(Client().post(reverse("forgotten_password"), {"email": email}, follow=True)))
        for email in ("new@test.example", "stranger@test.example", cast.officer.email)
    }
    assert len(said) == 1, "the public page says the same to everybody"
    monkeypatch.setattr("cases.registry.verbs.people.NO_LINK_AFTER_NEW_ADDRESS", timedelta(0))
    assert "is on its way to new@test.example" in notices(browser.post(invite, follow=True))[0]


def test_a_deciding_role_is_given_by_two_and_told(cast: Cast, at: At, send: Send) -> None:
    filled = {"organisation": "COL", "role": "institution_head", "starts": f"{TODAY}"}
    at(cast.registrar).post(reverse("membership_add", args=[cast.stranger.pk]), filled)
    User.objects.filter(pk=cast.stranger.pk).update(language="en")
    send(cast.head, AccountChange.objects.get(), "approve")
    [given] = cast.stranger.memberships.all()
    assert (given.role, given.organisation) == ("institution_head", cast.college)
    assert ("stranger@test.example", "You were given a role in Baikoo") in letters()
    [event] = events("membership", given.pk)
    assert event.actor == cast.head


def test_a_role_that_does_not_decide_is_given_by_one(cast: Cast, at: At) -> None:
    filled = {"organisation": "COL", "role": "institution_officer", "starts": f"{TODAY}"}
    at(cast.registrar).post(reverse("membership_add", args=[cast.stranger.pk]), filled)
    assert cast.stranger.memberships.count() == 1
    assert not AccountChange.objects.exists()
    assert letters() == []


def test_people_and_organisations_are_deactivated_and_reactivated_by_two(cast: Cast, at: At, send: Send) -> None:
    User.objects.filter(pk=cast.officer.pk).update(language="en")
    browser = at(cast.registrar)
    for row, name, key in ((cast.officer, "person", cast.officer.pk), (cast.college, "organisation", "COL")):
        for verb, is_active in (("deactivate", False), ("reactivate", True)):
            browser.post(reverse(f"{name}_{verb}", args=[key]), {"reason": "left"})
            assert send(cast.head, AccountChange.objects.latest("id"), "approve").status_code == 302
            row.refresh_from_db()
            assert row.is_active == is_active
            if row == cast.officer and not is_active:
                assert ("cholpon@test.example", "Your account in Baikoo was deactivated") in letters()


def test_a_deciding_role_ends_by_one_but_lasts_longer_by_two(cast: Cast, at: At, send: Send) -> None:
    membership = Membership.objects.get(person=cast.rector)
    browser, end = at(cast.registrar), reverse("membership_end", args=[membership.pk])
    browser.post(end, {"last_day": f"{TODAY}"})
    membership.refresh_from_db()
    assert membership.ends == TODAY
    browser.post(end, {"last_day": ""})
    membership.refresh_from_db()
    assert membership.ends == TODAY
    send(cast.head, AccountChange.objects.get(), "approve")
    membership.refresh_from_db()
    assert membership.ends is None


def test_a_refusal_with_its_reason_and_a_withdrawal_change_nothing(cast: Cast, send: Send) -> None:
    refused = make_account_change(cast)
    assert send(cast.head, refused, "refuse", reason="").status_code == 422
    assert send(cast.head, refused, "refuse", reason="Unknown address").status_code == 302
    withdrawn = make_account_change(cast)
    assert send(cast.registrar, withdrawn, "withdraw").status_code == 422, "another registrar asked for it"
    assert send(withdrawn.requested_by, withdrawn, "withdraw").status_code == 302
    cast.stranger.refresh_from_db()
    assert cast.stranger.email == "stranger@test.example"
    assert [account_change.state for account_change in AccountChange.objects.all()] == ["refused", "withdrawn"]


def test_it_waits_for_the_other_registrars_else_for_the_heads(cast: Cast, at: At, second: User) -> None:
    edited(at, cast.registrar, cast.officer, email="x@test.example")
    [owed] = Expectation.objects.open()
    assert (owed.role, owed.assignee, owed.due) == ("registrar", second, working_days_from(TODAY, 3))
    number = AccountChange.objects.get().number
    mine = {who: at(who).get("/").content.decode() for who in (cast.registrar, second)}
    assert number in mine[second]
    assert number not in mine[cast.registrar]
    assert number in at(cast.registrar).get("/?show=waiting").content.decode()
    alone = make_account_change(cast, person=second, email_before=second.email, requested_by=cast.registrar)
    assert {expectation.assignee for expectation in Expectation.objects.open().of("account_change", alone.pk)} == {
        cast.head, cast.second_head
    }  # fmt: skip


def test_who_becomes_or_stops_being_a_registrar_gets_or_loses_what_waits(cast: Cast, second: User) -> None:
    waiting = make_account_change(cast, requested_by=cast.registrar)
    new = person("Rita")
    role = {"change": Change.ROLE, "email": "", "email_before": "", "role": Role.REGISTRAR, "starts": TODAY}
    given = make_account_change(cast, requested_by=cast.registrar, person=new, organisation=cast.department, **role)
    perform(given, "approve", by=User.objects.get(pk=second.pk))
    owed = Expectation.objects.open().of("account_change", waiting.pk)
    assert {one.assignee for one in owed} == {second, new}
    out = {"change": Change.DEACTIVATE, "email": "", "email_before": "", "reason": "left"}
    gone = make_account_change(cast, requested_by=cast.registrar, person=second, **out)
    perform(gone, "approve", by=cast.head)
    assert {one.assignee for one in owed.all()} == {new}


def test_a_registrar_who_is_alone_reads_who_could_decide(cast: Cast, at: At) -> None:
    Membership.objects.filter(role__in=[Role.DEPARTMENT_HEAD]).delete()
    page = at(cast.registrar).get(reverse("person_deactivate", args=[cast.officer.pk])).content.decode()
    assert "it takes another registrar or a head of department" in page
    edited(at, cast.registrar, cast.officer, email="x@test.example")
    change = AccountChange.objects.get()
    assert "nobody in this department yet" in at(cast.registrar).get(change.get_absolute_url()).content.decode()
    assert Expectation.objects.open().get().role == "registrar", "whoever becomes one finds it"


def test_what_became_impossible_in_the_meantime_is_refused_and_stays_undecided(cast: Cast, send: Send) -> None:
    change = make_account_change(cast)
    User.objects.filter(pk=cast.officer.pk).update(email="new@test.example")
    assert send(cast.head, change, "approve").status_code == 422
    change.refresh_from_db()
    assert change.state == "requested"
    assert not Event.objects.of("account_change", change.pk).filter(action="approve").exists()


def test_a_request_has_its_list_export_comments_and_history(cast: Cast, at: At) -> None:
    change = make_account_change(cast)
    browser = at(cast.registrar)
    assert "Stranger (test)" in browser.get("/account-changes/").content.decode()
    assert change.number in b"".join(browser.get("/account-changes/export.csv")).decode()  # type: ignore[arg-type]
    comment = reverse("account_change_comment", args=[change.number])
    browser.post(comment, {"audience": "institution", "text": "I called them (test)."})
    page = at(cast.head).get(change.get_absolute_url()).content.decode()
    assert "I called them (test)." in page
    assert "The Department and the Ministry see this" in page
    assert "The institution" not in page
    assert "Ask for a change of an account" in page


def test_only_a_registrar_asks(cast: Cast) -> None:
    for who in (cast.head, cast.leader, cast.coordinator, cast.stranger):
        with pytest.raises(Refused, match="for Registrar"):
            two_people.ask(Change.ADDRESS, by=who, person=cast.officer, email="x@test.example")


def test_a_column_that_sets_itself_when_it_is_saved_is_written_by_every_act(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AccountChange._meta.get_field("requested_at"), "auto_now", True)
    change = make_account_change(cast)
    AccountChange.objects.filter(pk=change.pk).update(requested_at=timezone.now() - DAY)
    change.refresh_from_db()
    perform(change, "withdraw", by=change.requested_by)
    change.refresh_from_db()
    assert timezone.now() - change.requested_at < timedelta(hours=1)
