"""Details are erased as the law may demand, by an event that says who did so and why, and in no other way."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.cast import Cast
from tests.factories import make_recommendation
from tests.trail.tampering import refused, tamper
from workflow.door import Refused, perform
from workflow.models import Event, EventDetails
from workflow.trail.erasure import erase
from workflow.trail.recording import Entry, record
from workflow.trail.verification import verify_and_record


@pytest.fixture
def event(cast: Cast) -> Event:
    case = make_recommendation(cast, "claimed")
    return perform(case, "not_confirmed", by=cast.coordinator, reason="Names a pupil.")


def test_an_erasure_tells_who_which_and_why_and_the_event_stays(cast: Cast, event: Event) -> None:
    erasure = erase(event, by=cast.leader, reason=" A request of the pupil's parents ")
    assert not EventDetails.objects.filter(pk=event.pk).exists()
    assert Event.objects.filter(pk=event.pk).exists()
    assert (erasure.subject_type, erasure.subject_id, erasure.number) == ("erasure", event.pk, event.number)
    assert (erasure.action, erasure.actor_id) == ("erase_details", cast.leader.pk)
    assert json.loads(erasure.details.text) == {"reason": "A request of the pupil's parents"}
    check = verify_and_record()
    assert (check.finding, check.erased) == ("", 1)


def test_an_erasure_needs_a_reason_and_something_to_erase(cast: Cast, event: Event) -> None:
    with pytest.raises(Refused, match="Give the reason"):
        erase(event, by=cast.leader, reason=" ")
    erase(event, by=cast.leader, reason="By law")
    before = Event.objects.count()
    with pytest.raises(Refused, match="no details that could be erased"):
        erase(event, by=cast.leader, reason="By law")
    assert "no details that could be erased" in refused(
        "INSERT INTO workflow_event (subject_type, subject_id, number, position, action, source, target, version, role,"
        " details_digest, previous, hash) VALUES ('erasure', %s, 'X', 0, 'erase_details', '', '', 0, '', '', '', '')",
        event.pk,
    )
    assert Event.objects.count() == before


def test_the_role_of_the_web_can_erase_nothing(cast: Cast, event: Event, as_web: Any) -> None:
    with as_web():
        for statement in (
            "DELETE FROM workflow_eventdetails",
            "INSERT INTO workflow_event (subject_type, subject_id, number, position, action, source, target, version,"
            f" role, details_digest, previous, hash) VALUES ('erasure', {event.pk}, 'X', 0, 'erase_details', '', '', 0,"
            " '', '', '', '')",
        ):
            assert "permission denied for table workflow_eventdetails" in refused(statement)
    assert EventDetails.objects.filter(pk=event.pk).exists()


def test_the_owner_deletes_no_details_without_an_event(event: Event) -> None:
    assert "The audit trail is never changed" in refused("DELETE FROM workflow_eventdetails")


def test_details_that_went_without_a_trace_are_found(cast: Cast, event: Event) -> None:
    tamper("DELETE FROM workflow_eventdetails WHERE event_id = %s", event.pk)
    finding = verify_and_record().finding
    assert finding == (
        f"Event {event.pk} ({event.number}, step 6, not_confirmed): its details are gone, but no erasure was recorded."
    )


def test_the_trick_of_deleting_below_a_trigger_is_found(cast: Cast, event: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE trick (n int)")
        cursor.execute(
            "CREATE FUNCTION pg_temp.trick() RETURNS trigger LANGUAGE plpgsql AS"
            f" 'BEGIN DELETE FROM public.workflow_eventdetails WHERE event_id = {event.pk}; RETURN NULL; END'"
        )
        cursor.execute("CREATE TRIGGER trick AFTER INSERT ON trick FOR EACH ROW EXECUTE FUNCTION pg_temp.trick()")
        cursor.execute("INSERT INTO trick VALUES (1)")
    assert not EventDetails.objects.filter(pk=event.pk).exists()
    assert verify_and_record().fault == "erased_silently"


def test_the_command_erases_all_or_nothing(cast: Cast, event: Event, capsys: pytest.CaptureFixture[str]) -> None:
    [other] = record([Entry("test", 1, "T", "create", by=None, details={"n": 1})])
    order = {"by": cast.leader.email.upper(), "reason": "By law"}
    with pytest.raises(CommandError, match="There is no event 999999999"):
        call_command("erase_details", event.pk, 999_999_999, **order)
    with pytest.raises(CommandError, match="No active person has the address nobody@test.example"):
        call_command("erase_details", event.pk, **order | {"by": "nobody@test.example"})
    assert EventDetails.objects.filter(pk=event.pk).exists()
    call_command("erase_details", event.pk, other.pk, **order)
    assert capsys.readouterr().out == "Erased: the details of 2 events, at the order of Leila (test).\n"
    assert not EventDetails.objects.filter(pk__in=[event.pk, other.pk]).exists()


def test_the_command_says_who_may_run_it(cast: Cast, event: Event, as_web: Any) -> None:
    with as_web(), pytest.raises(CommandError, match="set DATABASE_URL to the owner's"):
        call_command("erase_details", event.pk, by=cast.leader.email, reason="By law")
