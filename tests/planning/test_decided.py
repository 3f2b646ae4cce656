"""What was decided on is compared with what the plan-schedule says: by acts, on its page, and once a day."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from cases.planning.models import PlanItem, PlanSchedule, PlanVersion
from cases.registry.models import LegalAct
from notifications.models import Message
from tests.cast import Cast, make_told_cast
from tests.conftest import Opened
from tests.kinds.planning import ACT, make_plan
from tests.planning.pages import page
from workflow.door import Refused, perform
from workflow.lifecycles.plan_schedule import State
from workflow.models import TrailCheck
from workflow.trail.checking import condition
from workflow.trail.verification import verify_and_record

pytestmark = pytest.mark.django_db
DIFFERS = "What the case says now is not what is being decided on, or was approved"
BOUND = (State.SUBMITTED, State.AGREED, State.APPROVED, State.IN_FORCE)


@pytest.fixture
def cast(db: None) -> Cast:
    """What is stored without a trail is a finding."""
    return make_told_cast()


@pytest.mark.parametrize("state", BOUND)
def test_a_change_behind_the_decision_is_found_and_the_ministry_gets_a_message(
    cast: Cast, at: Opened, state: str
) -> None:
    make_plan(cast, State.DRAFT, years=(2030, 2030))
    plan = make_plan(cast, state)
    assert verify_and_record().is_sound
    assert DIFFERS not in page(at(cast.head), plan.get_absolute_url())
    PlanItem.objects.filter(plan=plan).update(title="Something else (test)")
    check = verify_and_record()
    sentence = f"Plan-schedule {plan.pk} ({plan.number}): it does not match what round 1 decided on."
    assert (check.fault, check.finding) == ("decided_differs", sentence)
    assert condition() == "broken"
    told = Message.objects.filter(template="trail_broken", channel="in_app").values_list("recipient", flat=True)
    assert set(told) == {cast.leader.pk, cast.observer.pk}
    for address in (plan.get_absolute_url(), reverse("plan_schedule_route", args=[plan.number])):
        assert DIFFERS in page(at(cast.head), address)
    assert sentence in page(at(cast.leader), reverse("trail"))


def test_the_command_names_every_case_that_differs(cast: Cast) -> None:
    said, warned = StringIO(), StringIO()
    plans = [make_plan(cast, State.SUBMITTED, years=(2030, 2030)), make_plan(cast, State.APPROVED)]
    call_command("verify_decisions", stdout=said)
    assert said.getvalue() == "All cases say what was decided on.\n"
    PlanSchedule.objects.update(title="Something else (test)")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_decisions", stderr=warned)
    assert ended.value.code == 1
    assert [line.split("(")[1][:12] for line in warned.getvalue().splitlines()] == [plan.number for plan in plans]


def test_a_version_that_was_rewritten_is_found_too(cast: Cast) -> None:
    make_plan(cast, State.IN_FORCE)
    other = PlanVersion.objects.get().contents.replace("Engineering", "Something else")
    PlanVersion.objects.update(contents=other)
    PlanItem.objects.update(title="Something else (test)")
    assert verify_and_record().fault == "decided_differs"


def test_a_draft_after_a_return_is_bound_by_nothing(cast: Cast) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    perform(plan, "send_back", by=cast.head, reason="Again (test).")
    PlanItem.objects.update(title="Something else (test)")
    assert verify_and_record().is_sound
    assert PlanSchedule.objects.get().is_unchanged


def test_what_was_changed_behind_the_approval_is_not_put_in_force(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.APPROVED)
    PlanItem.objects.update(title="Something else (test)")
    sentence = "This is not what was approved: it was changed outside of Baikoo. A new version has to be approved."
    with pytest.raises(Refused, match=sentence):
        perform(plan, "put_in_force", by=cast.head)
    response = at(cast.head).post(reverse("plan_schedule_act", args=[plan.number, "put_in_force"]), {"version": 0})
    assert sentence in response.content.decode()
    assert PlanSchedule.objects.get().state == State.APPROVED


def test_a_registrar_who_corrects_a_legal_act_changes_no_decision(cast: Cast) -> None:
    plan = make_plan(cast, State.APPROVED)
    LegalAct.objects.filter(pk=ACT).update(number="1-8", date="2025-12-21")
    assert verify_and_record().is_sound
    perform(PlanSchedule.objects.get(pk=plan.pk), "put_in_force", by=cast.head)
    other = LegalAct.objects.create(kind="order", number="1-9", date="2025-12-22", title_ky="Буйрук (test)")
    PlanItem.objects.update(legal_basis=other)
    assert verify_and_record().fault == "decided_differs"
    assert TrailCheck.objects.count() == 2
