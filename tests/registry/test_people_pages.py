"""Pages of people, their roles, and the link for the password."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from cases.accounts.models import AccountChange
from cases.registry.models import Membership, User
from cases.registry.verbs import answer_link_requests, forget_password
from cases.registry.verbs.links import PER_PLACE
from cases.registry.verbs.people import LINKS_A_DAY
from notifications.worker import send_due_messages
from tests.cast import Cast
from tests.registry.browsing import errors, notices
from tests.registry.trail import events
from workflow.door import perform
from workflow.terms import legal_date

pytestmark = pytest.mark.django_db
TODAY = legal_date()


def test_a_person_is_added_and_given_a_role(cast: Cast, registrar: Client) -> None:
    filled = {"full_name": "Нур (test)", "email": "NUR@test.example", "language": "ky"}
    registrar.post(reverse("person_add"), filled)
    person = User.objects.get(email="nur@test.example")
    address = reverse("membership_add", args=[person.pk])
    wrong = {"organisation": "UNI", "role": "coordinator", "starts": f"{TODAY}"}
    assert "In an organisation of this kind (Institution) the roles are" in errors(registrar.post(address, wrong))
    response = registrar.post(address, {**wrong, "role": "institution_officer"}, follow=True)
    assert notices(response) == ["Role assigned."]
    membership = Membership.objects.get(person=person)
    end = reverse("membership_end", args=[membership.pk])
    assert "yesterday at the earliest" in errors(registrar.post(end, {"last_day": "2020-01-01"}))
    registrar.post(end, {"last_day": f"{TODAY + timedelta(days=2)}"})
    membership.refresh_from_db()
    assert membership.ends == TODAY + timedelta(days=2)


def test_a_substitution_is_arranged(cast: Cast, registrar: Client) -> None:
    absent = Membership.objects.get(person=cast.rector)
    address = reverse("substitution_add", args=[absent.pk])
    filled = {"substitute": "nobody@test.example", "starts": f"{TODAY}", "ends": f"{TODAY}"}
    assert "Nobody is registered" in errors(registrar.post(address, filled))
    assert "This field is required." in errors(registrar.post(address, {**filled, "ends": ""}))
    assert registrar.post(address, {**filled, "substitute": "CHOLPON@test.example"}).status_code == 302
    perform(AccountChange.objects.get(), "approve", by=cast.head)
    page = registrar.get(cast.rector.get_absolute_url()).content.decode()
    assert "Substitutes during absence" in page
    assert "Cholpon" in page


def link_sent_to(person: User) -> str:
    """The path of the link in the newest letter to the person."""
    send_due_messages()
    letters = [letter for letter in mail.outbox if letter.to == [person.email]]
    [link] = re.findall(r"(/registry/people/set-password/\S+?/)\n", letters[-1].body)
    return link


def guest() -> Client:
    return Client(headers={"accept-language": "en"})


def test_the_link_for_the_password_goes_to_the_person_alone_and_works_once(cast: Cast, registrar: Client) -> None:
    response = registrar.post(reverse("person_invite", args=[cast.officer.pk]), follow=True)
    assert notices(response)[0].startswith(f"A link for setting the password is on its way to {cast.officer.email}.")
    link = link_sent_to(cast.officer)
    assert "set-password" not in response.content.decode(), "the registrar never sees it"
    client = guest()
    opened = client.get(link, follow=True)
    address = opened.redirect_chain[-1][0]
    assert link not in address
    assert client.post(address, {"new_password1": "short", "new_password2": "short"}).context["form"].errors
    password = {"new_password1": "кыйын сыр сөз 7", "new_password2": "кыйын сыр сөз 7"}
    response = client.post(address, password, follow=True)
    assert notices(response) == ["Your password was set. Sign in with it."]
    cast.officer.refresh_from_db()
    assert cast.officer.check_password("кыйын сыр сөз 7")
    assert [event.action for event in events("person", cast.officer.pk)] == ["invite", "choose_password"]
    used = guest().get(link).content.decode()
    assert "This link was used already" in used
    assert reverse("forgotten_password") in used


def test_a_link_does_not_work_for_the_deactivated_or_when_it_is_forged(cast: Cast, registrar: Client) -> None:
    registrar.post(reverse("person_invite", args=[cast.officer.pk]))
    link = link_sent_to(cast.officer)
    User.objects.filter(pk=cast.officer.pk).update(is_active=False)
    for address in (
        link,
        reverse("set_password", args=["!!", "x-y"]),
        reverse("set_password", args=["OTk5OTk", "a-b"]),
    ):
        response = guest().get(address, follow=True)
        assert response.status_code == 200
        assert "This link was used already" in response.content.decode()


def test_who_forgot_the_password_gets_a_link_in_their_language(cast: Cast) -> None:
    User.objects.filter(pk=cast.officer.pk).update(language="ru")
    client = guest()
    assert reverse("forgotten_password") in client.get(reverse("login")).content.decode()
    response = client.post(reverse("forgotten_password"), {"email": cast.officer.email.upper()}, follow=True)
    assert response.redirect_chain == [(reverse("login"), 302)]
    answer_link_requests()
    link = link_sent_to(cast.officer)
    assert guest().get(link, follow=True).context["validlink"]
    [letter] = mail.outbox
    with translation.override("ru"):
        assert letter.subject == gettext("Set your password for Baikoo")
    [event] = events("person", cast.officer.pk)
    assert (event.action, event.actor) == ("forget_password", None)


def test_nobody_learns_who_is_registered_and_nobody_is_flooded(cast: Cast) -> None:
    deactivated = cast.director
    User.objects.filter(pk=deactivated.pk).update(is_active=False)
    said = {
        tuple(notices(guest().post(reverse("forgotten_password"), {"email": email}, follow=True)))
        for email in (cast.officer.email, cast.officer.email, deactivated.email, "nobody@test.example")
    }
    assert len(said) == 1
    assert answer_link_requests() == 4
    assert answer_link_requests() == 0
    assert send_due_messages() == 1
    assert [letter.to for letter in mail.outbox] == [[cast.officer.email]]
    wrong = guest().post(reverse("forgotten_password"), {"email": "not an address"})
    assert wrong.status_code == 422
    assert "not an address" in wrong.content.decode()


def test_after_a_while_another_link_may_be_asked_for(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _time in range(2):
        forget_password(cast.officer.email)
    assert len(events("person", cast.officer.pk)) == 1
    monkeypatch.setattr("cases.registry.verbs.people.LINK_EVERY", timedelta(0))
    forget_password(cast.officer.email)
    assert len(events("person", cast.officer.pk)) == 2
    for _time in range(9):
        forget_password(cast.officer.email)
    asked = [event.action for event in events("person", cast.officer.pk)].count("forget_password")
    assert asked == LINKS_A_DAY, "a day brings no more letters than that"


def test_the_page_does_the_same_work_for_an_address_that_is_registered_and_for_one_that_is_not(cast: Cast) -> None:
    """Nobody can tell them apart by the time that an answer takes."""
    work = []
    for email in (cast.officer.email, "nobody@test.example"):
        with CaptureQueriesContext(connection) as captured:
            guest().post(reverse("forgotten_password"), {"email": email})
        work.append([re.sub("'[^']*'", "?", query["sql"]) for query in captured])
    assert work[0] == work[1]


def test_from_one_network_only_so_many_links_are_asked_for(cast: Cast) -> None:
    answers = [
        guest().post(reverse("forgotten_password"), {"email": f"person-{number}@test.example"}, REMOTE_ADDR="10.0.0.1")
        for number in range(PER_PLACE + 1)
    ]
    assert [answer.status_code for answer in answers] == [302] * PER_PLACE + [422]
    assert "Too many links were asked for" in answers[-1].content.decode()
    asked = guest().post(reverse("forgotten_password"), {"email": cast.officer.email}, REMOTE_ADDR="10.0.0.2")
    assert asked.status_code == 302
