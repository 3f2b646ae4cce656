"""The box in the header: whoever types the number of a case lands on it, if they may see it."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cases.desk.access import all_of
from cases.desk.go_to import written_out
from cases.desk.kinds import kinds
from tests.cast import Cast
from tests.conftest import Opened
from tests.factories import make_recommendation
from tests.followup.pages import text_of
from tests.kinds.engagements import make_engagement
from tests.workflow.acting import TRIALS, everybody
from workflow.lifecycles.engagement import State

pytestmark = pytest.mark.django_db
NOTHING = "There is no case with this number that you may see."


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_the_number_of_a_case_of_any_kind_leads_those_to_it_who_see_it(cast: Cast, at: Opened, kind: str) -> None:
    case = TRIALS[kind].make(cast, TRIALS[kind].model.INITIAL)
    led = set()
    for somebody in everybody(cast):
        answer = at(somebody.user).get(reverse("go_to"), {"number": f" {case.number.lower()} "})
        sees = all_of(type(case)).visible_to(somebody.user).filter(pk=case.pk).exists()
        assert answer.status_code == (302 if sees else 404), somebody
        assert not sees or answer["Location"] == case.get_absolute_url()
        led.add(sees)
    assert led == {True, False}


def test_what_is_not_there_is_answered_like_what_may_not_be_seen(
    cast: Cast, at: Opened, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    engagement, client = make_engagement(cast, State.PREPARATION), at(cast.rector)
    client.get(reverse("go_to"))
    told = []
    for number in (engagement.number, "E-2026-99999"):
        with django_assert_num_queries(7):  # Who it is, their roles, the two kinds with such numbers, messages.
            answer = client.get(reverse("go_to"), {"number": number})
        page = text_of(answer).partition("<main")[2].partition("</main>")[0]
        assert answer.status_code == 404
        assert f'value="{number}"' in page, "what was typed is kept"
        told.append(page.replace(f'value="{number}"', ""))
    assert told[0] == told[1]
    assert NOTHING in told[0]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (" e-2026-1 ", "E-2026-00001"),
        ("Е-2026-00001", "E-2026-00001"),  # Cyrillic
        ("р–2026–12", "P-2026-00012"),
        ("E-2026-00001-07", "E-2026-00001-07"),
        ("e 2026-1", "E2026-1"),
        ("e-2026-12-07", "E-2026-00012-07"),
        ("E-2026-1-7", "E-2026-00001-07"),
        ("E-2026-00001-7", "E-2026-00001-07"),
        ("E-2026-1-107", "E-2026-00001-107"),
        ("r-2026-41-e1", "R-2026-00041-E1"),
        ("r-2026-41-r1", "R-2026-00041-R1"),
        ("r-2026-00041-e1", "R-2026-00041-E1"),
    ],
)
def test_a_number_is_understood_as_people_write_it(typed: str, number: str) -> None:
    assert written_out(typed) == number


def test_a_draft_is_found_by_its_provisional_number_after_it_was_issued(cast: Cast, at: Opened) -> None:
    issued = make_recommendation(cast, "issued")
    assert issued.number != issued.draft_number
    answer = at(cast.coordinator).get(reverse("go_to"), {"number": issued.draft_number})
    assert answer["Location"] == issued.get_absolute_url()


@pytest.mark.parametrize(
    ("typed", "status"),
    [("\0", 422), ("E-\0", 404), ("x" * 41, 422), ("%", 404), ("../", 404), ("<script>", 404), (" ", 422)],
)
def test_whatever_is_typed_is_no_error(cast: Cast, at: Opened, typed: str, status: int) -> None:
    answer = at(cast.coordinator).get(reverse("go_to"), {"number": typed})
    assert answer.status_code == status
    assert "<script>" not in answer.content.decode()


def test_the_box_stands_on_every_page_of_those_who_are_signed_in_and_once(cast: Cast, at: Opened) -> None:
    for address in ("/", "/engagements/", "/nothing/here/", reverse("go_to")):
        page = at(cast.coordinator).get(address).content.decode()
        assert page.count('name="number"') == 1, address
        assert page.count(f'action="{reverse("go_to")}"') == 1, address


def test_what_can_be_no_number_is_said_so(cast: Cast, at: Opened) -> None:
    answer = at(cast.rector).get(reverse("go_to"), {"number": "E-2026-" + "0" * 40})
    assert answer.status_code == 422
    assert "at most 40 characters" in text_of(answer)
    assert NOTHING not in text_of(answer)
