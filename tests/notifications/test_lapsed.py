"""Of a role that ends by its date alone, and leaves tasks with nobody, the registrars hear from the worker, once."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.followup.models import Recommendation
from cases.registry.models import Membership, Organisation, OrganisationKind, User
from cases.registry.verbs import deactivate_person, end_membership
from notifications import tasks
from notifications.loop import Loop
from notifications.models import Message
from notifications.unmanned import warn_of_ended
from notifications.worker import send_due_messages
from tests.cast import Cast, organisation, person
from tests.factories import make_recommendation
from tests.registry.acting import decided, membership_of
from workflow.door import perform
from workflow.models import Expectation
from workflow.roles import Role
from workflow.terms import BISHKEK, legal_date

TODAY = legal_date()
DAY = timedelta(days=1)


def at(day: date) -> datetime:
    return datetime.combine(day, time(0, 1), tzinfo=BISHKEK)


def issued(cast: Cast, before: int = 30, state: str = "issued", **fields: object) -> Recommendation:
    """What is expected on it has been so for some days."""
    case = make_recommendation(cast, state, **fields)
    opened = Expectation.objects.open().of("recommendation", case.pk)
    opened.update(opened_at=at(TODAY - before * DAY))
    return case


def until(somebody: User, last_day: date, starts: date = date(2020, 1, 1)) -> None:
    """As if the role had been given for that time from the beginning."""
    Membership.objects.filter(person=somebody).update(starts=starts, ends=last_day)


def told() -> list[User]:
    rows = Message.objects.filter(template="duties_left", channel="in_app").select_related("recipient").order_by("id")
    return [row.recipient for row in rows]


def test_the_registrars_hear_once_when_the_last_day_of_the_only_role_has_passed(cast: Cast) -> None:
    issued(cast), issued(cast)
    until(cast.rector, TODAY)
    assert warn_of_ended(at(TODAY)) == 0, "it counts on its last day"
    assert told() == []
    assert warn_of_ended(at(TODAY + DAY)) == 1
    assert told() == [cast.registrar]
    for later in range(1, 5):
        assert warn_of_ended(at(TODAY + later * DAY)) == 0
    assert told() == [cast.registrar], "two tasks, and one end"
    User.objects.filter(pk=cast.registrar.pk).update(language="en")
    send_due_messages()
    [letter] = [one for one in mail.outbox if one.subject == "Open tasks are left with nobody who can do them"]
    assert "(Head of institution, UNI (test)) ends or has ended. After its last day nobody" in letter.body
    assert cast.rector.get_absolute_url() in letter.body


def test_a_worker_that_was_away_for_weeks_tells_it_as_well(cast: Cast) -> None:
    issued(cast)
    until(cast.rector, TODAY - 20 * DAY)
    assert warn_of_ended() == 1
    assert told() == [cast.registrar]


def test_nobody_hears_of_what_somebody_can_do(cast: Cast) -> None:
    issued(cast)
    until(cast.rector, TODAY - 20 * DAY)
    second = person("Second", (cast.university, Role.INSTITUTION_HEAD))
    assert warn_of_ended() == 0
    until(second, TODAY, starts=TODAY - 9 * DAY)
    assert warn_of_ended() == 0, "whoever followed later is enough as well"
    assert told() == []


def test_of_several_who_held_the_role_the_last_one_left_it(cast: Cast) -> None:
    issued(cast)
    second = person("Second", (cast.university, Role.INSTITUTION_HEAD))
    until(cast.rector, TODAY - 20 * DAY)
    until(second, TODAY - 2 * DAY, starts=TODAY - 25 * DAY)
    assert warn_of_ended() == 1
    [message] = Message.objects.filter(template="duties_left", channel="in_app")
    assert message.event.subject_id == membership_of(second).pk


def test_a_task_that_is_somebodys_by_name_is_left_although_a_colleague_holds_the_role(cast: Cast) -> None:
    issued(cast, state="claimed")
    until(cast.coordinator, TODAY - DAY)
    assert membership_of(cast.second_coordinator).ends is None
    assert warn_of_ended() == 1


def test_what_began_after_the_end_was_told_by_its_act(cast: Cast) -> None:
    issued(cast, before=5)
    until(cast.rector, TODAY - 6 * DAY)
    assert warn_of_ended() == 0
    until(cast.rector, TODAY - 5 * DAY)
    assert warn_of_ended() == 1


@pytest.mark.parametrize("how", ["withdrawn", "deactivated"])
def test_a_role_that_did_not_count_any_more_left_nothing_by_its_end(cast: Cast, how: str) -> None:
    issued(cast)
    if how == "withdrawn":
        Membership.objects.filter(person=cast.rector).update(is_withdrawn=True)
    else:
        deactivate_person(cast.rector, by=decided(cast.registrar), reason="Left (test).")
    before = told()
    until(cast.rector, TODAY - DAY)
    assert warn_of_ended() == 0
    assert told() == before == ([cast.registrar] if how == "deactivated" else [])


def test_what_the_act_told_that_ended_the_role_is_not_told_again(cast: Cast) -> None:
    issued(cast)
    end_membership(membership_of(cast.rector), TODAY - DAY, by=decided(cast.registrar))
    assert told() == [cast.registrar]
    assert warn_of_ended() == 0
    assert told() == [cast.registrar]


def test_of_a_last_day_to_come_they_hear_when_it_is_over_with_what_was_opened_until_then(cast: Cast) -> None:
    first = issued(cast)
    end_membership(membership_of(cast.rector), TODAY + 9 * DAY, by=decided(cast.registrar))
    perform(first, "withdraw", by=cast.leader, closing_reason="issued_in_error", reason="Wrong (test).")
    issued(cast, before=0)
    assert warn_of_ended(at(TODAY + 9 * DAY)) == 0
    assert told() == []
    assert warn_of_ended(at(TODAY + 10 * DAY)) == 1
    assert warn_of_ended(at(TODAY + 10 * DAY)) == 0
    assert told() == [cast.registrar]


def of_two_ministries(cast: Cast) -> Organisation:
    """Two tasks of one role that has ended; the department of the second ministry."""
    ministry = organisation("MIN9", OrganisationKind.MINISTRY)
    department = organisation("DEP9", OrganisationKind.DEPARTMENT, parent=ministry)
    issued(cast)
    case = issued(cast)
    Expectation.objects.of("recommendation", case.pk).update(ministry_id=ministry.pk, lead_id=department.pk)
    until(cast.rector, TODAY - DAY)
    return department


def test_of_tasks_under_two_ministries_the_registrars_of_both_hear(cast: Cast) -> None:
    registrar = person("Other", (of_two_ministries(cast), Role.REGISTRAR))
    assert warn_of_ended() == 1
    assert set(told()) == {cast.registrar, registrar}


def test_a_ministry_without_a_registrar_hears_once_there_is_one_and_the_other_not_again(cast: Cast) -> None:
    department = of_two_ministries(cast)
    warn_of_ended()
    person("Rano", (cast.department, Role.REGISTRAR))
    warn_of_ended()
    assert told() == [cast.registrar]
    registrar = person("Other", (department, Role.REGISTRAR))
    assert warn_of_ended() == 1
    assert warn_of_ended() == 0
    assert told() == [cast.registrar, registrar]


def test_ends_that_were_told_of_cost_no_statement_each(cast: Cast) -> None:
    counts = []
    for somebody, institution in [(cast.rector, cast.university), (cast.director, cast.college)]:
        issued(cast, institution=institution)
        until(somebody, TODAY - DAY)
        assert warn_of_ended() == 1
        with CaptureQueriesContext(connection) as queries:
            assert warn_of_ended() == 0
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_where_no_registrar_is_left_it_is_an_error_until_there_is_one(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    issued(cast)
    until(cast.rector, TODAY - DAY)
    until(cast.registrar, TODAY - DAY)
    warn_of_ended()
    assert "there is no registrar to be told" in caplog.text
    second = person("Rano", (cast.department, Role.REGISTRAR))
    assert warn_of_ended() == 1
    assert told() == [second]


def test_worker_and_celery_run_it(cast: Cast) -> None:
    issued(cast)
    until(cast.rector, TODAY - DAY)
    assert tasks.do_what_is_due() == 1
    assert told() == [cast.registrar]
    assert warn_of_ended in [task.do for task in Loop().tasks]
