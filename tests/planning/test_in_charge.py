"""Another coordinator is put in charge of a monitoring or of a plan-schedule, and all goes on with them."""

import pytest

from cases.desk.leading import assign
from cases.planning.models import Deliverable, Engagement, PlanSchedule
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import LATER, make_engagement
from tests.kinds.planning import make_plan
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State
from workflow.models import Event, Expectation

pytestmark = pytest.mark.django_db


def test_the_head_puts_another_coordinator_in_charge_of_a_monitoring(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    owed = Deliverable.objects.get(engagement=engagement, stage="collection")
    address = f"/engagements/{engagement.number}/assign/"
    assert address in at(cast.head).get(engagement.get_absolute_url()).content.decode()
    assert address not in at(cast.lead).get(engagement.get_absolute_url()).content.decode()
    page = at(cast.head).get(address).content.decode()
    assert "In charge now: Aigul (test)." in page
    sent = {"coordinator": cast.second_coordinator.pk, "version": engagement.version}
    answer = at(cast.head).post(address, sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, engagement.get_absolute_url())
    engagement = Engagement.objects.get(pk=engagement.pk)
    assert engagement.coordinator == cast.second_coordinator
    rows = Expectation.objects.open().filter(role="coordinator")
    assert {(row.subject_type, row.subject_id, row.assignee) for row in rows} == {
        ("engagement", engagement.pk, cast.second_coordinator),
        ("deliverable", owed.pk, cast.second_coordinator),
    }
    assert set(Expectation.objects.open().values_list("in_charge", flat=True)) == {cast.second_coordinator.pk}
    assert Event.objects.of("engagement", engagement.pk).latest("pk").action == "assign"
    with pytest.raises(Refused, match="assigned to Asan"):
        assign(engagement, cast.coordinator, by=cast.coordinator)


def test_a_plan_schedule_goes_on_with_another_coordinator(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast)
    address = f"/plans/{plan.number}/assign/"
    answer = at(cast.coordinator).post(address, {"coordinator": cast.second_coordinator.pk, "version": plan.version})
    assert answer.status_code == 302
    plan = PlanSchedule.objects.get(pk=plan.pk)
    assert Expectation.objects.open().of("plan_schedule", plan.pk).get().assignee == cast.second_coordinator
    with pytest.raises(Refused, match="assigned to Asan"):
        perform(plan, "submit", by=cast.coordinator)
    perform(plan, "submit", by=cast.second_coordinator)


def test_only_a_coordinator_of_the_department_is_put_in_charge(cast: Cast) -> None:
    engagement = make_engagement(cast)
    for nobody in (cast.head, cast.lead):
        with pytest.raises(Refused, match="not a coordinator of this department"):
            assign(engagement, nobody, by=cast.head)
    with pytest.raises(Refused, match="in charge already"):
        assign(engagement, cast.coordinator, by=cast.head)
    with pytest.raises(Refused, match="You may not do this"):
        assign(engagement, cast.second_coordinator, by=cast.leader)


def test_somebody_is_put_in_charge_while_the_monitoring_is_suspended(cast: Cast) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    perform(engagement, "suspend", by=cast.head, reason="It rests (test).", until=LATER)
    assign(engagement, cast.second_coordinator, by=cast.head)
    perform(engagement, "resume", by=cast.head)
    rows = Expectation.objects.open().filter(role="coordinator")
    assert {row.assignee for row in rows} == {cast.second_coordinator}
