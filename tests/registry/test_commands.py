"""What is done from the command line: the acts that come with Baikoo, and the very first registrar."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from cases.registry.legal_acts import FILE, load_legal_acts
from cases.registry.models import LegalAct, Membership, Organisation, User
from cases.registry.verbs import change_act
from tests.cast import Cast
from workflow.door import Refused
from workflow.models import Event

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_acts_are_those_of_the_file_as_they_are_printed() -> None:
    assert run("load_legal_acts") == "Legal acts: 40 new, 0 changed, 0 unchanged.\n"
    with FILE.open(encoding="utf-8", newline="") as file:
        expected = [
            (row["kind"], row["number"], row["date"], row["title_ky"], row["issuer_ky"]) for row in csv.DictReader(file)
        ]
    fields = ("kind", "number", "date", "title_ky", "issuer_ky")
    kept: Any = LegalAct.objects.order_by("id").values_list(*fields)
    assert [tuple(value or "" for value in row) for row in kept] == expected


def test_loading_the_acts_twice_changes_nothing() -> None:
    run("load_legal_acts")
    before = Event.objects.count()
    assert before == 40
    assert run("load_legal_acts") == "Legal acts: 0 new, 0 changed, 40 unchanged.\n"
    assert Event.objects.count() == before


def test_what_a_registrar_added_to_an_act_stays_when_the_acts_are_loaded_again(cast: Cast) -> None:
    assert load_legal_acts(by=cast.registrar)["new"] == 40
    act = LegalAct.objects.get(number="5298/1")
    change_act(act, by=cast.registrar, link="https://edu.gov.kg/5298")
    assert load_legal_acts(by=cast.registrar)["same"] == 40
    act.refresh_from_db()
    assert act.link == "https://edu.gov.kg/5298"
    with pytest.raises(Refused):
        load_legal_acts(by=cast.coordinator)


FIRST = ("first_registrar", "Roza@Test.example", "Роза (test)", "--department", "DEP", "--name", "Департамент (test)")


def test_the_first_registrar_sets_a_password_by_the_printed_link() -> None:
    link = run(*FIRST).strip()
    [membership] = Membership.objects.in_force()
    assert (membership.person.email, membership.role, membership.organisation.code) == (
        "roza@test.example", "registrar", "DEP"
    )  # fmt: skip
    guest = Client()
    opened = guest.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    password = "кыйын сыр сөз 7"
    guest.post(opened.redirect_chain[-1][0], {"new_password1": password, "new_password2": password})
    assert User.objects.get().check_password(password)
    assert {event.actor for event in Event.objects.exclude(action="choose_password")} == {None}


def test_where_two_people_can_decide_nobody_is_registered_from_outside(cast: Cast) -> None:
    with pytest.raises(CommandError, match="Two people of this department can decide together already"):
        run(*FIRST)
    with pytest.raises(CommandError, match="There is a registrar already"):
        run("first_registrar", "roza@test.example", "Роза", "--department", "DEP2")


def test_a_registrar_who_is_alone_gets_a_second_one_as_nobody_could_approve_that() -> None:
    run(*FIRST)
    run("first_registrar", "second@test.example", "Рано (test)", "--department", "DEP")
    assert Membership.objects.in_force().filter(role="registrar", organisation__code="DEP").count() == 2
    with pytest.raises(CommandError, match="Two people of this department"):
        run("first_registrar", "third@test.example", "Рита (test)", "--department", "DEP")


def test_a_wrong_first_registrar_leaves_nothing() -> None:
    with pytest.raises(CommandError, match="Enter a valid email address"):
        run("first_registrar", "nobody", "Роза", "--department", "DEP", "--name", "Д")
    assert not Organisation.objects.exists()
