"""What is refused of those who answer in a round, of a plan-schedule and of a deliverable alike, with its reason."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from cases.registry.models import User
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import make_deliverable
from tests.kinds.planning import make_plan
from tests.planning.pages import page
from workflow.case import Case
from workflow.door import perform

pytestmark = pytest.mark.django_db
MAKE: dict[str, Callable[..., Any]] = {"plan_schedule": make_plan, "deliverable": make_deliverable}
SUBMITTER = {"plan_schedule": "coordinator", "deliverable": "expert"}
DRAFT = {"plan_schedule": "Draft", "deliverable": "Being prepared"}
of_each_kind = pytest.mark.parametrize("kind", MAKE)


def answer(at: Opened, user: User, case: Case, action: str, **sent: object) -> tuple[int, str]:
    """The status of the page, and what it says, in one line."""
    address = reverse(f"{case.CASE_TYPE}_act", args=[case.number, action])
    response = at(user).post(address, {"version": 1, **sent})
    return response.status_code, " ".join(response.content.decode().split())


def submitter(cast: Cast, case: Case) -> User:
    user: User = getattr(cast, SUBMITTER[case.CASE_TYPE])
    return user


@of_each_kind
def test_a_second_answer_is_refused_with_its_reason(cast: Cast, at: Opened, kind: str) -> None:
    case = MAKE[kind](cast, "submitted")
    assert answer(at, cast.head, case, "agree")[0] == 302
    for who in (cast.head, cast.second_head):
        status, shown = answer(at, who, case, "agree", remarks="Once more (test).")
        assert status == 422
        assert "it is another person&#x27;s turn, or the question is answered." in shown
        assert "Once more (test)." in shown


@of_each_kind
def test_an_answer_on_an_older_version_is_not_taken_for_the_newer_one(cast: Cast, at: Opened, kind: str) -> None:
    case = MAKE[kind](cast, "submitted")
    perform(case, "recall", by=submitter(cast, case))
    perform(case, "submit", by=submitter(cast, case))
    status, shown = answer(at, cast.head, case, "agree", remarks="As before (test).")
    assert status == 409
    assert "This case changed after you opened it." in shown
    assert "As before (test)." in shown
    assert case.state == "submitted"


@of_each_kind
@pytest.mark.parametrize("action", ["agree", "send_back"])
def test_nobody_answers_what_they_submitted(cast: Cast, at: Opened, action: str, kind: str) -> None:
    case = MAKE[kind](cast, "submitted")
    type(case).objects.update(submitted_by=cast.head)
    status, shown = answer(at, cast.head, case, action, reason="So it is (test).")
    assert status == 422
    assert "You submitted this yourself; somebody else has to decide." in shown


@of_each_kind
def test_nothing_is_returned_without_a_reason(cast: Cast, at: Opened, kind: str) -> None:
    case = MAKE[kind](cast, "agreed")
    for reason in ("", "  "):
        status, shown = answer(at, cast.leader, case, "decline", reason=reason)
        assert (status, "Give the reason." in shown) == (422, True)
    assert answer(at, cast.leader, case, "decline", reason="Not this year (test).")[0] == 302
    assert type(case).objects.get(pk=case.pk).state == "draft"


@of_each_kind
def test_who_prepared_it_recalls_it_and_nobody_is_asked_any_more(cast: Cast, at: Opened, kind: str) -> None:
    case = MAKE[kind](cast, "submitted")
    assert answer(at, cast.head, case, "recall")[0] == 403
    assert answer(at, submitter(cast, case), case, "recall", version=case.version)[0] == 302
    assert "Recalled" in page(at(submitter(cast, case)), case.get_absolute_url())
    status, shown = answer(at, cast.leader, case, "agree")
    assert status == 422
    assert f"This is not possible now: the case is in the state “{DRAFT[kind]}”." in shown
