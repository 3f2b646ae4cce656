"""Due dates of deliverables follow the stages, and one of them is moved with a reason; the contract is owed in time."""

from datetime import date, timedelta

import pytest

from cases.planning import verbs
from cases.planning.models import CalendarEntry, Deliverable, Engagement
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import CONTRACT, DATES, LATER, approve, make_engagement
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State
from workflow.models import Event, Expectation
from workflow.terms import legal_date, working_days_from

pytestmark = pytest.mark.django_db


def moved(cast: Cast, engagement: Engagement, stage: str, last: date) -> None:
    dates = {**DATES, stage: (DATES[stage][0], last)}
    verbs.set_dates(engagement, dates, by=cast.coordinator, version=engagement.version)


def test_what_is_due_at_the_end_of_a_stage_follows_its_dates(cast: Cast) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    [owed] = Deliverable.objects.filter(engagement=engagement, stage="collection")
    assert owed.due == DATES["collection"][1]
    done = Deliverable.objects.get(engagement=engagement, row__kind="contractor_decision")
    moved(cast, engagement, "collection", date(2099, 2, 20))
    assert Deliverable.objects.get(pk=owed.pk).due == date(2099, 2, 20)
    assert Expectation.objects.open().of("deliverable", owed.pk).get().due == date(2099, 2, 20)
    event = Event.objects.of("deliverable", owed.pk).latest("pk")
    assert (event.action, event.actor) == ("follow", cast.coordinator)
    assert Deliverable.objects.get(pk=done.pk).due == done.due


def test_a_term_in_days_stays_unless_the_stage_ends_before(cast: Cast) -> None:
    engagement = make_engagement(cast)
    perform(engagement, "start", by=cast.coordinator)
    [decision] = Deliverable.objects.filter(engagement=engagement)
    term = working_days_from(legal_date(), 10)
    assert decision.due == term
    moved(cast, engagement, "preparation", date(2099, 1, 20))
    assert Deliverable.objects.get(pk=decision.pk).due == term
    soon = legal_date() + timedelta(days=3)
    dates = {**DATES, "preparation": (legal_date(), soon)}
    verbs.set_dates(engagement, dates, by=cast.coordinator, version=engagement.version)
    assert Deliverable.objects.get(pk=decision.pk).due == soon


def test_the_coordinator_moves_one_due_date_with_a_reason(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    [owed] = Deliverable.objects.filter(engagement=engagement, stage="collection")
    address = f"/deliverables/{owed.number}/due/"
    assert address in at(cast.coordinator).get(owed.get_absolute_url()).content.decode()
    assert address not in at(cast.head).get(owed.get_absolute_url()).content.decode()
    sent = {"due": "2099-02-10", "reason": "The roads are closed (test).", "version": owed.version}
    for wrong, sentence in (
        ({"due": "2099-03-01"}, "The stage ends on 25.02.2099; move the dates of the stages first."),
        ({"due": "2020-01-01"}, "Name today or a later day."),
        ({"due": "2099-02-25"}, "It is due on that day already."),
        ({"reason": " "}, "Give the reason."),
    ):
        answer = at(cast.coordinator).post(address, {**sent, **wrong})
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert at(cast.coordinator).post(address, sent).status_code == 302
    owed = Deliverable.objects.get(pk=owed.pk)
    assert owed.due == date(2099, 2, 10)
    assert Expectation.objects.open().of("deliverable", owed.pk).get().due == owed.due
    moved(cast, engagement, "collection", date(2099, 2, 20))
    assert Deliverable.objects.get(pk=owed.pk).due == date(2099, 2, 10)  # What somebody gave it stays.
    with pytest.raises(Refused, match="You may not do this"):
        verbs.move_due(owed, date(2099, 2, 12), "No (test).", by=cast.lead, version=owed.version)


def test_entries_of_an_approved_calendar_outside_of_the_stages_are_marked(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    calendar = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    CalendarEntry.objects.create(
        deliverable=calendar, place=1, title="Visit (test)", kind="visit", institution=cast.university,
        starts="2099-06-20", ends="2099-06-24",
    )  # fmt: skip
    client = at(cast.coordinator)

    def marked() -> tuple[bool, bool]:
        page = client.get(engagement.get_absolute_url()).content.decode()
        calendar = client.get(f"{engagement.get_absolute_url()}calendar/").content.decode()
        return "lie outside of the stages" in page, "Visit, outside of the stages" in calendar

    assert marked() == (False, False)
    moved(cast, engagement, "follow_up", date(2099, 6, 15))
    assert marked() == (True, True)
    assert "lie outside of the stages" not in at(cast.rector).get(engagement.get_absolute_url()).content.decode()


def test_the_contract_is_owed_once_the_decision_on_the_contractor_is_approved(cast: Cast) -> None:
    engagement = make_engagement(cast)
    perform(engagement, "start", by=cast.coordinator)
    decision = Deliverable.objects.get(engagement=engagement)
    owed = Expectation.objects.open().filter(action="conclude_contract")
    assert not owed.exists()
    approve(cast, decision)
    row = owed.get()
    assert (row.assignee, row.due) == (cast.coordinator, working_days_from(legal_date(), 5))
    assert row.opened_by.action == "approve"
    moved(cast, Engagement.objects.get(pk=engagement.pk), "preparation", date(2099, 1, 20))
    assert owed.get().pk == row.pk
    perform(decision, "reopen", by=cast.head, reason="A complaint (test).")
    assert not owed.exists()
    approve(cast, decision)
    engagement = Engagement.objects.get(pk=engagement.pk)
    perform(engagement, "suspend", by=cast.head, reason="It rests (test).", until=LATER)
    assert not owed.exists()
    perform(engagement, "resume", by=cast.head)
    assert owed.exists()
    perform(engagement, "conclude_contract", by=cast.coordinator, **{**CONTRACT, "contractor_id": cast.contractor.pk})
    assert not owed.exists()
