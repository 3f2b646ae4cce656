"""The lists of the registry: search that forgives letters, filters, order, pages, queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.ground.paging import SIZE
from cases.registry.models import LegalAct, Membership, Organisation, ProgrammeArea, User
from cases.registry.verbs import add_organisation, add_person, change_organisation
from tests.cast import Cast
from tests.registry.browsing import rows
from workflow.terms import legal_date

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TODAY = legal_date()


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["COL", "CON", "DEP", "DEP2", "MIN", "UNI"]),
        ("kind=department", ["DEP", "DEP2"]),
        ("institution_type=college", ["COL"]),
        ("region=bishkek", ["UNI"]),
        ("q=uni", ["UNI"]),
        ("q=УЛГУ", ["UNI"]),
        ("q=үлг+онор", ["UNI"]),
        ("q=nothing", []),
        ("q=%3A%26%21", ["COL", "CON", "DEP", "DEP2", "MIN", "UNI"]),
        ("state=inactive", ["OLD"]),
        ("state=all&q=эски", ["OLD"]),
        ("kind=nonsense&region=osh", ["COL"]),
        ("after=nonsense", ["COL", "CON", "DEP", "DEP2", "MIN", "UNI"]),
        ("after=99999999999999999999", ["COL", "CON", "DEP", "DEP2", "MIN", "UNI"]),
    ],
)
def test_organisations_are_found(cast: Cast, registrar: Client, query: str, codes: list[str]) -> None:
    change_organisation(cast.university, by=cast.registrar, name_ky="Үлгү өнөр университети", name_ru="Образец")
    Organisation.objects.create(
        code="OLD", kind="institution", institution_type="college", name_ky="Эски", is_active=False
    )
    assert [row.code for row in rows(registrar, f"{reverse('organisations')}?{query}")] == codes


def test_people_are_found_by_name_address_post_role_and_organisation(cast: Cast, registrar: Client) -> None:
    def found(query: str) -> list[str]:
        return [row.full_name.split()[0] for row in rows(registrar, f"{reverse('people')}?{query}")]

    added = add_person(
        by=cast.registrar, full_name="Өмүрбек Ёлкин", email="omu@test.example", post="декан", language="ky"
    )
    assert found("q=омур+елк") == found("q=omu") == found("q=дек") == ["Өмүрбек"]
    assert found("role=coordinator") == ["Aigul", "Asan"]
    assert found("organisation=uni") == ["Cholpon", "Chynara", "Zarina"]
    assert found("organisation=col&role=institution_head") == ["Damir"]
    User.objects.filter(pk=added.pk).update(is_active=False)
    assert found("q=омур") == []
    assert found("q=омур&state=inactive") == ["Өмүрбек"]


def test_people_stand_in_the_order_of_the_alphabet(cast: Cast, registrar: Client) -> None:
    names = ["Оев", "Өев", "Паев", "Уев", "Үев", "Фев", "Наев", "Ңаев", "оЁв", "Еев", "Ёев", "Жев"]
    for number, name in enumerate(names):
        add_person(by=cast.registrar, full_name=name, email=f"n{number}@order.example", language="ky")
    assert [row.full_name for row in rows(registrar, f"{reverse('people')}?q=order")] == [
        "Еев", "Ёев", "Жев", "Наев", "Ңаев", "Оев", "оЁв", "Өев", "Паев", "Уев", "Үев", "Фев",
    ]  # fmt: skip


def test_acts_are_found_newest_first(cast: Cast, registrar: Client, act: LegalAct) -> None:
    later = LegalAct.objects.create(kind="law", date="2026", title_ru="Об образовании", issuer_ky="Жогорку Кеңеш")
    undated = LegalAct.objects.create(kind="letter", number="7")
    address = reverse("acts")
    assert rows(registrar, address) == [act, later, undated]
    assert rows(registrar, f"{address}?q=орт") == rows(registrar, f"{address}?q=5+1") == [act]
    assert rows(registrar, f"{address}?q=кенеш") == rows(registrar, f"{address}?kind=law") == [later]
    assert rows(registrar, f"{address}?year=2026") == [act, later]


def test_a_long_list_has_pages_that_lose_and_repeat_nobody(cast: Cast, registrar: Client) -> None:
    for number in range(2 * SIZE):
        add_organisation(by=cast.registrar, code=f"X{number:03}", kind="contractor", name_ky="Онор")
    seen: list[str] = []
    address = f"{reverse('organisations')}?q=онор&kind=contractor"
    while address:
        response = registrar.get(address)
        page = response.context["page"]
        seen += [row.code for row in page.rows]
        address = f"{reverse('organisations')}{page.next_url}" if page.next_url else ""
        assert not address or "kind=contractor" in address
    assert seen == [f"X{number:03}" for number in range(2 * SIZE)]


def test_acts_of_one_date_are_paged_too(cast: Cast, registrar: Client) -> None:
    for number in range(SIZE + 3):
        LegalAct.objects.create(kind="order", number=str(number), date="2026-01-01")
    first = registrar.get(reverse("acts")).context["page"]
    second = rows(registrar, f"{reverse('acts')}{first.next_url}")
    assert len({row.pk for row in [*first.rows, *second]}) == SIZE + 3


@pytest.mark.parametrize("name", ["organisations", "people", "acts", "organisation", "person", "legal_act"])
def test_pages_take_the_same_queries_with_2_and_50_rows(
    cast: Cast, registrar: Client, act: LegalAct, name: str
) -> None:
    arguments = {"organisation": ["UNI"], "person": [cast.officer.pk], "legal_act": [act.pk]}.get(name, [])
    asked = []
    for first, last in ((0, 2), (2, 50)):
        for number in range(first, last):
            part = add_organisation(
                by=cast.registrar, code=f"P{number}", kind="institution", institution_type="college",
                name_ky="x", parent=cast.university,
            )  # fmt: skip
            person = add_person(by=cast.registrar, full_name=f"N{number}", email=f"n{number}@x.example", language="ky")
            for one, place in ((person, cast.university), (cast.officer, part)):
                Membership.objects.create(person=one, organisation=place, role="institution_officer", starts=TODAY)
            Membership.objects.create(
                person=person, organisation=cast.university, role="institution_officer", starts=TODAY, ends=TODAY,
                substitutes_for=cast.officer,
            )  # fmt: skip
            LegalAct.objects.create(kind="order", number=f"n{number}")
            change_organisation(cast.university, by=cast.registrar, founder=str(number), parent=None)
        with CaptureQueriesContext(connection) as counted:
            assert registrar.get(reverse(name, args=arguments)).status_code == 200
        asked.append(len(counted))
    assert asked[0] == asked[1] <= 12


@pytest.mark.parametrize("query", ["", "?state=all"])
@pytest.mark.parametrize("name", ["organisations", "people", "areas", "acts"])
def test_each_column_of_a_list_has_its_head(cast: Cast, registrar: Client, name: str, query: str) -> None:
    ProgrammeArea.objects.create(code="ENG", name="Engineering")
    LegalAct.objects.create(kind="order", number="5", title="An order")
    table = registrar.get(reverse(name) + query).content.decode().partition("<table")[2].partition("</table>")[0]
    head, _body, rows_of_body = table.partition("<tbody>")
    cells = {row.count("<td") for row in rows_of_body.split("<tr")[1:]}
    assert cells == {head.count("<th ")} != {0}
