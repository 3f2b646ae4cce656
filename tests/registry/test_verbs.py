"""Every change of the registry: done by a registrar, refused with a sentence to others, and recorded."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from cases.registry.models import LegalAct, Membership, Organisation, User
from cases.registry.verbs import (
    Action,
    add_act,
    add_organisation,
    add_person,
    arrange_substitution,
    change_act,
    change_organisation,
    change_person,
    choose_password,
    deactivate_act,
    deactivate_organisation,
    deactivate_person,
    end_membership,
    fingerprint,
    give_membership,
    invite,
    reactivate_act,
    reactivate_organisation,
    reactivate_person,
)
from tests.cast import Cast
from tests.registry.trail import events
from workflow.calendar import legal_date
from workflow.lifecycle import Refused, Stale
from workflow.models import Event
from workflow.roles import Role

pytestmark = pytest.mark.django_db
TODAY = legal_date()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def refusal(act: Callable[[], Any]) -> str:
    """The sentence; and nothing was recorded."""
    before = Event.objects.count()
    with pytest.raises(Refused) as caught:
        act()
    assert Event.objects.count() == before
    return caught.value.sentence


def membership_of(person: User) -> Membership:
    return Membership.objects.get(person=person)


COLLEGE: dict[str, Any] = {"code": "K-1", "kind": "institution", "institution_type": "college", "name_ky": "Өнөр"}
PERSON = {"email": "Nur@Test.Example ", "full_name": "Нур (test)", "post": "декан", "language": "ky"}
ACT = {"kind": "order", "number": "5/1", "date": "2026-02-03", "title_ky": "Буйрук"}


# --- who may ---


def every_verb(cast: Cast) -> dict[str, Callable[[User], Any]]:
    act = LegalAct.objects.create(kind="order", number="7")
    college, officer = cast.college, cast.officer
    return {
        "add_organisation": lambda by: add_organisation(by=by, **COLLEGE),
        "change_organisation": lambda by: change_organisation(college, by=by, founder="x"),
        "deactivate_organisation": lambda by: deactivate_organisation(college, by=by, reason="x"),
        "reactivate_organisation": lambda by: reactivate_organisation(college, by=by),
        "add_person": lambda by: add_person(by=by, **PERSON),
        "change_person": lambda by: change_person(officer, by=by, post="x"),
        "deactivate_person": lambda by: deactivate_person(officer, by=by, reason="x"),
        "reactivate_person": lambda by: reactivate_person(officer, by=by),
        "invite": lambda by: invite(officer, by=by),
        "give_membership": lambda by: give_membership(
            officer, college, Role.INSTITUTION_OFFICER, starts=TODAY, ends=None, by=by
        ),
        "end_membership": lambda by: end_membership(membership_of(officer), TODAY, by=by),
        "arrange_substitution": lambda by: arrange_substitution(
            membership_of(cast.rector), officer, starts=TODAY, ends=TODAY, by=by
        ),
        "add_act": lambda by: add_act(by=by, **ACT),
        "change_act": lambda by: change_act(act, by=by, number="8"),
        "deactivate_act": lambda by: deactivate_act(act, by=by, reason="x"),
        "reactivate_act": lambda by: reactivate_act(act, by=by),
    }


def test_every_verb_is_refused_to_everybody_but_a_registrar(cast: Cast) -> None:
    for name, verb in every_verb(cast).items():
        for who in ("leader", "observer", "head", "coordinator", "rector", "officer", "lead", "expert", "stranger"):
            by: User = getattr(cast, who)
            assert refusal(lambda verb=verb, by=by: verb(by)) == "You may not do this: it is for Registrar.", (
                name,
                who,
            )


def test_every_verb_has_a_name_in_the_trail(cast: Cast) -> None:
    assert {*every_verb(cast), "choose_password"} == set(Action.values)


# --- organisations ---


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
        refusal(lambda: deactivate_organisation(cast.university, by=cast.registrar, reason=" ")) == "Give the reason."
    )
    deactivate_organisation(cast.university, by=cast.registrar, reason="closed down")
    assert User.objects.get(pk=cast.rector.pk).role_map == {}
    assert refusal(lambda: deactivate_organisation(cast.university, by=cast.registrar, reason="x")) == (
        "It is deactivated already."
    )
    reactivate_organisation(cast.university, by=cast.registrar)
    assert User.objects.get(pk=cast.rector.pk).role_map
    assert refusal(lambda: reactivate_organisation(cast.university, by=cast.registrar)) == "It is active already."
    assert [event.said for event in events("organisation", cast.university.pk)] == [
        {"changes": {"is_active": [True, False]}, "reason": "closed down"},
        {"changes": {"is_active": [False, True]}},
    ]


def test_a_registrar_does_not_deactivate_the_organisation_that_makes_them_one(cast: Cast) -> None:
    assert "Another registrar" in refusal(
        lambda: deactivate_organisation(cast.department, by=cast.registrar, reason="x")
    )


# --- people ---


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
    assert refusal(lambda: change_person(cast.officer, by=cast.registrar, **{**valid, **fields})) == sentence


def test_a_changed_person_is_found_and_sorted_by_the_new_name(cast: Cast) -> None:
    change_person(cast.officer, by=cast.registrar, full_name="Өмүрбек", email="New@test.example")
    found = User.objects.visible_to(cast.registrar).matching("омурб new").get()
    assert found == cast.officer
    assert found.sort_key == "о\uf8ffму\uf8ffрбек"
    [event] = events("person", cast.officer.pk)
    assert event.said["changes"]["email"] == ["cholpon@test.example", "new@test.example"]


def test_a_deactivated_person_loses_every_right_until_reactivated(cast: Cast) -> None:
    deactivate_person(cast.officer, by=cast.registrar, reason="left")
    assert User.objects.get(pk=cast.officer.pk).role_map == {}
    assert "deactivated" in refusal(lambda: invite(cast.officer, by=cast.registrar))
    reactivate_person(cast.officer, by=cast.registrar)
    assert User.objects.get(pk=cast.officer.pk).role_map
    assert "Another registrar" in refusal(lambda: deactivate_person(cast.registrar, by=cast.registrar, reason="x"))


def test_an_invitation_and_the_password_chosen_by_it_are_recorded_without_the_link(cast: Cast) -> None:
    invitation = invite(cast.officer, by=cast.registrar)
    choose_password(cast.officer, "a new long password")
    asked, chosen = events("person", cast.officer.pk)
    assert (asked.action, asked.actor, asked.said) == ("invite", cast.registrar, {})
    assert (chosen.action, chosen.actor, chosen.said) == ("choose_password", cast.officer, {})
    assert invitation.token
    assert User.objects.get(pk=cast.officer.pk).check_password("a new long password")


# --- memberships ---


def test_a_role_is_given_from_a_day_to_a_day(cast: Cast) -> None:
    given = give_membership(
        cast.stranger, cast.college, Role.INSTITUTION_OFFICER, starts=TODAY, ends=TODAY + DAY, by=cast.registrar
    )
    assert User.objects.get(pk=cast.stranger.pk).role_map == {"institution_officer": {cast.college.pk: given.pk}}
    [event] = events("membership", given.pk)
    assert event.number == f"P-{cast.stranger.pk}"
    assert event.said["inputs"]["role"] == "institution_officer"


def test_a_role_has_to_fit_the_organisation(cast: Cast) -> None:
    assert refusal(
        lambda: give_membership(cast.stranger, cast.college, Role.COORDINATOR, starts=TODAY, by=cast.registrar)
    ) == (
        "Role: In an organisation of this kind (Institution) the roles are: "
        "Head of institution, Responsible officer of the institution."
    )
    assert "Value 'king' is not a valid choice" in refusal(
        lambda: give_membership(cast.stranger, cast.college, "king", starts=TODAY, by=cast.registrar)
    )


def test_the_last_day_is_not_before_the_first(cast: Cast) -> None:
    assert "The last day lies before the first." in refusal(
        lambda: give_membership(
            cast.stranger, cast.college, Role.INSTITUTION_HEAD, starts=TODAY, ends=TODAY - DAY, by=cast.registrar
        )
    )


@pytest.mark.parametrize(("starts", "ends"), [(TODAY, None), (date(2019, 1, 1), date(2020, 1, 1)), (TODAY, TODAY)])
def test_the_same_role_on_the_same_days_is_refused(cast: Cast, starts: date, ends: date | None) -> None:
    assert (
        refusal(
            lambda: give_membership(
                cast.rector, cast.university, Role.INSTITUTION_HEAD, starts=starts, ends=ends, by=cast.registrar
            )
        )
        == "The person holds this role there already: Head of institution since 01.01.2020."
    )


def test_the_same_role_before_or_after_is_given(cast: Cast) -> None:
    end_membership(membership_of(cast.rector), TODAY, by=cast.registrar)
    give_membership(
        cast.rector, cast.university, Role.INSTITUTION_HEAD, starts=TODAY + DAY, ends=TODAY + 5 * DAY, by=cast.registrar
    )
    give_membership(
        cast.rector, cast.university, Role.INSTITUTION_HEAD, starts=date(2019, 1, 1), ends=date(2019, 12, 31),
        by=cast.registrar,
    )  # fmt: skip
    assert refusal(
        lambda: give_membership(
            cast.rector, cast.university, Role.INSTITUTION_HEAD, starts=TODAY + 5 * DAY, by=cast.registrar
        )
    ).startswith("The person holds this role there already: Head of institution from ")


def test_nobody_changes_their_own_roles(cast: Cast) -> None:
    own = "You cannot change your own roles. Another registrar has to do it."
    assert (
        refusal(
            lambda: give_membership(
                cast.registrar, cast.ministry, Role.MINISTRY_LEADER, starts=TODAY, by=cast.registrar
            )
        )
        == own
    )
    assert refusal(lambda: end_membership(membership_of(cast.registrar), TODAY, by=cast.registrar)) == own
    assert (
        refusal(
            lambda: arrange_substitution(
                membership_of(cast.coordinator), cast.registrar, starts=TODAY, ends=TODAY, by=cast.registrar
            )
        )
        == own
    )


def test_nothing_is_given_to_the_deactivated_or_in_the_deactivated(cast: Cast) -> None:
    sentence = "The person or the organisation is deactivated."
    deactivate_person(cast.stranger, by=cast.registrar, reason="x")
    deactivate_organisation(cast.college, by=cast.registrar, reason="x")
    cast.college.refresh_from_db()
    for person, place in ((cast.stranger, cast.university), (cast.officer, cast.college)):
        assert (
            refusal(
                lambda person=person, place=place: give_membership(
                    person, place, Role.INSTITUTION_OFFICER, starts=TODAY, by=cast.registrar
                )
            )
            == sentence
        )


def test_a_role_ends_on_a_day_at_once_or_not_at_all(cast: Cast) -> None:
    membership = membership_of(cast.officer)
    end_membership(membership, TODAY + DAY, by=cast.registrar)
    end_membership(membership, TODAY + DAY, by=cast.registrar)
    end_membership(membership, None, by=cast.registrar)
    end_membership(membership, TODAY - DAY, by=cast.registrar)
    assert User.objects.get(pk=cast.officer.pk).role_map == {}
    assert [event.said["changes"]["ends"] for event in events("membership", membership.pk)] == [
        [None, f"{TODAY + DAY}"],
        [f"{TODAY + DAY}", None],
        [None, f"{TODAY - DAY}"],
    ]


def test_what_was_done_under_a_role_stays_done_under_it(cast: Cast) -> None:
    membership = membership_of(cast.officer)
    assert "yesterday at the earliest" in refusal(
        lambda: end_membership(membership, TODAY - 2 * DAY, by=cast.registrar)
    )
    Membership.objects.filter(pk=membership.pk).update(ends=TODAY - 2 * DAY)
    assert refusal(lambda: end_membership(membership, None, by=cast.registrar)) == (
        "This role ended already. Give it anew."
    )


def test_a_role_that_has_not_begun_is_withdrawn(cast: Cast) -> None:
    given = give_membership(cast.stranger, cast.college, Role.INSTITUTION_HEAD, starts=TODAY + DAY, by=cast.registrar)
    end_membership(given, TODAY, by=cast.registrar)
    assert given.is_withdrawn
    assert not Membership.objects.in_force(TODAY + DAY).filter(pk=given.pk)
    give_membership(cast.stranger, cast.college, Role.INSTITUTION_HEAD, starts=TODAY + DAY, by=cast.registrar)


def test_a_later_last_day_may_not_run_into_the_same_role(cast: Cast) -> None:
    membership = membership_of(cast.officer)
    end_membership(membership, TODAY, by=cast.registrar)
    give_membership(cast.officer, cast.university, Role.INSTITUTION_OFFICER, starts=TODAY + 9 * DAY, by=cast.registrar)
    assert "already" in refusal(lambda: end_membership(membership, None, by=cast.registrar))
    assert "already" in refusal(lambda: end_membership(membership, TODAY + 9 * DAY, by=cast.registrar))


# --- substitution ---


def test_a_substitute_holds_the_role_of_the_absent_person_for_the_days(cast: Cast) -> None:
    absent = membership_of(cast.coordinator)
    arranged = arrange_substitution(absent, cast.second_coordinator, starts=TODAY, ends=TODAY + DAY, by=cast.registrar)
    substitute = User.objects.get(pk=cast.second_coordinator.pk)
    assert substitute.stands_in_for == {cast.coordinator.pk}
    assert arranged.ends == TODAY + DAY
    [event] = events("membership", arranged.pk)
    assert event.said["inputs"]["substitutes_for_id"] == cast.coordinator.pk
    assert "already" in refusal(
        lambda: arrange_substitution(absent, cast.second_coordinator, starts=TODAY, ends=TODAY, by=cast.registrar)
    )


def test_nobody_stands_in_for_themselves_or_for_a_substitute(cast: Cast) -> None:
    absent = membership_of(cast.rector)
    assert "Nobody stands in for themselves." in refusal(
        lambda: arrange_substitution(absent, cast.rector, starts=TODAY, ends=TODAY, by=cast.registrar)
    )
    arranged = arrange_substitution(absent, cast.officer, starts=TODAY, ends=TODAY, by=cast.registrar)
    assert "cannot be stood in for" in refusal(
        lambda: arrange_substitution(arranged, cast.stranger, starts=TODAY, ends=TODAY, by=cast.registrar)
    )


def test_a_substitute_gets_no_more_than_the_absent_person_has(cast: Cast) -> None:
    absent = membership_of(cast.rector)
    end_membership(absent, TODAY + DAY, by=cast.registrar)
    sentence = "The absent person does not hold this role on all of these days."
    for starts, ends in ((TODAY, TODAY + 2 * DAY), (date(2019, 12, 31), TODAY)):
        assert (
            refusal(
                lambda starts=starts, ends=ends: arrange_substitution(
                    absent, cast.officer, starts=starts, ends=ends, by=cast.registrar
                )
            )
            == sentence
        )


# --- legal acts ---


def test_an_act_is_added_changed_deactivated_and_reactivated(cast: Cast) -> None:
    act = add_act(by=cast.registrar, **ACT)
    change_act(act, by=cast.registrar, seen=fingerprint(act), issuer_ky="Министрлик")
    deactivate_act(act, by=cast.registrar, reason="repealed")
    reactivate_act(act, by=cast.registrar)
    found = events("legal_act", act.pk)
    assert {event.number for event in found} == {f"A-{act.pk}"}
    assert [event.action for event in found] == ["add_act", "change_act", "deactivate_act", "reactivate_act"]
    assert found[1].said == {"changes": {"issuer_ky": [None, "Министрлик"]}}
    assert LegalAct.objects.matching("мин 5 буй").get() == act


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "song"}, "Kind: Value 'song' is not a valid choice."),
        ({"date": "2026-13"}, "Date: Write the date as 2023-12-22, 2023-12, 2023 or 2024-2025."),
        ({"date": "3.2.2026"}, "Date: Write the date as 2023-12-22, 2023-12, 2023 or 2024-2025."),
        ({"number": "", "date": "", "title_ky": ""}, "Title (Kyrgyz): Give the title, or at least a number or a date."),
        ({"link": "javascript:alert(1)"}, "Link: Enter a valid URL."),
    ],
)
def test_a_wrong_act_is_refused(cast: Cast, fields: dict[str, str], sentence: str) -> None:
    assert refusal(lambda: add_act(by=cast.registrar, **{**ACT, **fields})) == sentence


@pytest.mark.parametrize("day", ["2026", "2026-02", "2026-02-28", "2024-2025"])
def test_the_date_of_an_act_is_as_exact_as_it_is_printed(cast: Cast, day: str) -> None:
    assert add_act(by=cast.registrar, **{**ACT, "date": day}).date == day


def test_the_same_act_is_not_added_twice(cast: Cast) -> None:
    add_act(by=cast.registrar, **ACT)
    assert refusal(lambda: add_act(by=cast.registrar, **{**ACT, "issuer_ky": "x"})) == (
        "This act is in the registry already."
    )
    add_act(by=cast.registrar, **{**ACT, "title_ky": "Башка"})
