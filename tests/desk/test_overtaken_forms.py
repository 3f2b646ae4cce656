"""The page of a verb that became impossible shows what happened instead of the form, and keeps what was typed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from cases.desk.leading import assign
from cases.desk.talking import comment
from cases.followup.models import Recommendation
from cases.planning.models import PlanSchedule
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.followup.files import upload
from tests.followup.pages import browser, plain, text_of
from tests.kinds.planning import legal_act, make_plan
from tests.kinds.toys import make_visit
from workflow.case import Case
from workflow.door import perform
from workflow.models import Event
from workflow.terms import legal_date

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TYPED = "Typed in vain (test)"
SOON = str(legal_date() + timedelta(days=5))


@dataclass(frozen=True)
class Page:
    """The page of a verb, who fills in its form with what, and the act by which somebody else is faster."""

    make: Callable[[Cast], Any]
    path: Callable[[Any], str]
    by: str
    form: Callable[[Any], dict[str, object]]
    act: str
    faster: str
    label: str
    inputs: Callable[[Any], dict[str, object]] = lambda case: {}

    def address(self, case: Case) -> str:
        return f"{case.get_absolute_url()}{self.path(case)}"


def _in(state: str, **options: Any) -> Callable[[Cast], Recommendation]:
    return lambda cast: make_recommendation(cast, state, **options)


def _plan_item(plan: PlanSchedule) -> dict[str, object]:
    return {
        "title": TYPED, "kind": "main", "directions": ["1"], "levels": ["college"], "institutions": "COL",
        "starts": plan.begins, "ends": plan.ends, "legal_basis": legal_act().pk,
    }  # fmt: skip


CLAIMED: Any = {"act": "claim", "faster": "rector", "label": "Report as done"}
SUBMITTED: Any = {"act": "submit", "faster": "coordinator", "label": "Submit for agreement"}
REASON = {"reason": "Otherwise (test)."}
PAGES = {
    "draft": Page(
        _in("draft"), lambda case: "edit/", "coordinator", lambda case: {"text_ky": TYPED, "institution": "UNI"},
        "issue", "coordinator", "Issue",
    ),
    "plan": Page(
        _in("issued"), lambda case: "plan/", "officer",
        lambda case: {"rows": 1, "text_1": TYPED, "responsible_1": "Dean", "due_1": case.current_due},
        "respond", "rector", "Answer", lambda case: {"response": "accepted"},
    ),
    "more rows of a plan": Page(
        _in("issued"), lambda case: "plan/", "officer", lambda case: {"rows": 1, "text_1": TYPED, "more_rows": "1"},
        "respond", "rector", "Answer", lambda case: {"response": "accepted"},
    ),
    "evidence": Page(
        _in("in_progress"), lambda case: "evidence/", "officer",
        lambda case: {"note": TYPED, "file": upload()}, **CLAIMED,
    ),
    "measure": Page(
        _in("in_progress", measures=1), lambda case: f"measures/{case.measures_now()[0].pk}/explain/", "officer",
        lambda case: {"reason": TYPED}, **CLAIMED,
    ),
    "more time": Page(
        _in("in_progress"), lambda case: "extend/", "officer",
        lambda case: {"until": SOON, "reason": TYPED, "file": upload()}, **CLAIMED,
    ),
    "review of evidence": Page(
        _in("claimed"), lambda case: f"evidence/{case.evidence.earliest('id').pk}/review/", "coordinator",
        lambda case: {"decision": "rejected", "reason": TYPED},
        "not_confirmed", "coordinator", "Do not confirm", lambda case: REASON,
    ),
    "translation": Page(
        _in("issued"), lambda case: "translate/", "coordinator", lambda case: {"language": "ru", "text": TYPED},
        "withdraw", "leader", "Withdraw", lambda case: {"closing_reason": "superseded", **REASON},
    ),
    "comment": Page(
        _in("issued"), lambda case: "comment/", "officer", lambda case: {"audience": "institution", "text": TYPED},
        "withdraw", "leader", "Withdraw", lambda case: {"closing_reason": "superseded", **REASON},
    ),
    "plan-schedule": Page(
        make_plan, lambda plan: "edit/", "coordinator",
        lambda plan: {"title": TYPED, "first_year": plan.first_year, "last_year": plan.last_year}, **SUBMITTED,
    ),
    "new monitoring": Page(make_plan, lambda plan: "items/add/", "coordinator", _plan_item, **SUBMITTED),
    "monitoring": Page(make_plan, lambda plan: "items/1/edit/", "coordinator", _plan_item, **SUBMITTED),
    "document": Page(
        lambda cast: make_visit(cast, "running"), lambda visit: "documents/", "expert",
        lambda visit: {"note": TYPED, "file": upload()},
        "close", "expert", "Close", lambda visit: {"summary": "Seen."},
    ),
}  # fmt: skip


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> Page:
    return PAGES[request.param]


def overtake(page: Page, case: Any, cast: Cast) -> Any:
    """The case after somebody else acted, with the number that it has then."""
    case = type(case).objects.get(pk=case.pk)
    perform(case, page.act, by=getattr(cast, page.faster), **page.inputs(case))
    return case


def says_what_happened(shown: str, page: Page, case: Any, cast: Cast) -> bool:
    happened = plain(shown.partition('id="happened"')[2].partition("</section>")[0])
    parts = (page.label, str(getattr(cast, page.faster)), f"{legal_date():%d.%m.%Y}")
    return all(part in happened for part in parts) and f'href="{case.get_absolute_url()}"' in shown


def has_form(shown: str) -> bool:
    return any(name in shown for name in ("<textarea", 'name="version"', 'name="form_token"', 'type="file"'))


def test_a_form_that_was_overtaken_gives_way_to_what_happened_and_what_was_typed(page: Page, cast: Cast) -> None:
    case = page.make(cast)
    client, address = browser(cast, page.by), page.address(case)
    opened = client.get(address)
    assert opened.status_code == 200
    assert has_form(text_of(opened))
    form = page.form(case) | {"version": case.version}
    case = overtake(page, case, cast)
    events = Event.objects.count()
    response = client.post(address, form)
    shown = text_of(response)
    assert response.status_code in (409, 422)
    assert TYPED in shown
    assert "What you typed was not saved." in shown
    assert says_what_happened(shown, page, case, cast)
    assert not has_form(shown)
    assert Event.objects.count() == events


def test_a_page_that_was_overtaken_shows_what_happened(page: Page, cast: Cast) -> None:
    case = page.make(cast)
    client, address = browser(cast, page.by), page.address(case)
    case = overtake(page, case, cast)
    response = client.get(address)
    shown = text_of(response)
    assert response.status_code == 403
    assert says_what_happened(shown, page, case, cast)
    assert "What you typed" not in shown
    assert not has_form(shown)


def test_who_is_no_longer_in_charge_sees_who_is(cast: Cast) -> None:
    case = make_recommendation(cast, "claimed")
    address = f"{case.get_absolute_url()}evidence/{case.evidence.earliest('id').pk}/review/"
    seen = case.version
    assign(Recommendation.objects.get(pk=case.pk), cast.second_coordinator, by=cast.head)
    response = browser(cast, "coordinator").post(address, {"decision": "rejected", "reason": TYPED, "version": seen})
    shown = plain(text_of(response))
    assert response.status_code == 409
    assert f"This case is assigned to {cast.second_coordinator}." in shown
    assert "Assign a coordinator" in shown
    assert "Decision Reject" in shown
    assert f"Reason {TYPED}" in shown
    opened = text_of(browser(cast, "coordinator").get(address))
    assert f"This case is assigned to {cast.second_coordinator}." in opened
    assert 'id="happened"' not in opened, "how it came to its state is not what is in the way"


def test_the_institution_sees_nothing_internal_of_what_happened(cast: Cast) -> None:
    page = PAGES["plan"]
    case = page.make(cast)
    form = page.form(case) | {"version": case.version}
    case = overtake(page, case, cast)
    comment(case, "Hidden (test)", by=cast.coordinator, is_internal=True)
    shown = text_of(browser(cast, page.by).post(page.address(case), form))
    assert says_what_happened(shown, page, case, cast)
    assert "Hidden (test)" not in shown
