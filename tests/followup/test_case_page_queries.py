"""The page of a case: a constant number of queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.desk.leading import assign
from cases.desk.models import Comment
from cases.followup.models import (
    Contributor,
    Evidence,
    Extension,
    InterimDeadline,
    Measure,
    Recommendation,
    RecommendationText,
    ResponseVersion,
    SourceDocument,
)
from cases.followup.verbs import (
    Draft,
    draft_recommendation,
    edit_draft,
    translate,
)
from tests.cast import Cast, person
from tests.factories import make_recommendation, make_source, stay
from tests.followup.pages import browser
from workflow.door import perform
from workflow.roles import Role
from workflow.terms import legal_date
from workflow.trail.recording import record

pytestmark = pytest.mark.slow

TODAY = legal_date()


def add_children(cast: Cast, case: Recommendation, many: int) -> None:
    """As many of everything that stands beside a case."""
    places, day = range(100, 100 + many), TODAY + timedelta(days=1)
    plan = case.plan_now()
    Contributor.objects.bulk_create(Contributor(recommendation=case, name=f"Unit {n}") for n in places)
    InterimDeadline.objects.bulk_create(InterimDeadline(recommendation=case, due=day, topic=f"{n}") for n in places)
    RecommendationText.objects.bulk_create(
        RecommendationText(recommendation=case, language="ru", version=n, text=f"Text {n}") for n in places
    )
    ResponseVersion.objects.bulk_create(
        ResponseVersion(recommendation=case, version=n, response="accepted", given_by=cast.rector) for n in places
    )
    Comment.objects.bulk_create(
        Comment(
            subject_type="recommendation", subject_id=case.pk, text=f"{n}", is_internal=n % 2 == 0, written_by=cast.head
        )
        for n in places
    )
    measures = Measure.objects.bulk_create(
        Measure(plan=plan, position=n, text=f"{n}", responsible="Library", due=day) for n in places
    )
    Evidence.objects.bulk_create(
        Evidence(recommendation=case, measure=measure, name="a.pdf", path=f"{case.pk}/{measure.pk}", size=1,
                 received_from=cast.officer, decided_by=cast.coordinator)
        for measure in measures
    )  # fmt: skip
    extensions = Extension.objects.bulk_create(
        Extension(recommendation=case, number=f"{case.number}-E{n}", until=day, due_before=TODAY, level="coordinator",
                  requested_by=cast.officer, decided_by=cast.coordinator, state="refused")
        for n in places
    )  # fmt: skip
    record(stay(extension, "create", cast.officer) for extension in extensions)
    for n in places:
        translate(case, "en", f"Text {n}", by=cast.coordinator, is_checked=True)
        make_recommendation(cast, "closed", predecessor=case)


@pytest.mark.parametrize("who", ["coordinator", "rector", "leader"])
def test_the_page_takes_the_same_queries_whatever_stands_beside_the_case(cast: Cast, who: str) -> None:
    counts = []
    for many in (2, 50):
        case = make_recommendation(cast, "in_progress")
        add_children(cast, case, many)
        client = browser(cast, who)
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(case.get_absolute_url()).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 12


def test_a_history_that_names_people_institutions_and_sources_stays_within_the_queries(cast: Cast) -> None:
    draft = Draft(
        institution=cast.university, department=cast.department, texts={"ky": "Текст"}, cause="Criterion 1",
        due=TODAY + timedelta(days=90), source=make_source(cast.department), coordinator=cast.coordinator,
    )  # fmt: skip
    case = draft_recommendation(draft, by=cast.coordinator)
    other: dict[str, Any] = {
        "institution": cast.college,
        "source": SourceDocument.objects.create(department=cast.department, kind="audit", title="Audit (test)"),
    }
    edit_draft(case, Draft(**(vars(draft) | other)), by=cast.coordinator, version=case.version)
    edit_draft(case, draft, by=cast.coordinator, version=case.version)
    idle = person("Idle", (cast.department, Role.COORDINATOR))
    assign(case, idle, by=cast.head)
    assign(case, cast.coordinator, by=cast.head)
    perform(case, "issue", by=cast.coordinator)
    client = browser(cast, "coordinator")
    with CaptureQueriesContext(connection) as queries:
        html = client.get(case.get_absolute_url()).content.decode()
    for name in ("Audit (test)", "COL (test)", "Idle (test)"):
        assert name in html
    assert len(queries) <= 13
