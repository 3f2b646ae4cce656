"""Organisations are added, changed, deactivated and reactivated; refused with a sentence; recorded."""

from typing import Any

import pytest

from cases.registry.models import Organisation, User
from cases.registry.verbs import (
    add_organisation,
    change_organisation,
    deactivate_organisation,
    fingerprint,
    reactivate_organisation,
)
from tests.cast import Cast
from tests.registry.acting import COLLEGE, decided, refusal
from tests.registry.trail import events
from workflow.door import Stale

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_an_organisation_is_added_and_recorded(cast: Cast) -> None:
    added = add_organisation(by=cast.registrar, parent=cast.university, **COLLEGE)
    [event] = events("organisation", added.pk)
    assert (event.number, event.action, event.actor, event.role) == (
        "K-1", "add_organisation", cast.registrar, "registrar"
    )  # fmt: skip
    assert event.organisation_id == cast.department.pk
    assert event.said == {"inputs": {**COLLEGE, "parent_id": cast.university.pk}}
    assert Organisation.objects.matching("онор").get() == added


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"code": ""}, "Code: This field cannot be blank."),
        ({"code": "a/b"}, "Code: Use letters, digits, dots, hyphens and underscores only."),
        ({"code": "UNI"}, "Code: Another organisation has this code already."),
        ({"code": "uni"}, "The code UNI is taken."),
        ({"name_ky": ""}, "Name (Kyrgyz): Give the name in at least one language."),
        (
            {"kind": "club"},
            "Kind: Value 'club' is not a valid choice. Type of institution: Only institutions have a type.",
        ),
        ({"institution_type": ""}, "Type of institution: Say what type of institution it is."),
        ({"kind": "contractor"}, "Type of institution: Only institutions have a type."),
        ({"region": "mars"}, "Region: Value 'mars' is not a valid choice."),
    ],
)
def test_a_wrong_organisation_is_refused(cast: Cast, fields: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: add_organisation(by=cast.registrar, **{**COLLEGE, **fields})) == sentence


def test_a_change_is_recorded_with_old_and_new_and_no_change_is_not_recorded(cast: Cast) -> None:
    change_organisation(cast.college, by=cast.registrar, founder="Министрлик", name_ru="", languages=["ky", "ru"])
    [event] = events("organisation", cast.college.pk)
    assert event.said == {"changes": {"founder": ["", "Министрлик"], "languages": [[], ["ky", "ru"]]}}
    change_organisation(cast.college, by=cast.registrar, founder="Министрлик", name_ru=None)
    assert len(events("organisation", cast.college.pk)) == 1


def test_a_renamed_organisation_is_found_by_its_new_name(cast: Cast) -> None:
    change_organisation(cast.college, by=cast.registrar, name_ky="Үчкун")
    assert Organisation.objects.matching("учк").get() == cast.college


def test_code_and_kind_stay(cast: Cast) -> None:
    sentence = "Code and kind of an organisation stay. If they are wrong, deactivate it and add another one."
    for fields in ({"code": "NEW"}, {"kind": "department", "institution_type": ""}):
        assert refusal(lambda fields=fields: change_organisation(cast.college, by=cast.registrar, **fields)) == sentence
    change_organisation(cast.college, by=cast.registrar, code="COL", kind="institution", founder="x")
    assert cast.college.founder == "x"


def test_an_organisation_cannot_be_a_part_of_its_own_part(cast: Cast) -> None:
    change_organisation(cast.college, by=cast.registrar, parent=cast.university)
    assert refusal(lambda: change_organisation(cast.university, by=cast.registrar, parent=cast.college)) == (
        "Part of: An organisation cannot be a part of itself."
    )


def test_what_was_changed_meanwhile_is_not_overwritten(cast: Cast) -> None:
    seen = fingerprint(cast.college)
    change_organisation(cast.college, by=cast.registrar, seen=seen, founder="A")
    with pytest.raises(Stale):
        change_organisation(cast.college, by=cast.registrar, seen=seen, founder="B")
    cast.college.refresh_from_db()
    assert cast.college.founder == "A"


def test_an_organisation_is_deactivated_with_a_reason_and_reactivated(cast: Cast) -> None:
    assert (
        refusal(lambda: deactivate_organisation(cast.university, by=decided(cast.registrar), reason=" "))
        == "Give the reason."
    )
    deactivate_organisation(cast.university, by=decided(cast.registrar), reason="closed down")
    assert User.objects.get(pk=cast.rector.pk).role_map == {}
    assert refusal(lambda: deactivate_organisation(cast.university, by=decided(cast.registrar), reason="x")) == (
        "It is deactivated already."
    )
    reactivate_organisation(cast.university, by=decided(cast.registrar))
    assert User.objects.get(pk=cast.rector.pk).role_map
    assert (
        refusal(lambda: reactivate_organisation(cast.university, by=decided(cast.registrar))) == "It is active already."
    )
    assert [event.said for event in events("organisation", cast.university.pk)] == [
        {"changes": {"is_active": [True, False]}, "reason": "closed down"},
        {"changes": {"is_active": [False, True]}},
    ]


def test_a_registrar_does_not_deactivate_the_organisation_that_makes_them_one(cast: Cast) -> None:
    assert "Another registrar" in refusal(
        lambda: deactivate_organisation(cast.department, by=decided(cast.registrar), reason="x")
    )
