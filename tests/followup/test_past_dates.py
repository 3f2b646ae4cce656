"""A date that has passed is taken, as it may be meant, but never without a word."""

from datetime import timedelta

import pytest

from cases.followup.models import Recommendation
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.followup.pages import Opened, text_of
from workflow.terms import legal_date

pytestmark = pytest.mark.django_db
TODAY = legal_date()
PAST = TODAY - timedelta(days=1)
SAID = f"has passed already: {PAST:%d.%m.%Y}. Look whether it is meant."


@pytest.mark.parametrize(("due", "is_said"), [(PAST, True), (TODAY, False)])
def test_a_draft(as_: Opened, cast: Cast, due: object, is_said: bool) -> None:
    sent = {"institution": cast.university.code, "text_ky": "Иш", "authoritative_language": "ky", "risk": "low",
            "classification": "condition", "due": str(due)}  # fmt: skip
    client = as_("coordinator")
    made = client.post("/recommendations/new/", sent, follow=True)
    assert (SAID in text_of(made)) is is_said
    case = Recommendation.objects.get()
    assert case.current_due == due
    sent |= {"version": str(case.version), "interim_due_1": str(PAST), "rows": "1"}
    edited = client.post(f"/recommendations/{case.number}/edit/", sent, follow=True)
    assert SAID in text_of(edited), "once, though two dates are the same"


@pytest.mark.parametrize(("due", "is_said"), [(PAST, True), (TODAY, False), (None, False)])
def test_before_it_is_issued(as_: Opened, cast: Cast, due: object, is_said: bool) -> None:
    case = make_recommendation(cast, "draft", first_due=due, current_due=due, no_due_reason="" if due else "Standing")
    page = text_of(as_("coordinator").get(f"/recommendations/{case.number}/act/issue/"))
    assert ("has passed already: once issued, it is late at once." in page) is is_said


def test_a_measure(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "issued", measures=0)
    row = {"text_1": "Order", "responsible_1": "Dean", "due_1": str(PAST), "rows": "1", "version": str(case.version)}
    assert SAID in text_of(as_("officer").post(f"/recommendations/{case.number}/plan/", row, follow=True))
