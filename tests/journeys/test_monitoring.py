"""A monitoring in Kyrgyz, by clicks: from the plan-schedule that names it to a recommendation that is issued."""

import pytest

from cases.analysis.models import Finding
from cases.followup.demo.people import People
from cases.followup.models import Recommendation
from cases.planning.models import Deliverable, Engagement, PlanSchedule
from cases.planning.stages import load_stages
from cases.registry.catalogues import load_catalogues
from cases.registry.models import Criterion, LegalAct
from cases.registry.verbs import add_act
from tests.journeys.walking import Town, Walker
from tests.kinds.engagements import SMALL
from workflow.case import Case
from workflow.models import Expectation
from workflow.terms import legal_date

pytestmark = pytest.mark.browser

MOST_STEPS = 80
"""Links followed and buttons pressed, of four people together. Each begins at their inbox, where the case waits."""


@pytest.fixture
def order(made: People) -> LegalAct:
    """The list of deliverables, the catalogues, and an order to plan and to approve by."""
    load_stages(SMALL)
    load_catalogues()
    return add_act(by=made["registrar"], kind="order", number="7", date=str(legal_date()), title_ky="Буйрук (test)")


def test_a_monitoring_goes_from_its_plan_to_an_issued_recommendation(town: Town, made: People, order: LegalAct) -> None:
    coordinator, lead = town.of(made["coordinator"]), town.of(made["contractor_lead"])
    head, leader = town.of(made["department_head"]), town.of(made["ministry_leader"])
    plan = draft_the_plan(coordinator, order)
    put_it_in_force(head, leader, plan, order)
    engagement = plan_it(coordinator)
    conclude_the_contract(coordinator, head, engagement, made)
    agree_on_the_calendar(coordinator, lead, head, leader)
    collect(coordinator, head, engagement)
    find(coordinator, lead, head, engagement)
    recommend(coordinator, engagement)
    assert state_of(Recommendation.objects.get()) == "issued"
    assert Expectation.objects.open().of("recommendation", Recommendation.objects.get().pk).get().action == "respond"
    for walker in (coordinator, head, leader):
        assert walker.page.locator("html").get_attribute("lang") == "ky"
    assert town.steps() <= MOST_STEPS


def draft_the_plan(coordinator: Walker, order: LegalAct) -> PlanSchedule:
    year = legal_date().year
    coordinator.go("/plans/")
    coordinator.act("/plans/new/", title="План-график (test)", first_year=year, last_year=year + 1)
    plan = PlanSchedule.objects.get()
    coordinator.act(
        f"{plan.get_absolute_url()}items/add/",
        title="Инженердик программалар (test)",
        directions=[1],
        levels=["university"],
        institutions="KSTU\nC-001\nL-001",
        legal_basis=str(order.pk),
    )
    act(coordinator, plan, "submit")
    assert state_of(plan) == "submitted"
    return plan


def put_it_in_force(head: Walker, leader: Walker, plan: PlanSchedule, order: LegalAct) -> None:
    come(head, plan)
    act(head, plan, "agree")
    come(leader, plan)
    act(leader, plan, "approve", approval_act_id=str(order.pk))
    come(head, plan)
    act(head, plan, "put_in_force")
    assert state_of(plan) == "in_force"


def plan_it(coordinator: Walker) -> Engagement:
    coordinator.go("/engagements/new/")
    [item] = PlanSchedule.objects.get().items.all()
    coordinator.act(f"?item={item.pk}", goal="Программалардын сапатын баалоо (test)")
    engagement = Engagement.objects.get()
    act(coordinator, engagement, "start")
    assert state_of(engagement) == "preparation"
    return engagement


def conclude_the_contract(coordinator: Walker, head: Walker, engagement: Engagement, made: People) -> None:
    decision = deliverable("contractor_decision")
    coordinator.follow(decision.get_absolute_url())
    submit(coordinator, decision)
    come(head, decision)
    act(head, decision, "approve")
    coordinator.follow(engagement.get_absolute_url())
    day = legal_date()
    act(
        coordinator, engagement, "conclude_contract",
        number="1/26", signed_on=day, contractor_id=str(made.organisations["K-001"].pk), amount="1 200 000,50",
        starts=day, ends=day.replace(year=day.year + 1, day=1),
    )  # fmt: skip


def agree_on_the_calendar(coordinator: Walker, lead: Walker, head: Walker, leader: Walker) -> None:
    """Three agree, two of them at once, and one of these approves."""
    calendar = deliverable("calendar_plan")
    come(lead, calendar)
    submit(lead, calendar)
    for walker in (coordinator, head, leader):
        come(walker, calendar)
        act(walker, calendar, "agree")
    act(leader, calendar, "approve")
    assert state_of(calendar) == "approved"


def collect(coordinator: Walker, head: Walker, engagement: Engagement) -> None:
    coordinator.follow(engagement.get_absolute_url())
    act(coordinator, engagement, "begin_collection")
    record = deliverable("quality_control")
    coordinator.follow(record.get_absolute_url())
    submit(coordinator, record)
    come(head, record)
    act(head, record, "approve")
    coordinator.follow(engagement.get_absolute_url())
    act(coordinator, engagement, "begin_analysis")
    assert state_of(engagement) == "analysis"


def find(coordinator: Walker, lead: Walker, head: Walker, engagement: Engagement) -> None:
    """A finding is confirmed by the approval of the list."""
    listed = deliverable("findings")
    lead.follow(engagement.get_absolute_url())
    criterion = Criterion.objects.get(catalogue__code="REG-8", code="1.2")
    lead.act(
        f"{engagement.get_absolute_url()}findings/add/",
        kind="deficiency", direction="1", criterion=criterion.reference, institutions="KSTU",
        statement_ky="Программалар жаңыртылган эмес (test)", source="2019-жылдын окуу пландары (test)",
    )  # fmt: skip
    finding = Finding.objects.get()
    act(lead, finding, "propose")
    come(lead, listed)
    submit(lead, listed)
    come(coordinator, listed)
    act(coordinator, listed, "agree")
    come(head, listed)
    act(head, listed, "approve")
    assert state_of(finding) == "confirmed"


def recommend(coordinator: Walker, engagement: Engagement) -> None:
    finding = Finding.objects.get()
    coordinator.go(finding.get_absolute_url())
    coordinator.follow(f"/recommendations/new/?finding={finding.number}")
    coordinator.main.locator("details:has([name=source_kind]) > summary").click()
    coordinator.fill(
        source_kind="monitoring_report",
        source_title="Байкоо жыйынтыгы (test)",
        text_ky="Программалар жаңыртылсын (test)",
        due=legal_date().replace(year=legal_date().year + 1, day=1),
    )
    assert coordinator.send() == 200, coordinator.complaints()
    [recommendation] = Recommendation.objects.all()
    assert (recommendation.engagement, recommendation.institution.code) == (engagement, "KSTU")
    assert [one.finding for one in recommendation.finding_links.all()] == [finding]
    act(coordinator, recommendation, "issue")


def deliverable(kind: str) -> Deliverable:
    return Deliverable.objects.get(row__kind=kind)


def submit(drafter: Walker, case: Deliverable) -> None:
    drafter.act(f"{case.get_absolute_url()}write/", text_ky="Даярдалган текст (test)")
    act(drafter, case, "submit")


def come(person: Walker, case: Case) -> None:
    """From their inbox."""
    person.go("/")
    assert person.follow(case.get_absolute_url()) == 200


def act(person: Walker, case: Case, action: str, **fields: object) -> None:
    assert person.act(f"{case.get_absolute_url()}act/{action}/", **fields) == 200, (case, action, person.complaints())


def state_of(case: Case) -> str:
    return str(type(case)._default_manager.get(pk=case.pk).state)
