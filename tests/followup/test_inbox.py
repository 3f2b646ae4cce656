"""The start page: what I owe, what waits for others, how much of each."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from workflow.models import Expectation
from workflow.terms import legal_date


def page(client: Client, user: object, query: str = "") -> str:
    client.force_login(user)  # type: ignore[arg-type]
    response = client.get(f"/{query}", headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def test_each_sees_what_they_owe_and_the_others_see_it_waiting(client: Client, cast: Cast) -> None:
    issued = make_recommendation(cast, "issued", coordinator=cast.coordinator)
    assert issued.number in page(client, cast.rector)
    assert issued.number in page(client, cast.officer)
    assert issued.number not in page(client, cast.coordinator)
    assert issued.number in page(client, cast.coordinator, "?show=waiting")
    assert issued.number in page(client, cast.head, "?show=waiting")
    assert issued.number in page(client, cast.leader, "?show=waiting")
    assert issued.number not in page(client, cast.second_coordinator, "?show=waiting")
    for foreign in (cast.director, cast.stranger, cast.expert):
        assert issued.number not in page(client, foreign) + page(client, foreign, "?show=waiting")


def test_a_request_for_more_time_waits_for_the_level_that_decides(client: Client, cast: Cast) -> None:
    extension = make_extension(cast)
    number = extension.recommendation.number
    decider = {"coordinator": cast.coordinator, "department_head": cast.head, "ministry_leader": cast.leader}
    assert number in page(client, decider[extension.level])


def test_lateness_is_counted_and_shown(client: Client, cast: Cast) -> None:
    issued = make_recommendation(cast, "issued")
    Expectation.objects.filter(number=issued.number).update(due=legal_date() - timedelta(days=3))
    shown = page(client, cast.rector)
    assert "3 days late" in shown
    assert '<b class="num">1</b> of mine are late' in shown


def test_an_empty_inbox_says_so(client: Client, cast: Cast) -> None:
    assert "Nothing to do right now." in page(client, cast.rector)


@pytest.mark.parametrize("many", [2, 50])
def test_the_inbox_takes_the_same_queries_whatever_its_length(
    client: Client, cast: Cast, many: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(many):
        make_recommendation(cast, "issued")
    client.force_login(cast.rector)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/")


def test_a_draft_is_unknown_to_the_institution_it_is_addressed_to(client: Client, cast: Cast) -> None:
    draft = make_recommendation(cast, "draft")
    assert draft.number in page(client, cast.head, "?show=waiting")
    for who in (cast.rector, cast.officer):
        assert draft.number not in page(client, who) + page(client, who, "?show=waiting")
        assert "Nothing to do" in page(client, who)


@pytest.mark.parametrize("counted", [1, 1000])
def test_what_is_late_and_what_is_due_soon_is_counted_however_much_there_is(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, counted: int
) -> None:
    monkeypatch.setattr("cases.desk.inbox.COUNTED", counted)
    today = legal_date()
    for days in (-40, -1, 0, 7, 8):
        issued = make_recommendation(cast, "issued")
        Expectation.objects.filter(number=issued.number).update(due=today + timedelta(days=days))
    client.force_login(cast.rector)
    assert client.get("/").context["counts"] == {"mine": "5", "late": "2", "soon": "2", "waiting": "0"}
    client.force_login(cast.stranger)
    assert client.get("/").context["counts"] == {"mine": "0", "late": "0", "soon": "0", "waiting": "0"}
