"""Interim deadlines: each is owed under its own key until a file or a reason meets it, and is never lost unmet."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from cases.followup.models import Evidence, InterimDeadline, Recommendation
from cases.followup.verbs import attach, explain, review_evidence
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.followup.files import upload
from tests.followup.pages import Opened, Page, blocked_buttons, plain, text_of
from workflow.door import Refused, perform
from workflow.models import Event, Expectation
from workflow.terms import legal_date

TODAY = legal_date()
FIRST, SECOND = TODAY + timedelta(days=20), TODAY + timedelta(days=60)


@pytest.fixture(autouse=True)
def evidence_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.fixture
def case(cast: Cast) -> Recommendation:
    """Just agreed, with two interim deadlines that say the same, and no evidence yet."""
    made = make_recommendation(cast, "under_review")
    for due in (FIRST, SECOND):
        InterimDeadline.objects.create(recommendation=made, due=due, topic="Report to the council")
    perform(made, "agree_plan", by=cast.coordinator)
    return made


def owed(case: Recommendation) -> list[tuple[str, str]]:
    """(key, role) of what is owed on interim deadlines."""
    rows = Expectation.objects.open().of("recommendation", case.pk).filter(key__startswith="interim:")
    return [(row.key, row.role) for row in rows.order_by("due")]


def keys(case: Recommendation) -> list[str]:
    return [f"interim:{interim.pk}" for interim in case.interim_deadlines.all()]


def prove_measures(case: Recommendation, cast: Cast) -> None:
    for measure in case.measures_now():
        attach(case, upload(), by=cast.officer, measure=measure)


def test_each_is_owed_by_the_institution_on_its_own_date(case: Recommendation) -> None:
    first, second = keys(case)
    assert owed(case) == [(first, "institution_officer"), (second, "institution_officer")]
    rows = Expectation.objects.open().of("recommendation", case.pk).filter(key__startswith="interim:").order_by("due")
    assert [(row.action, row.due, row.topic, row.helper_role) for row in rows] == [
        ("evidence", due, "Report to the council", "institution_head") for due in (FIRST, SECOND)
    ]


def test_a_file_meets_exactly_the_deadline_that_it_is_for(case: Recommendation, cast: Cast) -> None:
    first, second = case.interim_deadlines.all()
    attach(case, upload(), by=cast.officer, interim=second)
    assert owed(case) == [(f"interim:{first.pk}", "institution_officer")]
    assert Evidence.objects.get().interim == second
    event = Event.objects.of("recommendation", case.pk).latest("pk")
    assert f"{SECOND:%d.%m.%Y} Report to the council" in event.details.text


def test_a_file_for_nothing_in_particular_or_for_a_measure_meets_none(case: Recommendation, cast: Cast) -> None:
    attach(case, upload(), by=cast.officer)
    prove_measures(case, cast)
    assert [key for key, _role in owed(case)] == keys(case)


def test_a_new_version_of_a_file_still_meets_it(case: Recommendation, cast: Cast) -> None:
    first, second = case.interim_deadlines.all()
    old = attach(case, upload(), by=cast.officer, interim=first)
    assert attach(case, upload("better.pdf"), by=cast.officer, replaces=old).interim == first
    assert owed(case) == [(f"interim:{second.pk}", "institution_officer")]


def test_a_reason_settles_it_and_is_on_the_trail(case: Recommendation, cast: Cast) -> None:
    first, second = case.interim_deadlines.all()
    explain(first, "The council did not meet.", by=cast.officer, recommendation=case)
    assert owed(case) == [(f"interim:{second.pk}", "institution_officer")]
    details = Event.objects.of("recommendation", case.pk).latest("pk").details.text
    assert "The council did not meet." in details
    assert "Report to the council" in details


def test_nothing_is_reported_as_done_while_one_is_unmet(case: Recommendation, cast: Cast, page: Page) -> None:
    prove_measures(case, cast)
    reason = "Add evidence to each interim deadline, or say why there is none."
    with pytest.raises(Refused, match="interim deadline"):
        perform(case, "claim", by=cast.rector)
    assert blocked_buttons(page(case, "rector"))["Report as done"] == (reason,)
    for interim in case.interim_deadlines.all():
        explain(interim, "Not needed any more.", by=cast.officer, recommendation=case)
    perform(case, "claim", by=cast.rector)
    assert (case.state, owed(case)) == ("claimed", [])


def test_one_whose_file_is_rejected_is_owed_again_when_the_claim_is(case: Recommendation, cast: Cast) -> None:
    prove_measures(case, cast)
    files = [attach(case, upload(), by=cast.officer, interim=interim) for interim in case.interim_deadlines.all()]
    perform(case, "claim", by=cast.rector)
    review_evidence(files[0], "rejected", "It is empty.", by=cast.coordinator)
    case.refresh_from_db()
    perform(case, "not_confirmed", by=cast.coordinator, reason="The report is missing.")
    assert [key for key, _role in owed(case)] == keys(case)[:1]


def test_another_cases_deadline_is_not_taken(case: Recommendation, cast: Cast) -> None:
    other = make_recommendation(cast, "in_progress")
    foreign = InterimDeadline.objects.create(recommendation=other, due=FIRST)
    with pytest.raises(Refused, match="another recommendation"):
        attach(case, upload(), by=cast.officer, interim=foreign)
    with pytest.raises(Refused, match="another recommendation"):
        explain(foreign, "No.", by=cast.officer, recommendation=case)
    assert Evidence.objects.filter(interim=foreign).count() == 0


def test_the_officer_chooses_on_the_form_what_a_file_proves(case: Recommendation, cast: Cast, as_: Opened) -> None:
    first, second = case.interim_deadlines.all()
    client = as_("officer")
    address = f"/recommendations/{case.number}/evidence/"
    assert f'<option value="{second.pk}" selected>' in text_of(client.get(address, {"interim": second.pk}))
    assert client.post(address, {"interim": second.pk, "file": upload()}).status_code == 302
    assert Evidence.objects.get().interim == second
    bare = make_recommendation(cast, "in_progress")
    assert "Interim deadline that it meets" not in text_of(client.get(f"/recommendations/{bare.number}/evidence/"))


def test_the_officer_says_on_a_page_why_there_is_none(case: Recommendation, cast: Cast, as_: Opened) -> None:
    first, _second = case.interim_deadlines.all()
    address = f"/recommendations/{case.number}/interim/{first.pk}/explain/"
    client = as_("officer")
    assert "Report to the council" in text_of(client.get(address))
    assert client.post(address, {"reason": " "}).status_code == 422
    response = client.post(address, {"reason": "The council did not meet."})
    assert (response.status_code, response["Location"]) == (302, f"{case.get_absolute_url()}#interim")
    first.refresh_from_db()
    assert first.unproved_reason == "The council did not meet."
    foreign = make_recommendation(cast, "in_progress")
    assert client.get(address.replace(case.number, foreign.number)).status_code == 404
    assert as_("coordinator").get(address).status_code == 403


def test_the_page_says_which_are_met_and_when(case: Recommendation, cast: Cast, page: Page) -> None:
    first, _second = case.interim_deadlines.all()
    attach(case, upload("minutes.pdf"), by=cast.officer, interim=first)
    html = page(case, "coordinator").partition('aria-labelledby="interim"')[2].partition("</section>")[0]
    rows = [plain(row) for row in html.split("<tr>")[2:]]
    assert f"{FIRST:%d.%m.%Y} Report to the council met minutes.pdf {TODAY:%d.%m.%Y} Received" in rows[0]
    assert f"{SECOND:%d.%m.%Y}" in rows[1]
    assert "not met" in rows[1]
