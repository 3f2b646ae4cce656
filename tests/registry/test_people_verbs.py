"""People are added, changed, invited, deactivated and reactivated; refused with a sentence; recorded."""

import pytest

from cases.registry.models import User
from cases.registry.verbs import (
    add_person,
    change_address,
    change_person,
    choose_password,
    deactivate_person,
    invite,
    reactivate_person,
)
from tests.cast import Cast
from tests.registry.acting import PERSON, decided, refusal
from tests.registry.trail import events

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_person_is_added_without_a_password_and_named_nowhere_in_the_trail_but_in_the_details(cast: Cast) -> None:
    added = add_person(by=cast.registrar, **PERSON)
    assert (added.email, added.has_usable_password()) == ("nur@test.example", False)
    [event] = events("person", added.pk)
    assert (event.number, event.action) == (f"P-{added.pk}", "add_person")
    assert event.said == {"inputs": {**PERSON, "email": "nur@test.example"}}
    assert User.objects.visible_to(cast.registrar).matching("нур дек").get() == added


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "CHYNARA@test.example"}, "E-mail address: Somebody has this e-mail address already."),
        ({"email": "nobody"}, "E-mail address: Enter a valid email address."),
        ({"full_name": ""}, "Full name: This field cannot be blank."),
        ({"full_name": " \0 "}, "Full name: This field cannot be blank."),
        ({"language": "de"}, "Language: Value 'de' is not a valid choice."),
    ],
)
def test_a_wrong_person_is_refused(cast: Cast, fields: dict[str, str], sentence: str) -> None:
    assert refusal(lambda: add_person(by=cast.registrar, **{**PERSON, **fields})) == sentence
    valid = {name: getattr(cast.officer, name) for name in User.FIELDS}
    if "email" in fields:
        assert refusal(lambda: change_address(cast.officer, fields["email"], by=decided(cast.registrar))) == sentence
    else:
        assert refusal(lambda: change_person(cast.officer, by=cast.registrar, **{**valid, **fields})) == sentence


def test_a_changed_person_is_found_and_sorted_by_the_new_name(cast: Cast) -> None:
    change_person(cast.officer, by=cast.registrar, full_name="Өмүрбек")
    change_address(cast.officer, "New@test.example", by=decided(cast.registrar))
    found = User.objects.visible_to(cast.registrar).matching("омурб new").get()
    assert found == cast.officer
    assert found.sort_key == "о\uf8ffму\uf8ffрбек"
    changed, moved = events("person", cast.officer.pk)
    assert (changed.action, moved.action) == ("change_person", "change_address")
    assert moved.said["changes"]["email"] == ["cholpon@test.example", "new@test.example"]


def test_a_deactivated_person_loses_every_right_until_reactivated(cast: Cast) -> None:
    deactivate_person(cast.officer, by=decided(cast.registrar), reason="left")
    assert User.objects.get(pk=cast.officer.pk).role_map == {}
    assert "deactivated" in refusal(lambda: invite(cast.officer, by=cast.registrar))
    reactivate_person(cast.officer, by=decided(cast.registrar))
    assert User.objects.get(pk=cast.officer.pk).role_map
    assert "Another registrar" in refusal(
        lambda: deactivate_person(cast.registrar, by=decided(cast.registrar), reason="x")
    )


def test_a_link_that_was_sent_and_the_password_chosen_by_it_are_recorded_without_the_link(cast: Cast) -> None:
    invite(cast.officer, by=cast.registrar)
    choose_password(cast.officer, "a new long password")
    asked, chosen = events("person", cast.officer.pk)
    assert (asked.action, asked.actor, asked.said) == ("invite", cast.registrar, {})
    assert (chosen.action, chosen.actor, chosen.said) == ("choose_password", cast.officer, {})
    assert User.objects.get(pk=cast.officer.pk).check_password("a new long password")
