"""A monitoring that was copied from plan-schedule to plan-schedule begins once; a department prepares one at a time."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.urls import reverse

from cases.planning import verbs
from cases.planning.models import Engagement, PlanItem, PlanSchedule
from cases.planning.stages import load_stages
from cases.planning.verbs import PlanFacts
from tests.cast import Cast, make_cast
from tests.conftest import Opened
from tests.kinds.engagements import SMALL, make_engagement
from tests.kinds.planning import item_facts, legal_act, make_plan
from tests.planning.pages import page
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State as EngagementState
from workflow.lifecycles.plan_schedule import State

pytestmark = pytest.mark.django_db


def begin(cast: Cast, item: PlanItem) -> Engagement:
    load_stages(SMALL)
    return verbs.plan_engagement(cast.department, verbs.facts_of(item), by=cast.coordinator, item=item)


def copy_of(cast: Cast, plan: PlanSchedule, year: int = 2027) -> PlanSchedule:
    return verbs.draft_plan(cast.department, "Next (test)", (year, year), by=cast.coordinator, copied=plan)


def put_in_force(cast: Cast, plan: PlanSchedule) -> None:
    """In place of the one before, whose period it is drafted for."""
    facts = PlanFacts(plan.title, (2026, 2026), "Later (test).")
    verbs.edit_plan(plan, facts, by=cast.coordinator, version=plan.version)
    perform(plan, "submit", by=cast.coordinator)
    perform(plan, "agree", by=cast.head)
    perform(plan, "approve", by=cast.leader, approval_act_id=legal_act().pk)
    perform(plan, "put_in_force", by=cast.head)


def test_the_copy_of_a_begun_monitoring_is_marked_and_cannot_begin_again(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.IN_FORCE)
    engagement = begin(cast, plan.items.get())
    copy = copy_of(cast, copy_of(cast, plan), 2028)
    shown = page(at(cast.coordinator), copy.get_absolute_url())
    assert "Begun already:" in shown
    assert engagement.get_absolute_url() in shown
    with pytest.raises(Refused, match=f"has begun already: {engagement.number}"):
        begin(cast, copy.items.get())
    put_in_force(cast, copy)
    choose = page(at(cast.coordinator), reverse("engagement_new"))
    assert "Every monitoring of the plan-schedule in force has begun" in choose
    address = f"{reverse('engagement_new')}?item={copy.items.get().pk}"
    assert at(cast.coordinator).get(address).status_code == 404


def test_one_that_begins_in_the_copy_has_begun_in_the_original_too(cast: Cast) -> None:
    plan = make_plan(cast, State.IN_FORCE)
    copy = copy_of(cast, plan)
    begin(cast, copy.items.get())
    with pytest.raises(Refused, match="has begun already"):
        begin(cast, plan.items.get())


def test_a_cancelled_one_can_begin_again(cast: Cast) -> None:
    plan = make_plan(cast, State.IN_FORCE)
    engagement = begin(cast, plan.items.get())
    copy = copy_of(cast, plan)
    perform(engagement, "cancel", by=cast.leader, reason="So (test).", cancelling_act_id=legal_act().pk)
    assert begin(cast, copy.items.get()).number != engagement.number


def test_what_was_carried_out_is_planned_anew(cast: Cast) -> None:
    plan = make_plan(cast, State.IN_FORCE)
    engagement = make_engagement(cast, EngagementState.FOLLOW_UP)
    Engagement.objects.filter(pk=engagement.pk).update(plan_item=plan.items.get())
    with pytest.raises(Refused, match="has begun already"):
        begin(cast, plan.items.get())
    assert begin(cast, copy_of(cast, plan).items.get()).number != engagement.number


def test_the_main_one_finds_its_pilot_that_began_by_the_plan_before(cast: Cast) -> None:
    plan = make_plan(cast)
    main = plan.items.get()
    pilot = verbs.add_item(
        plan, item_facts(cast, kind="pilot", title="Pilot (test)"), by=cast.coordinator, version=plan.version
    )
    PlanItem.objects.filter(pk=main.pk).update(pilot=pilot)
    running = begin(cast, pilot)
    copy = copy_of(cast, PlanSchedule.objects.get(pk=plan.pk))
    assert verbs.facts_of(copy.items.get(kind="main")).pilot == running


def test_the_page_of_a_plan_in_force_leads_to_what_has_begun_and_offers_the_rest(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.IN_FORCE)
    address = f'{reverse("engagement_new")}?item={plan.items.get().pk}"'
    assert address in page(at(cast.coordinator), plan.get_absolute_url())
    assert address not in page(at(cast.head), plan.get_absolute_url())
    engagement = begin(cast, plan.items.get())
    for who in (cast.coordinator, cast.head):
        shown = page(at(who), plan.get_absolute_url())
        assert engagement.number in shown
        assert address not in shown
    assert engagement.number not in page(at(cast.rector), plan.get_absolute_url())


@pytest.mark.parametrize("years", [(2027, 2027), (2025, 2026), (2026, 2028)])
def test_a_second_plan_for_one_of_its_years_is_refused(cast: Cast, years: tuple[int, int]) -> None:
    plan = make_plan(cast, State.SUBMITTED, years=(2026, 2027))
    with pytest.raises(Refused, match=f"{plan.number} for 2026–2027 is being prepared already") as refused:
        verbs.draft_plan(cast.department, "Second (test)", years, by=cast.coordinator)
    assert refused.value.about == "first_year"
    other = verbs.draft_plan(cast.department, "Later (test)", (2030, 2030), by=cast.coordinator)
    with pytest.raises(Refused, match="is being prepared already"):
        verbs.edit_plan(other, PlanFacts("Later (test)", years), by=cast.coordinator, version=other.version)
    verbs.edit_plan(other, PlanFacts("Later (test)", (2028, 2031)), by=cast.coordinator, version=other.version)


def test_a_plan_for_the_years_of_one_in_force_is_drafted(cast: Cast) -> None:
    make_plan(cast, State.IN_FORCE)
    assert verbs.draft_plan(cast.department, "Corrected (test)", (2026, 2026), by=cast.coordinator).pk


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_drafted_at_once_one_is_refused(transactional_db: None) -> None:
    cast = make_cast()
    together, outcomes = Barrier(2), []

    def draft() -> None:
        together.wait()
        try:
            verbs.draft_plan(cast.department, "Plan (test)", (2026, 2026), by=cast.coordinator)
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=draft) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]


def test_the_database_keeps_two_of_one_year_from_being_prepared(cast: Cast) -> None:
    make_plan(cast)
    other = make_plan(cast, years=(2028, 2028))
    with pytest.raises(IntegrityError, match="plan_schedule_prepared_once"):
        PlanSchedule.objects.filter(pk=other.pk).update(first_year=2026)
