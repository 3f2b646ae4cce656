"""Seats that are taken, given back and handed over: who may, what others see, who gets a message."""

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.planning.models import PlanSchedule
from cases.registry.models import Membership, User
from notifications.models import Message
from tests.cast import Cast, make_cast, person
from tests.conftest import Opened
from tests.kinds.planning import make_plan
from tests.planning.pages import page
from workflow.door import Refused, perform
from workflow.lifecycles.plan_schedule import State
from workflow.models import Event, Expectation
from workflow.roles import Role
from workflow.rounds.models import RoundTask
from workflow.terms import legal_date
from workflow.trail.readable import readable

pytestmark = pytest.mark.django_db
NOT_ASKED = "You are not asked now: it is another person's turn, or the question is answered."


def again(user: User) -> User:
    """The person as the next request sees them."""
    return User.objects.get(pk=user.pk)


def do(plan: PlanSchedule, action: str, by: User, **inputs: Any) -> Event:
    return perform(PlanSchedule.objects.get(pk=plan.pk), action, by=again(by), **inputs)


def owed_by(plan: PlanSchedule) -> dict[str, str | None]:
    """role -> the person by name who owes the answer."""
    rows = Expectation.objects.open().of("plan_schedule", plan.pk)
    return dict(rows.values_list("role", "assignee__full_name"))


def seat_of(plan: PlanSchedule, role: str) -> int:
    seat_id = (
        RoundTask.objects.exclude(seat=None).get(seat__role=role, process__subject_id=plan.pk, finished=None).seat_id
    )
    assert seat_id
    return seat_id


def leave(user: User, role: str) -> None:
    yesterday = legal_date() - timedelta(days=1)
    Membership.objects.filter(person=user, role=role).update(ends=yesterday)


def url(plan: PlanSchedule, action: str) -> str:
    return reverse("plan_schedule_act", args=[plan.number, action])


def test_who_took_a_seat_answers_it_and_others_see_that_it_is_being_read(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    term = Expectation.objects.open().get(role="department_head")
    head, second = at(cast.head), at(cast.second_head)
    assert url(plan, "take") in page(second, plan.get_absolute_url())
    assert head.post(url(plan, "take"), {"version": 1, "seat": seat_of(plan, "department_head")}).status_code == 302
    assert owed_by(plan) == {"department_head": "Bakyt (test)", "ministry_leader": "Leila (test)"}
    now = Expectation.objects.open().get(role="department_head")
    assert (now.pk, now.due) == (term.pk, term.due)
    shown = page(second, plan.get_absolute_url())
    assert "Being read by Bakyt (test)" in shown
    assert url(plan, "take") not in shown
    refused = second.post(url(plan, "agree"), {"version": 1})
    assert refused.status_code == 422
    assert NOT_ASKED.replace("'", "&#x27;") in refused.content.decode()
    refused = second.post(url(plan, "take"), {"version": 1})
    assert "There is no seat that you could take" in refused.content.decode()
    assert head.post(url(plan, "agree"), {"version": 1}).status_code == 302
    assert owed_by(plan) == {"ministry_leader": "Leila (test)"}


def test_the_inbox_shows_what_is_mine_apart_from_what_is_my_roles(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    own = '<td data-l="Who"><strong>you</strong></td>'
    assert '<td data-l="Who">Head of department</td>' in page(at(cast.head), "/")
    do(plan, "take", cast.head)
    assert own in page(at(cast.head), "/")
    assert plan.number not in page(at(cast.second_head), "/")
    assert own in page(at(cast.leader), "/")
    do(plan, "give_back", cast.head)
    assert '<td data-l="Who">Head of department</td>' in page(at(cast.second_head), "/")


def test_what_is_given_back_anybody_with_the_role_may_answer(cast: Cast) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    do(plan, "take", cast.head)
    with pytest.raises(Refused, match="You have taken no seat that you could give back"):
        do(plan, "give_back", cast.second_head)
    do(plan, "give_back", cast.head)
    assert owed_by(plan)["department_head"] is None
    do(plan, "agree", cast.second_head)
    assert owed_by(plan) == {"ministry_leader": "Leila (test)"}


def test_a_seat_that_the_route_gave_to_a_person_is_not_given_back_to_all(cast: Cast) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    with pytest.raises(Refused, match="You have taken no seat that you could give back"):
        do(plan, "give_back", cast.leader)
    with pytest.raises(Refused, match="There is no seat that you could take"):
        do(plan, "take", cast.leader)


def test_a_seat_is_handed_over_with_a_reason_and_the_person_gets_a_message(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    head, sent = at(cast.head), {"version": 1, "seat": seat_of(plan, "department_head")}
    offered = page(head, url(plan, "hand_over"))
    assert "Bermet (test)</option>" in offered
    assert "Leila (test)</option>" not in offered
    refused = head.post(url(plan, "hand_over"), {**sent, "receiver_id": cast.second_head.pk})
    assert (refused.status_code, "Give the reason." in refused.content.decode()) == (422, True)
    done = head.post(url(plan, "hand_over"), {**sent, "receiver_id": cast.second_head.pk, "reason": "On leave (test)."})
    assert done.status_code == 302
    event = Event.objects.of("plan_schedule", plan.pk).select_related("details").latest("id")
    told = Message.objects.filter(event=event, channel="in_app").values_list("recipient__full_name", "template")
    assert list(told) == [("Bermet (test)", "seat_handed_over")]
    details = {one.label: one.new for one in readable([event])[event.pk]}
    assert details == {"Handed over to": "Bermet (test)", "Reason": "On leave (test).", "Seat": "1.1"}
    sheet = page(head, reverse("plan_schedule_route", args=[plan.number]))
    assert "On leave (test)." in sheet
    with pytest.raises(Refused, match="You are not asked now"):
        do(plan, "agree", cast.head)
    do(plan, "agree", cast.second_head)


@pytest.mark.parametrize(
    ("receiver", "sentence"),
    [
        ("leader", "This person does not hold the role of the seat in its organisation today."),
        ("stranger", "This person does not hold the role of the seat in its organisation today."),
        ("head", "The seat is this person's already."),
    ],
)
def test_a_seat_goes_only_to_another_who_holds_its_role(cast: Cast, receiver: str, sentence: str) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    do(plan, "take", cast.head)
    with pytest.raises(Refused) as refused:
        do(plan, "hand_over", cast.head, receiver_id=getattr(cast, receiver).pk, reason="On leave (test).")
    assert (refused.value.sentence, refused.value.about) == (sentence, "receiver_id")
    assert owed_by(plan)["department_head"] == "Bakyt (test)"


def test_a_substitute_answers_gives_back_and_hands_over(cast: Cast) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    substitute = person("Sanjar")
    Membership.objects.create(
        person=substitute, organisation=cast.department, role=Role.DEPARTMENT_HEAD, starts=date(2020, 1, 1),
        ends=date(2099, 1, 1), substitutes_for=cast.head,
    )  # fmt: skip
    do(plan, "take", cast.head)
    do(plan, "give_back", substitute)
    do(plan, "take", cast.head)
    do(plan, "hand_over", substitute, receiver_id=cast.second_head.pk, reason="On leave (test).")
    do(plan, "hand_over", cast.second_head, receiver_id=cast.head.pk, reason="Back again (test).")
    assert do(plan, "agree", substitute).actor == substitute


def test_who_lost_the_role_neither_takes_nor_answers(cast: Cast) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    do(plan, "take", cast.head)
    leave(cast.head, Role.DEPARTMENT_HEAD)
    for action in ("agree", "take", "give_back"):
        with pytest.raises(Refused, match="You may not do this"):
            do(plan, action, cast.head)


def test_the_seat_of_a_person_who_lost_the_role_is_handed_over_by_who_holds_it_or_heads_the_department(
    cast: Cast,
) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    laura = person("Laura", (cast.ministry, Role.MINISTRY_LEADER))
    seat = seat_of(plan, "ministry_leader")
    to_laura = {"receiver_id": laura.pk, "reason": "She follows him (test).", "seat": seat}
    for other in (laura, cast.head):
        with pytest.raises(Refused, match="There is no seat that is yours to hand over"):
            do(plan, "hand_over", other, **to_laura)
    leave(cast.leader, Role.MINISTRY_LEADER)
    with pytest.raises(Refused, match="You may not do this"):
        do(plan, "hand_over", cast.coordinator, **to_laura)
    do(plan, "hand_over", cast.head, **to_laura)
    assert owed_by(plan)["ministry_leader"] == "Laura (test)"
    do(plan, "agree", laura)


def test_of_two_seats_the_person_says_which(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    laura = person("Laura", (cast.ministry, Role.MINISTRY_LEADER))
    leave(cast.leader, Role.MINISTRY_LEADER)
    head = at(cast.head)
    shown = page(head, url(plan, "hand_over") + f"?seat={seat_of(plan, 'ministry_leader')}")
    assert shown.count('type="radio" name="seat"') == 2
    assert "Ministry leader, MIN (test): Leila (test)" in shown
    sent = {"version": 1, "receiver_id": laura.pk, "reason": "She follows him (test)."}
    assert head.post(url(plan, "hand_over"), sent).status_code == 422
    wrong = head.post(url(plan, "hand_over"), {**sent, "seat": seat_of(plan, "department_head")})
    assert "does not hold the role of the seat" in wrong.content.decode()
    assert head.post(url(plan, "hand_over"), {**sent, "seat": seat_of(plan, "ministry_leader")}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_one_seat_at_once_one_is_refused(transactional_db: None) -> None:
    cast = make_cast()
    plan = make_plan(cast, State.SUBMITTED)
    outcomes: list[str] = []
    together = Barrier(2)

    def take(who: User) -> None:
        together.wait()
        try:
            do(plan, "take", who)
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.sentence)
        finally:
            connection.close()

    threads = [Thread(target=take, args=(who,)) for who in (cast.head, cast.second_head)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["There is no seat that you could take: it is another person's already.", "done"]


def test_the_route_sheet_says_who_was_asked_until_when_and_what_each_answered(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    do(plan, "send_back", cast.head, reason="The budget is missing (test).")
    do(plan, "submit", cast.coordinator)
    do(plan, "agree", cast.head, remarks="Mind the dates (test).")
    address = reverse("plan_schedule_route", args=[plan.number])
    assert f'href="{address}"' in page(at(cast.observer), plan.get_absolute_url())
    shown = " ".join(page(at(cast.observer), address).split())
    second, first = (one.partition("</section>")[0] for one in shown.split('<section class="route"')[1:])
    assert "Round 2: Under way" in second
    assert "Version 2, submitted on" in second
    assert PlanSchedule.objects.get().sha256 in second
    assert "<strong>Leila (test)</strong><br>Ministry leader, MIN (test)" in second
    terms = Expectation.objects.filter(key__startswith="seat:", closed_at=None).get()
    assert f"{terms.start:%d.%m.%Y} – {terms.due:%d.%m.%Y}<br> 5 working days" in second
    for text in ("Agreed with remarks", "Mind the dates (test).", "Bakyt (test)", "Asked now", "10 working days"):
        assert text in second
    assert "Round 1: Returned" in first
    for text in ("The budget is missing (test).", "No longer needed"):
        assert text in first


def test_what_is_said_in_a_round_is_not_for_those_who_see_the_plan_in_force_alone(cast: Cast, at: Opened) -> None:
    plan = make_plan(cast, State.IN_FORCE)
    assert "Route sheet" in page(at(cast.head), plan.get_absolute_url())
    assert "Route sheet" not in page(at(cast.rector), plan.get_absolute_url())
    assert at(cast.rector).get(reverse("plan_schedule_route", args=[plan.number])).status_code == 404
    draft = reverse("plan_schedule_route", args=[make_plan(cast).number])
    assert "It was not submitted yet." in page(at(cast.coordinator), draft)


def test_a_route_sheet_asks_as_many_queries_for_three_rounds_as_for_one(
    cast: Cast, at: Opened, django_assert_num_queries: Any
) -> None:
    plan = make_plan(cast, State.SUBMITTED)
    client, address = at(cast.observer), reverse("plan_schedule_route", args=[plan.number])
    page(client, address)
    with CaptureQueriesContext(connection) as once:
        page(client, address)
    for _ in range(2):
        do(plan, "send_back", cast.head, reason="Again (test).")
        do(plan, "submit", cast.coordinator)
    with django_assert_num_queries(len(once)):
        page(client, address)
