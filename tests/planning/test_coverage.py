"""Coverage by what is carried out in Baikoo: published monitorings count, those that run are shown as such (REG-10)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.planning import verbs
from cases.planning.coverage import Covered, coverage, overdue_not_planned, running_now
from cases.planning.models import Engagement, PlanItem, PlanSchedule
from cases.planning.stages import load_stages
from cases.registry.models import Organisation, ProgrammeArea
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import SMALL, facts, make_engagement
from tests.kinds.planning import YEAR, make_plan
from tests.planning.pages import page
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State
from workflow.lifecycles.plan_schedule import State as PlanState
from workflow.terms import legal_date

pytestmark = pytest.mark.django_db


def row_of(code: str) -> Covered:
    return next(row for row in coverage([], running_now()) if row.subject.code == code)


def only_overdue(cast: Cast) -> PlanSchedule:
    """A draft that plans nothing, for which only the university could be overdue."""
    ProgrammeArea.objects.create(code="ENG", name="Engineering", monitored_on=legal_date())
    Organisation.objects.filter(code="COL").update(monitored_on=legal_date())
    plan = make_plan(cast)
    PlanSchedule.objects.update(explanation="")
    for item in PlanItem.objects.all():
        item.institutions.set([cast.college])
    return PlanSchedule.objects.get(pk=plan.pk)


def test_what_was_published_is_no_longer_overdue_and_a_plan_is_submitted_without_it(cast: Cast, at: Opened) -> None:
    plan = only_overdue(cast)
    engagement = make_engagement(cast, State.REPORTING)
    assert row_of("UNI").is_overdue(legal_date())
    published = make_engagement(cast, State.FOLLOW_UP)
    assert published.published_on == legal_date()
    row = row_of("UNI")
    assert (row.last, row.is_overdue(legal_date())) == (legal_date(), False)
    assert [covering.number for covering in row.planned] == [engagement.number]
    shown = page(at(cast.observer), reverse("coverage") + "?q=UNI")
    assert f"{legal_date():%d.%m.%Y}" in shown
    assert "never monitored" not in shown
    assert f'<a href="{engagement.get_absolute_url()}">{engagement.number}</a>' in shown
    assert perform(plan, "submit", by=cast.coordinator)
    table = b"".join(at(cast.observer).get(reverse("coverage_export", args=["csv"])).streaming_content).decode()  # type: ignore[attr-defined]
    [line] = [line for line in table.splitlines() if line.startswith("UNI,")]
    assert f"{legal_date():%Y-%m-%d}" in line
    assert f"{engagement.number} {engagement.title}" in line


def test_the_later_of_the_typed_and_the_published_day_counts(cast: Cast) -> None:
    make_engagement(cast, State.FOLLOW_UP)
    Organisation.objects.filter(code="UNI").update(monitored_on=legal_date() - timedelta(days=2000))
    assert row_of("UNI").last == legal_date()
    Engagement.objects.update(published_on=legal_date() - timedelta(days=3000))
    assert row_of("UNI").last == legal_date() - timedelta(days=2000)


@pytest.mark.parametrize("state", [State.PLANNED, State.COLLECTION])
def test_one_that_runs_outside_of_the_plan_is_planned_for_whom_it_names(cast: Cast, state: str) -> None:
    plan = only_overdue(cast)
    with pytest.raises(Refused, match="UNI"):
        perform(PlanSchedule.objects.get(pk=plan.pk), "submit", by=cast.coordinator)
    make_engagement(cast, state)
    assert not overdue_not_planned(PlanSchedule.objects.get(pk=plan.pk))
    assert perform(plan, "submit", by=cast.coordinator)


def test_a_cancelled_one_and_a_pilot_do_not_count(cast: Cast) -> None:
    plan = only_overdue(cast)
    make_engagement(cast, State.CANCELLED)
    pilot = make_engagement(cast, State.PLANNED, kind="pilot")
    row = row_of("UNI")
    assert [(covering.number, covering.is_pilot) for covering in row.planned] == [(pilot.number, True)]
    assert not row.is_planned
    Engagement.objects.filter(pk=pilot.pk).update(published_on=legal_date())
    assert row_of("UNI").last is None
    assert [subject.code for subject in overdue_not_planned(plan)] == ["UNI"]


def test_a_programme_area_is_covered_by_what_was_published_of_it(cast: Cast) -> None:
    area = ProgrammeArea.objects.create(code="MED", name="Medicine")
    make_engagement(cast, State.FOLLOW_UP, areas=[area])
    assert row_of("MED").last == legal_date()


def test_a_planned_monitoring_that_runs_is_shown_by_its_own_number_alone(cast: Cast, at: Opened) -> None:
    load_stages(SMALL)
    plan = make_plan(cast, PlanState.IN_FORCE)
    PlanItem.objects.update(ends=legal_date())
    shown = page(at(cast.observer), reverse("coverage") + "?q=UNI")
    assert f">{plan.number}</a> Engineering" in shown
    item = plan.items.get()
    engagement = verbs.plan_engagement(cast.department, facts(cast, off_plan_reason=""), by=cast.coordinator, item=item)
    shown = page(at(cast.observer), reverse("coverage") + "?q=UNI")
    assert f">{engagement.number}</a> Engineering" in shown
    assert f">{plan.number}</a> Engineering" not in shown


def test_coverage_asks_as_many_queries_for_four_monitorings_as_for_one(cast: Cast, at: Opened) -> None:
    make_plan(cast, PlanState.DRAFT, years=(YEAR + 1, YEAR + 1))
    counts, client = [], at(cast.observer)
    for made in (1, 3):
        for _ in range(made):
            make_engagement(cast, State.PLANNED)
        with CaptureQueriesContext(connection) as captured:
            page(client, reverse("coverage"))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 25
