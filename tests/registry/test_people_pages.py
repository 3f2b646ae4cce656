"""Pages of people, their roles, and the link for the password."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases.registry.models import Membership, User
from tests.cast import Cast
from tests.registry.browsing import errors, notices
from tests.registry.trail import events
from workflow.calendar import legal_date

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
    assert notices(response) == ["The role was given."]
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
    page = registrar.get(cast.rector.get_absolute_url()).content.decode()
    assert "Who stands in during absence" in page
    assert "Cholpon" in page


def test_the_link_for_the_password_is_shown_once_and_works_once(cast: Cast, registrar: Client, client: Client) -> None:
    registrar.post(reverse("person_invite", args=[cast.officer.pk]))
    page = registrar.get(cast.officer.get_absolute_url()).content.decode()
    [link] = re.findall(r"http://testserver(/registry/people/set-password/\S+?/)<", page)
    assert link not in registrar.get(cast.officer.get_absolute_url()).content.decode()
    guest = Client()
    guest.cookies["django_language"] = "en"
    opened = guest.get(link, follow=True)
    address = opened.redirect_chain[-1][0]
    assert link not in address
    assert guest.post(address, {"new_password1": "short", "new_password2": "short"}).context["form"].errors
    password = {"new_password1": "кыйын сыр сөз 7", "new_password2": "кыйын сыр сөз 7"}
    response = guest.post(address, password, follow=True)
    assert notices(response) == ["Your password was set. Sign in with it."]
    cast.officer.refresh_from_db()
    assert cast.officer.check_password("кыйын сыр сөз 7")
    assert [event.action for event in events("person", cast.officer.pk)] == ["invite", "choose_password"]
    assert "This link was used already" in Client(headers={"accept-language": "en"}).get(link).content.decode()


def test_a_link_does_not_work_for_the_deactivated_or_when_it_is_forged(cast: Cast, registrar: Client) -> None:
    registrar.post(reverse("person_invite", args=[cast.officer.pk]))
    page = registrar.get(cast.officer.get_absolute_url()).content.decode()
    [link] = re.findall(r"http://testserver(/registry/people/set-password/\S+?/)<", page)
    User.objects.filter(pk=cast.officer.pk).update(is_active=False)
    for address in (
        link,
        reverse("set_password", args=["!!", "x-y"]),
        reverse("set_password", args=["OTk5OTk", "a-b"]),
    ):
        response = Client(headers={"accept-language": "en"}).get(address, follow=True)
        assert response.status_code == 200
        assert "This link was used already" in response.content.decode()
