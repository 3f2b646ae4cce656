"""Proposals of monitorings: written, approved, and decided on in the plan-schedule of the next period."""

from typing import Any

import pytest
from django.db.utils import IntegrityError
from django.urls import reverse

from cases.planning import verbs
from cases.planning.models import Deliverable, PlanSchedule, ProposalDecision, ProposalLine, Weighing
from cases.planning.verbs import Weighed
from cases.registry.models import ProgrammeArea
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import make_engagement
from tests.kinds.planning import legal_act, make_plan
from tests.kinds.proposals import approved_proposal, propose_next
from tests.planning.lines import add, address, lines_of, of_kind
from tests.planning.pages import page
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State as EngagementState
from workflow.models import Event
from workflow.trail.readable import readable

pytestmark = pytest.mark.django_db
WAITS = "Proposals of monitorings wait for a decision: Look at the practical training"


def weigh(cast: Cast, plan: PlanSchedule, line: ProposalLine, **weighed: Any) -> None:
    verbs.weigh(plan, line, Weighed(**weighed), by=cast.coordinator, version=plan.version)


def test_a_plan_is_not_submitted_before_each_proposal_is_decided_on(cast: Cast, at: Opened) -> None:
    line, plan = approved_proposal(cast), make_plan(cast)
    shown = page(at(cast.coordinator), plan.get_absolute_url())
    assert "1 approved proposal waits for a decision" in shown
    assert "Half of the graduates find no work (test)" in shown
    with pytest.raises(Refused, match=WAITS):
        perform(plan, "submit", by=cast.coordinator)
    where_to = reverse("plan_weigh", args=[plan.number, line.deliverable.number, line.place])
    client = at(cast.coordinator)
    sent = {"decision": "not_taken", "reason": "No money in this year (test).", "version": plan.version}
    assert client.post(where_to, sent).status_code == 302
    outcome = f"Not taken into {plan.number}: No money in this year (test)."
    for where in (plan, line.deliverable, line.deliverable.engagement):
        assert outcome in page(client, where.get_absolute_url())
    assert perform(PlanSchedule.objects.get(pk=plan.pk), "submit", by=cast.coordinator)
    event = Event.objects.of("plan_schedule", plan.pk).get(action="weigh")
    told = {detail.label: detail.new for detail in readable([event])[event.pk]}
    assert (told["Decision"], told["Reason"]) == ("Not taken", "No money in this year (test).")
    assert line.reference in told["Proposal"]


def test_a_monitoring_is_planned_from_a_proposal_and_keeps_the_link(cast: Cast, at: Opened) -> None:
    line, plan, client = approved_proposal(cast), make_plan(cast), at(cast.coordinator)
    where_to = f"{reverse('plan_item_add', args=[plan.number])}?proposal={line.deliverable.number},{line.place}"
    assert where_to in page(client, plan.get_absolute_url())
    form = page(client, where_to)
    assert 'value="Look at the practical training (test)"' in form
    assert "UNI – UNI (test)</textarea>" in form
    sent = {
        "kind": "main", "title": "Practical training (test)", "directions": ["5"], "levels": ["university"],
        "institutions": "UNI", "starts": "01.04.2026", "ends": "30.09.2026", "legal_basis": legal_act().pk,
        "version": plan.version,
    }  # fmt: skip
    assert client.post(where_to, sent).status_code == 302
    item = plan.items.get(place=2)
    assert (item.title, item.weighings.get().line) == ("Practical training (test)", line)
    assert f"Taken into {plan.number}, item 2" in page(client, line.deliverable.get_absolute_url())
    assert f"Takes up the proposal: {line.reference}" in page(client, plan.get_absolute_url())
    event = Event.objects.of("plan_schedule", plan.pk).latest("id")
    assert event.action == "weigh"
    plan.refresh_from_db()
    item.plan = plan
    verbs.remove_item(item, by=cast.coordinator, version=plan.version)
    assert [waiting.pk for waiting in PlanSchedule.objects.get(pk=plan.pk).unweighed()] == [line.pk]


def test_a_draft_decides_otherwise_and_another_plan_does_not(cast: Cast) -> None:
    line, plan = approved_proposal(cast), make_plan(cast)
    weigh(cast, plan, line, decision="partly", item=plan.items.get(), reason="Only the colleges (test).")
    assert str(Weighing.objects.get()) == f"Taken in part into {plan.number}, item 1: Only the colleges (test)."
    weigh(cast, plan, line, decision="taken", item=plan.items.get())
    assert str(Weighing.objects.get()) == f"Taken into {plan.number}, item 1"
    other = make_plan(cast, years=(2028, 2028))
    with pytest.raises(Refused, match=f"decided on already: Taken into {plan.number}, item 1"):
        weigh(cast, other, line, decision="not_taken", reason="Later (test).")


@pytest.mark.parametrize(
    ("weighed", "sentence", "about"),
    [
        ({"decision": "not_taken", "reason": " "}, "Say why it is not taken", "reason"),
        ({"decision": "partly", "with_item": True}, "Say why it is not taken", "reason"),
        ({"decision": "taken"}, "Choose the monitoring that takes it up", "item"),
        ({"decision": "not_taken", "with_item": True, "reason": "So."}, "has no monitoring", "item"),
        ({"decision": "taken", "of_another": True}, "Choose a monitoring of this plan-schedule.", "item"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused(
    cast: Cast, weighed: dict[str, Any], sentence: str, about: str
) -> None:
    line, plan = approved_proposal(cast), make_plan(cast)
    if weighed.pop("with_item", False):
        weighed["item"] = plan.items.get()
    if weighed.pop("of_another", False):
        weighed["item"] = make_plan(cast, years=(2028, 2028)).items.get()
    with pytest.raises(Refused, match=sentence) as refused:
        weigh(cast, plan, line, **weighed)
    assert refused.value.about == about
    assert not Weighing.objects.exists()


def test_only_approved_proposals_of_the_department_wait(cast: Cast) -> None:
    engagement = make_engagement(cast, EngagementState.FOLLOW_UP)
    line = propose_next(cast, Deliverable.objects.get(engagement=engagement, row__kind="proposals"))
    plan = make_plan(cast)
    assert plan.unweighed() == []
    with pytest.raises(Refused, match="This proposal is not approved now."):
        weigh(cast, plan, line, decision="not_taken", reason="Later (test).")


def test_a_proposal_that_is_decided_on_stays_as_it_is(cast: Cast, at: Opened) -> None:
    line, plan = approved_proposal(cast), make_plan(cast)
    weigh(cast, plan, line, decision="not_taken", reason="Later (test).")
    deliverable = line.deliverable
    perform(deliverable, "reopen", by=cast.head, reason="One more (test).")
    [line] = [one for one in deliverable.lines_now() if isinstance(one, ProposalLine)]
    sentence = f"stays as it is: Not taken into {plan.number}: Later"
    with pytest.raises(Refused, match=sentence):
        verbs.change_line(line, {"proposal": "Other"}, by=cast.coordinator, version=deliverable.version)
    with pytest.raises(Refused, match=sentence):
        verbs.remove_line(line, by=cast.coordinator, version=deliverable.version)
    with pytest.raises(Refused, match=sentence):
        verbs.take_table(deliverable, [], by=cast.coordinator, version=deliverable.version, replaces=True)
    assert reverse("line_edit", args=[deliverable.number, 1]) not in page(
        at(cast.coordinator), deliverable.get_absolute_url()
    )
    assert propose_next(cast, deliverable, proposal="Another (test)").place == 2


def test_proposals_are_typed_and_brought_as_a_table(cast: Cast, at: Opened) -> None:
    ProgrammeArea.objects.create(code="MED", name="Medicine")
    engagement = make_engagement(cast, EngagementState.FOLLOW_UP)
    deliverable, client = of_kind(engagement, "proposals"), at(cast.coordinator)
    shown = add(client, deliverable).content.decode()
    assert "5. Practical training" in shown
    deliverable.refresh_from_db()
    table = "Proposal\tProgramme area\tGrounds\nMore of it (test)\tmed\tSo (test)"
    sent = {"pasted": table, "version": deliverable.version}
    assert client.post(address("lines_import", deliverable), sent).status_code == 302
    assert [(line["proposal"], line["institution"], line["area"]) for line in lines_of(deliverable)] == [
        ("Look at the practical training (test).", "UNI", ""), ("More of it (test)", "", "MED"),
    ]  # fmt: skip
    wrong = {"pasted": table.replace("med", "no-such"), "version": deliverable.version + 1}
    assert (
        "No active programme area has this code or name: no-such."
        in client.post(address("lines_import", deliverable), wrong).content.decode()
    )
    assert client.get(address("lines_export", deliverable)).status_code == 200


def test_a_proposal_names_an_institution_or_a_programme_area(cast: Cast) -> None:
    area = ProgrammeArea.objects.create(code="MED", name="Medicine")
    engagement = make_engagement(cast, EngagementState.FOLLOW_UP)
    deliverable = Deliverable.objects.get(engagement=engagement, row__kind="proposals")
    with pytest.raises(Refused, match="Name an institution or a programme area, not both") as refused:
        propose_next(cast, deliverable, area=area)
    assert refused.value.about == "area"
    assert propose_next(cast, deliverable, area=area, institution=None).contents()["area"] == "MED"


def test_the_database_wants_a_reason_and_a_monitoring(cast: Cast) -> None:
    line, plan = approved_proposal(cast), make_plan(cast)
    with pytest.raises(IntegrityError, match=r"weighing_(item|reason)_where"):
        Weighing.objects.create(line=line, plan=plan, decision=ProposalDecision.PARTLY)


@pytest.mark.parametrize(("who", "sees"), [("observer", True), ("head", True), ("rector", False)])
def test_institutions_do_not_see_what_was_proposed(cast: Cast, at: Opened, who: str, sees: bool) -> None:
    line, plan = approved_proposal(cast), make_plan(cast)
    weigh(cast, plan, line, decision="taken", item=plan.items.get())
    perform(plan, "submit", by=cast.coordinator)
    perform(plan, "agree", by=cast.head)
    perform(plan, "agree", by=cast.leader)
    perform(plan, "approve", by=cast.leader, approval_act_id=legal_act().pk)
    perform(plan, "put_in_force", by=cast.head)
    shown = page(at(getattr(cast, who)), plan.get_absolute_url())
    assert (line.reference in shown, str(line) in shown) == (sees, sees)
