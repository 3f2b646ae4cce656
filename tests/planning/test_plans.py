"""A plan-schedule from the draft to the next one: who is asked, what is kept, what is refused."""

import hashlib
import json
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.utils import translation

from cases.planning import verbs
from cases.planning.models import PlanItem, PlanSchedule, PlanVersion
from cases.registry.models import Organisation, OrganisationKind
from notifications.models import Message
from tests.cast import Cast, make_cast, organisation, person
from tests.kinds.planning import ACT, item_facts, legal_act, make_plan
from workflow.door import Refused, Stale, perform
from workflow.lifecycles.plan_schedule import State
from workflow.models import Event, Expectation
from workflow.roles import Role
from workflow.rounds.models import Round
from workflow.terms import legal_date
from workflow.trail.readable import readable

pytestmark = pytest.mark.django_db


def owed(plan: PlanSchedule) -> list[tuple[str, str, str]]:
    """Action, role and organisation of what is expected now."""
    codes = {row.pk: row.code for row in Organisation.objects.all()}
    rows = Expectation.objects.open().of("plan_schedule", plan.pk).order_by("role", "id")
    return [(row.action, row.role, codes[row.organisation_id]) for row in rows]


def told(plan: PlanSchedule, action: str) -> list[str]:
    rows = Message.objects.filter(event__number=plan.number, event__action=action, channel="in_app")
    return sorted(rows.values_list("recipient__full_name", flat=True))


def test_from_the_draft_to_the_plan_in_force(cast: Cast) -> None:
    plan = make_plan(cast, State.DRAFT)
    assert owed(plan) == [("submit", "coordinator", "DEP")]
    perform(plan, "submit", by=cast.coordinator)
    assert (plan.state, plan.submissions) == (State.SUBMITTED, 1)
    assert owed(plan) == [("agree", "department_head", "DEP"), ("agree", "ministry_leader", "MIN")]
    perform(plan, "agree", by=cast.head, remarks="Mind the dates (test).")
    assert (plan.state, owed(plan)) == (State.SUBMITTED, [("agree", "ministry_leader", "MIN")])
    perform(plan, "agree", by=cast.leader)
    assert (plan.state, owed(plan)) == (State.AGREED, [("approve", "ministry_leader", "MIN")])
    perform(plan, "approve", by=cast.leader, approval_act_id=legal_act().pk)
    assert (plan.state, plan.approval_act_id, plan.approved_on) == (State.APPROVED, ACT, legal_date())
    assert owed(plan) == [("put_in_force", "department_head", "DEP")]
    perform(plan, "put_in_force", by=cast.head)
    assert (plan.state, plan.in_force_on) == (State.IN_FORCE, legal_date())
    assert owed(plan) == [("begin_item", "coordinator", "DEP"), ("draft_next", "coordinator", "DEP")]
    seats = Round.objects.get().seats.values_list("role", "answer", "text", "answered_by__full_name")
    assert list(seats) == [
        ("department_head", "with_remarks", "Mind the dates (test).", "Bakyt (test)"),
        ("ministry_leader", "agreed", "", "Leila (test)"),
        ("ministry_leader", "agreed", "", "Leila (test)"),
    ]
    assert told(plan, "put_in_force") == [
        "Aigul (test)", "Bermet (test)", "Cholpon (test)", "Chynara (test)", "Damir (test)", "Leila (test)",
    ]  # fmt: skip


def test_only_those_get_a_letter_whose_turn_has_come(cast: Cast) -> None:
    laura = person("Laura (test)", (cast.ministry, Role.MINISTRY_LEADER))
    plan = make_plan(cast, State.SUBMITTED)
    assert told(plan, "submit") == ["Bakyt (test)", "Bermet (test)", "Leila (test)"]
    perform(plan, "agree", by=cast.head)
    assert told(plan, "agree") == ["Aigul (test)"]
    perform(plan, "agree", by=cast.leader)
    assert plan.state == State.AGREED
    assert told(plan, "agree") == ["Aigul (test)", "Aigul (test)", str(laura)]


def test_what_is_submitted_is_kept_with_its_hash(cast: Cast) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    version = PlanVersion.objects.get()
    assert json.loads(version.contents) == {
        "title": "Plan-schedule (test)",
        "years": "2026",
        "explanation": "The rest follows later (test).",
        "items": [
            {
                "place": 1,
                "kind": "main",
                "title": "Engineering (test)",
                "levels": ["university"],
                "directions": [1, 4],
                "areas": [],
                "institutions": ["COL", "UNI"],
                "starts": "2026-03-01",
                "ends": "2026-06-30",
                "legal_basis": f"A-{ACT}, № 1-7, 20.12.2025",
                "budget": "",
                "source_of_finance": "",
                "pilot": "",
            }
        ],
    }
    digest = hashlib.sha256(version.contents.encode()).hexdigest()
    assert {version.sha256, plan.sha256, Round.objects.get().sha256} == {digest}
    assert (version.number, version.submitted_by) == (1, cast.coordinator)


def test_what_is_submitted_in_one_language_is_agreed_in_another(cast: Cast) -> None:
    with translation.override("ky"):
        plan = make_plan(cast, State.SUBMITTED)
    with translation.override("ru"):
        perform(PlanSchedule.objects.get(pk=plan.pk), "agree", by=cast.head)
    with translation.override("en"):
        perform(PlanSchedule.objects.get(pk=plan.pk), "agree", by=cast.leader)
    assert PlanSchedule.objects.get().state == State.AGREED


def test_the_trail_says_in_words_what_was_planned(cast: Cast) -> None:
    plan = make_plan(cast)
    event = Event.objects.of("plan_schedule", plan.pk).select_related("details").latest("id")
    told = {detail.label: detail.new for detail in readable([event])[event.pk]}
    assert told["Directions"] == "Education programmes\nLearning outcomes and competences"
    assert (told["Kind"], told["Types of institutions"], told["Begins"]) == ("Main", "University", "01.03.2026")


def test_the_next_one_supersedes_the_one_before_after_its_own_event(cast: Cast) -> None:
    first = make_plan(cast, State.IN_FORCE)
    second = make_plan(cast, State.APPROVED)
    perform(second, "put_in_force", by=cast.head)
    first.refresh_from_db()
    assert (first.state, second.state) == (State.SUPERSEDED, State.IN_FORCE)
    own, others = Event.objects.filter(subject_type="plan_schedule").order_by("-id")[:2][::-1]
    assert [(event.number, event.action) for event in (own, others)] == [
        (second.number, "put_in_force"), (first.number, "supersede"),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_database_keeps_two_of_one_department_from_being_in_force(transactional_db: None) -> None:
    cast = make_cast()
    make_plan(cast, State.IN_FORCE)
    other = make_plan(cast, State.APPROVED)
    with pytest.raises(IntegrityError, match=r"plan_schedule_one_in_force|trail"), connection.cursor() as cursor:
        cursor.execute("UPDATE planning_planschedule SET state = 'in_force' WHERE id = %s", [other.pk])


def test_what_is_returned_begins_a_second_round(cast: Cast) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    perform(plan, "send_back", by=cast.head, reason="The budget is missing (test).")
    assert (plan.state, owed(plan)) == (State.DRAFT, [("submit", "coordinator", "DEP")])
    item = plan.items.get()
    verbs.change_item(item, item_facts(cast, budget="1000.50"), by=cast.coordinator, version=plan.version)
    plan.refresh_from_db()
    perform(plan, "submit", by=cast.coordinator)
    assert [(one.place, one.outcome) for one in Round.objects.order_by("place")] == [(1, "returned"), (2, "")]
    assert (plan.submissions, plan.versions.count()) == (2, 2)


def test_a_recalled_one_asks_nobody(cast: Cast) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    perform(plan, "agree", by=cast.head)
    perform(plan, "recall", by=cast.coordinator)
    assert (plan.state, Round.objects.get().outcome) == (State.DRAFT, "recalled")
    with pytest.raises(Refused, match="not possible now"):
        perform(plan, "agree", by=cast.leader)


def test_an_answer_rests_on_the_version_submitted_and_not_on_what_others_answer(cast: Cast) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    seen = plan.submissions
    perform(PlanSchedule.objects.get(pk=plan.pk), "agree", by=cast.head, version=seen)
    perform(PlanSchedule.objects.get(pk=plan.pk), "agree", by=cast.leader, version=seen)
    perform(PlanSchedule.objects.get(pk=plan.pk), "decline", by=cast.leader, version=seen, reason="Later (test).")
    perform(PlanSchedule.objects.get(pk=plan.pk), "submit", by=cast.coordinator)
    with pytest.raises(Stale):
        perform(PlanSchedule.objects.get(pk=plan.pk), "agree", by=cast.head, version=seen)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_one_seat_at_once_one_is_refused(transactional_db: None) -> None:
    cast = make_cast()
    plan = make_plan(cast, State.SUBMITTED)
    outcomes: list[str] = []
    together = Barrier(2)

    def agree(who: Any) -> None:
        together.wait()
        try:
            perform(PlanSchedule.objects.get(pk=plan.pk), "agree", by=who)
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.sentence)
        finally:
            connection.close()

    threads = [Thread(target=agree, args=(who,)) for who in (cast.head, cast.second_head)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [
        "You are not asked now: it is another person's turn, or the question is answered.", "done",
    ]  # fmt: skip
    assert Round.objects.get().seats.filter(answer="agreed").count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence", "about"),
    [
        ({"starts": date(2026, 7, 1)}, "It ends before it begins.", "ends"),
        ({"kind": "pilot", "with_pilot": True}, "Only a main monitoring has a pilot.", "pilot"),
        ({"with_pilot": "main"}, "Choose a pilot of this plan-schedule.", "pilot"),
    ],
)
def test_a_wrong_monitoring_is_refused_and_nothing_is_stored(
    cast: Cast, wrong: dict[str, Any], sentence: str, about: str
) -> None:
    plan = make_plan(cast)
    pilot = plan.items.get()
    if wrong.pop("with_pilot", False):
        wrong["pilot"] = pilot
    with pytest.raises(Refused, match=sentence) as refused:
        verbs.add_item(plan, item_facts(cast, **wrong), by=cast.coordinator, version=plan.version)
    assert refused.value.about == about
    assert plan.items.count() == 1


def test_a_pilot_is_not_removed_before_its_main_monitoring(cast: Cast) -> None:
    plan = make_plan(cast)
    facts = item_facts(cast, kind="pilot", title="Pilot (test)", starts=date(2026, 1, 1), ends=date(2026, 2, 1))
    pilot = verbs.add_item(plan, facts, by=cast.coordinator, version=plan.version)
    plan.refresh_from_db()
    main = verbs.add_item(plan, item_facts(cast, pilot=pilot), by=cast.coordinator, version=plan.version)
    plan.refresh_from_db()
    pilot.plan = plan
    with pytest.raises(Refused, match="is the pilot of another monitoring"):
        verbs.remove_item(pilot, by=cast.coordinator, version=plan.version)
    main.plan = plan
    verbs.remove_item(main, by=cast.coordinator, version=plan.version)
    assert [item.title for item in plan.items.all()] == ["Engineering (test)", "Pilot (test)"]


def test_the_next_plan_begins_with_the_monitorings_of_this_one(cast: Cast) -> None:
    plan = make_plan(cast)
    facts = item_facts(cast, kind="pilot", title="Pilot (test)", starts=date(2026, 1, 1), ends=date(2026, 2, 1))
    pilot = verbs.add_item(plan, facts, by=cast.coordinator, version=plan.version)
    PlanItem.objects.filter(plan=plan, kind="main").update(pilot=pilot)
    plan = PlanSchedule.objects.get(pk=plan.pk)
    copy = verbs.draft_plan(cast.department, "Next (test)", (2027, 2027), by=cast.coordinator, copied=plan)
    assert [item.contents() for item in copy.items.all()] == [item.contents() for item in plan.items.all()]
    assert copy.items.get(kind="main").pilot == copy.items.get(kind="pilot")


def test_many_that_are_overdue_are_named_in_part(cast: Cast) -> None:
    for number in range(7):
        organisation(f"X{number}", OrganisationKind.INSTITUTION, institution_type="college")
    plan = make_plan(cast)
    PlanSchedule.objects.update(explanation="")
    with pytest.raises(Refused) as refused:
        perform(PlanSchedule.objects.get(pk=plan.pk), "submit", by=cast.coordinator)
    assert refused.value.sentence == (
        "Overdue by the three years' rule and not planned: X0 (test); X1 (test); X2 (test); X3 (test); X4 (test)"
        " and 2 more. Plan it, or explain why not."
    )


def test_what_was_monitored_lately_need_not_be_planned(cast: Cast) -> None:
    plan = make_plan(cast)
    PlanSchedule.objects.update(explanation="")
    organisation("X", OrganisationKind.INSTITUTION, institution_type="college", monitored_on=date(2024, 1, 2))
    perform(PlanSchedule.objects.get(pk=plan.pk), "submit", by=cast.coordinator)
    assert PlanSchedule.objects.get().state == State.SUBMITTED
