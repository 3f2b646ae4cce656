"""Tables of people and their roles: what each row adds or changes, and what is wrong with it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cases.registry.imports.preview import Preview
from cases.registry.models import Membership, User
from cases.registry.verbs import deactivate_person
from tests.cast import Cast
from tests.registry.acting import decided
from tests.registry.importing import PEOPLE, counts, said
from tests.registry.trail import events
from workflow.models import Event
from workflow.terms import legal_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = legal_date()
DAY = timedelta(days=1)
Taking = Callable[..., dict[str, int]]


def test_people_come_with_their_roles(cast: Cast, taken: Taking) -> None:
    assert taken("people", PEOPLE) == counts(new=2, changed=1)
    person = User.objects.get(email="new@test.example")
    assert (person.full_name, person.language, person.has_usable_password()) == ("Нур (test)", "ru", False)
    assert [
        (membership.organisation.code, membership.role, membership.starts, membership.ends)
        for membership in person.memberships.order_by("starts")
    ] == [
        ("UNI", "institution_officer", date(2026, 1, 1), None),
        ("COL", "institution_officer", date(2026, 2, 1), date(2030, 12, 31)),
    ]
    cast.rector.refresh_from_db()
    assert cast.rector.post == "ректор"
    assert cast.rector.memberships.count() == 1


def test_the_same_people_twice_change_nothing(taken: Taking) -> None:
    taken("people", PEOPLE)
    before = Event.objects.count()
    assert taken("people", PEOPLE) == counts(same=3)
    assert Event.objects.count() == before


def test_the_trail_names_imported_people_in_the_details_only(taken: Taking) -> None:
    taken("people", PEOPLE)
    person = User.objects.get(email="new@test.example")
    [added] = events("person", person.pk)
    assert added.number == f"P-{person.pk}"
    assert added.said["inputs"]["email"] == "new@test.example"
    for membership in person.memberships.all():
        [given] = events("membership", membership.pk)
        assert (given.action, given.number) == ("give_membership", f"P-{person.pk}")
        assert given.said["inputs"]["person_id"] == person.pk


def test_a_role_without_a_first_day_begins_today_and_is_known_again_tomorrow(cast: Cast, taken: Taking) -> None:
    table = "email,full_name,organisation,role\nnew@test.example,N,UNI,institution_officer\n"
    taken("people", table)
    assert Membership.objects.get(person__email="new@test.example").starts == TODAY
    Membership.objects.filter(person__email="new@test.example").update(starts=TODAY - DAY)
    assert taken("people", table) == counts(same=1)


def test_a_last_day_is_moved(cast: Cast, taken: Taking) -> None:
    table = f"email,organisation,role,starts,ends\ncholpon@test.example,UNI,institution_officer,2020-01-01,{TODAY}\n"
    assert taken("people", table) == counts(changed=1)
    assert Membership.objects.get(person=cast.officer).ends == TODAY
    assert taken("people", table) == counts(same=1)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",N,,,,,,", "email: This cell is empty."),
        ("nobody,N,,,,,,", "email: Enter a valid email address."),
        ("n@x.example,,,,,,,", "full_name: This field cannot be blank."),
        ("n@x.example,N,,de,,,,", "language: “de” is not known here. Known are: ky, ru, en."),
        ("n@x.example,N,,,NONE,coordinator,,", "organisation: No organisation has the code “NONE”."),
        ("n@x.example,N,,,UNI,,,", "role: This cell is empty."),
        ("n@x.example,N,,,,coordinator,,", "organisation: This cell is empty."),
        ("n@x.example,N,,,UNI,king,,", "role: “king” is not known here."),
        ("n@x.example,N,,,UNI,coordinator,,", "role: In an organisation of this kind (Institution) the roles are:"),
        ("n@x.example,N,,,UNI,institution_head,1.13.2026,", "starts: “1.13.2026” is not a valid date."),
        ("n@x.example,N,,,UNI,institution_head,2026-02-01,2026-01-01", "ends: The last day lies before the first."),
        ("chynara@test.example,,,,UNI,institution_head,2021-01-01,", "role: The person holds this role there already"),
        ("roza@test.example,,,,MIN,ministry_leader,,", "role: You cannot change your own roles."),
        ("stranger@test.example,,,,UNI,institution_head,,", "role: The person or the organisation is deactivated."),
        ("cholpon@test.example,,,,UNI,institution_officer,,2020-05-05", "role: The last day can be yesterday"),
    ],
)
def test_what_is_wrong_with_a_person_is_told_at_its_column(
    cast: Cast, planned: Callable[[str, str], Preview], row: str, problem: str
) -> None:
    deactivate_person(cast.stranger, by=decided(cast.registrar), reason="x")
    found = planned("people", f"email,full_name,post,language,organisation,role,starts,ends\n{row}\n")
    assert any(one.startswith(problem) for one in said(found.lines[0])), said(found.lines[0])


def test_rows_that_contradict_each_other_are_all_invalid(
    planned: Callable[[str, str], Preview],
) -> None:
    found = planned(
        "people",
        "email,full_name,organisation,role\n"
        "n@x.example,Anna,UNI,institution_head\nn@x.example,Hanna,COL,institution_head\n",
    )
    assert [said(line) for line in found.lines] == [
        [": Row 3, which names the same person, has an error."],
        ["full_name: Row 2 says otherwise."],
    ]


def test_the_same_role_twice_in_the_table_is_not_right(planned: Callable[[str, str], Preview]) -> None:
    found = planned(
        "people",
        "email,full_name,organisation,role\n" + "n@x.example,Anna,UNI,institution_head\n" * 2,
    )
    assert said(found.lines[0]) == []
    assert said(found.lines[1])[0].startswith("role: The person holds this role there already")


def test_a_person_is_written_by_their_first_right_row(taken: Taking) -> None:
    table = (
        "email,full_name,organisation,role\n"
        "n@x.example,Anna,NONE,institution_officer\nn@x.example,Anna,COL,institution_officer\n"
    )
    assert taken("people", table, only_valid=True) == counts(new=1, wrong=1)
    assert Membership.objects.get(person__email="n@x.example").organisation.code == "COL"
