"""Messages are written with the act, each person once, with one statement however many cases there are."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.followup.models import Recommendation
from cases.registry.models import Membership, Organisation, User
from notifications.models import Channel, Message, Status
from notifications.receivers import write_messages
from tests.cast import Cast, person
from tests.factories import make_recommendation, stay
from workflow.door import Refused, perform
from workflow.lifecycles.recommendation import State
from workflow.many import perform_many
from workflow.roles import Role
from workflow.terms import legal_date
from workflow.trail.recording import record


def told() -> set[User]:
    return {row.recipient for row in Message.objects.select_related("recipient")}


def stand_in(person: User, absent: User, organisation: Organisation, role: Role, **dates: date) -> None:
    today = legal_date()
    dates = {"starts": today, "ends": today + timedelta(days=14)} | dates
    Membership.objects.create(person=person, organisation=organisation, role=role, substitutes_for=absent, **dates)


def test_a_refused_act_tells_nobody(cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED)
    with pytest.raises(Refused):
        perform(case, "respond", by=cast.rector, response="")
    assert told() == set()
    perform(case, "respond", by=cast.rector, response="accepted")
    assert told() == {cast.coordinator}


def test_an_act_that_is_rolled_back_tells_nobody(cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED)
    with transaction.atomic():
        perform(case, "respond", by=cast.rector, response="accepted")
        assert told() == {cast.coordinator}
        transaction.set_rollback(True)
    assert told() == set()


def test_in_the_app_a_message_is_there_at_once_and_the_email_is_due(cast: Cast) -> None:
    event = perform(make_recommendation(cast, State.CLAIMED), "confirm", by=cast.coordinator, degree="most")
    rows = Message.objects.filter(event=event, recipient=cast.rector)
    in_app, email = rows.get(channel=Channel.IN_APP), rows.get(channel=Channel.EMAIL)
    assert (in_app.status, in_app.template, in_app.read_at) == (Status.SENT, "confirmed", None)
    assert (email.status, email.attempt, email.sent_at) == (Status.DUE, 0, None)


def test_the_same_person_is_told_once_of_an_event_by_each_channel(cast: Cast) -> None:
    perform(make_recommendation(cast, State.DRAFT), "issue", by=cast.coordinator)
    known = Message.objects.filter(recipient=cast.officer, channel=Channel.EMAIL).get()
    known.pk = None
    with pytest.raises(IntegrityError, match="message_unique"), transaction.atomic():
        known.save(force_insert=True)


def test_a_person_with_two_of_the_roles_is_told_once(cast: Cast) -> None:
    Membership.objects.create(
        person=cast.rector, organisation=cast.university, role=Role.INSTITUTION_OFFICER, starts=date(2020, 1, 1)
    )
    perform(make_recommendation(cast, State.DRAFT), "issue", by=cast.coordinator)
    assert Message.objects.filter(recipient=cast.rector).count() == len(Channel)


def test_the_actor_is_not_told_even_in_another_role(cast: Cast) -> None:
    Membership.objects.create(
        person=cast.coordinator, organisation=cast.department, role=Role.DEPARTMENT_HEAD, starts=date(2020, 1, 1)
    )
    perform(make_recommendation(cast, State.CLAIMED), "confirm", by=cast.coordinator, degree="full")
    assert told() == {cast.head, cast.second_head, cast.rector, cast.officer}


def test_who_stands_in_for_the_coordinator_today_is_told_as_well(cast: Cast) -> None:
    stand_in(cast.lead, cast.coordinator, cast.department, Role.COORDINATOR)
    stand_in(cast.expert, cast.second_coordinator, cast.department, Role.COORDINATOR)
    perform(make_recommendation(cast, State.ISSUED), "respond", by=cast.rector, response="accepted")
    assert told() == {cast.coordinator, cast.lead}


def test_a_substitution_that_is_over_or_not_yet_begun_is_not_told(cast: Cast) -> None:
    yesterday, tomorrow = legal_date() - timedelta(days=1), legal_date() + timedelta(days=1)
    stand_in(cast.lead, cast.coordinator, cast.department, Role.COORDINATOR, starts=yesterday, ends=yesterday)
    stand_in(cast.expert, cast.coordinator, cast.department, Role.COORDINATOR, starts=tomorrow)
    perform(make_recommendation(cast, State.ISSUED), "respond", by=cast.rector, response="accepted")
    assert told() == {cast.coordinator}


def test_without_an_assigned_coordinator_all_of_the_department_are_told(cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED, coordinator=None)
    perform(case, "respond", by=cast.rector, response="accepted")
    assert told() == {cast.coordinator, cast.second_coordinator}


def test_when_the_assigned_coordinator_has_left_the_others_are_told(cast: Cast) -> None:
    Membership.objects.filter(person=cast.coordinator).update(ends=legal_date() - timedelta(days=1))
    perform(make_recommendation(cast, State.ISSUED), "respond", by=cast.rector, response="accepted")
    assert told() == {cast.second_coordinator, cast.registrar}  # Nobody else may decide on what was assigned.


def test_a_deactivated_person_is_not_told(cast: Cast) -> None:
    case = make_recommendation(cast, State.DRAFT)
    User.objects.filter(pk=cast.officer.pk).update(is_active=False)
    perform(case, "issue", by=cast.coordinator)
    assert told() == {cast.rector}


def test_who_is_told_are_those_whose_membership_is_in_force(cast: Cast) -> None:
    """The statement says it in SQL, MembershipQuerySet.in_force() for everything else."""
    today = legal_date()
    for name, days in {"Past": (-9, -1), "Last": (-9, 0), "First": (0, 9), "Future": (1, 9)}.items():
        starts, ends = (today + timedelta(days=number) for number in days)
        one = person(name, (cast.university, Role.INSTITUTION_OFFICER))
        Membership.objects.filter(person=one).update(starts=starts, ends=ends)
    person("Gone", (cast.university, Role.INSTITUTION_OFFICER), is_active=False)
    perform(make_recommendation(cast, State.DRAFT), "issue", by=cast.coordinator)
    held = Membership.objects.in_force().filter(organisation=cast.university)
    in_force = held.exclude(role=Role.INSTITUTION_CONTROLLER)  # The case names none.
    assert told() == {one.person for one in in_force.select_related("person")}
    assert {one.full_name for one in told()} >= {"Last (test)", "First (test)"}


def test_a_deactivated_organisation_is_not_told(cast: Cast) -> None:
    case = make_recommendation(cast, State.DRAFT)
    Organisation.objects.filter(pk=cast.university.pk).update(is_active=False)
    perform(case, "issue", by=cast.coordinator)
    assert told() == {cast.registrar}  # Nobody can answer.


def test_many_cases_tell_each_institution_of_its_own(cast: Cast) -> None:
    ours, theirs = make_recommendation(cast), make_recommendation(cast, institution=cast.college)
    perform_many(Recommendation.objects.all(), "issue", by=cast.coordinator)
    assert set(Message.objects.in_app().values_list("event__subject_id", "recipient")) == {
        (ours.pk, cast.rector.pk),
        (ours.pk, cast.officer.pk),
        (theirs.pk, cast.director.pk),
    }


def test_one_act_costs_one_statement_that_also_says_who_can_do_what_comes_next(cast: Cast) -> None:
    case = make_recommendation(cast, State.DRAFT)
    assert cast.coordinator.role_map
    with CaptureQueriesContext(connection) as queries:
        perform(case, "issue", by=cast.coordinator)
    [statement] = [query["sql"] for query in queries if "notifications_message" in query["sql"]]
    assert [one["sql"] for one in queries if "registry_membership" in one["sql"]] == [statement]


def test_an_act_that_tells_nobody_costs_no_statement(cast: Cast) -> None:
    case = make_recommendation(cast)
    [event] = record([stay(case, "edit", cast.coordinator)])
    with CaptureQueriesContext(connection) as queries:
        write_messages(Recommendation, [(case, event)], [])
    assert len(queries) == 0


@pytest.mark.parametrize("count", [2, 500])
def test_a_batch_costs_one_statement(cast: Cast, count: int) -> None:
    case = make_recommendation(cast, State.ISSUED)
    events = record([stay(case, "issue", cast.coordinator)] * count)
    with CaptureQueriesContext(connection) as queries:
        write_messages(Recommendation, [(case, event) for event in events], [])
    assert len(queries) == 1
    assert Message.objects.count() == count * 2 * len(Channel)


def test_a_role_that_was_withdrawn_before_it_began_is_told_nothing(cast: Cast) -> None:
    Membership.objects.create(
        person=cast.stranger,
        organisation=cast.university,
        role=Role.INSTITUTION_HEAD,
        starts=legal_date(),
        is_withdrawn=True,
    )
    perform(make_recommendation(cast, State.DRAFT), "issue", by=cast.coordinator)
    assert told() == {cast.rector, cast.officer}
