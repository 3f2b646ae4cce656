"""A database from before is brought along: its verifications, erasures and memberships get places on the trail."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from cases.registry.models import Membership, OrganisationKind
from notifications.daily import is_due
from tests.cast import organisation, person
from workflow.models import Event, TrailCheck
from workflow.roles import Role
from workflow.trail.checking import findings
from workflow.trail.recording import Entry, record
from workflow.trail.verification import verify_and_record

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EMPTY = "0-0-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
CHECK = (
    "INSERT INTO workflow_trailcheck (id, at, chains, events, erased, seal, fault, facts)"
    " VALUES (%s, %s, 1, 1, 0, %s, '', '{}')"
)


@pytest.fixture
def back(transactional_db: None) -> Iterator[Callable[[], None]]:
    """Makes the database as it was; at the end everything is as it should be again."""
    yield lambda: call_command("migrate", "workflow", "0007_expectations_have_keys", verbosity=0)
    call_command("migrate", verbosity=0)


@pytest.fixture
def before(back: Callable[[], None]) -> None:
    """The database as it was, and empty."""
    back()


def sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def seals() -> list[str]:
    return list(TrailCheck.objects.order_by("id").values_list("seal", flat=True))


def test_what_was_put_in_to_keep_verifications_away_keeps_none_away(before: None) -> None:
    record([Entry("test", 1, "T", "create", by=None)])
    honest = [f"0-0-{letter * 64}" for letter in "ab"]
    sql(CHECK, 1, "2026-01-01", honest[0])
    sql(CHECK, 9_000_000_000_000_000_000, "2026-01-02", honest[1])
    sql(CHECK, 2, "2100-01-01", EMPTY)
    call_command("migrate", verbosity=0)
    assert list(TrailCheck.objects.order_by("id").values_list("pk", "seal")) == [
        (1, EMPTY), (2, honest[0]), (3, honest[1]),
    ]  # fmt: skip
    assert list(findings()) == []
    assert is_due()
    check = verify_and_record()
    assert (check.pk, is_due()) == (4, False)


def test_erasures_and_memberships_without_a_trace_are_entered_and_old_chains_are_sound(
    back: Callable[[], None],
) -> None:
    college = organisation("COL", OrganisationKind.INSTITUTION, institution_type="college", region="osh")
    director, stranger = person("Damir", (college, Role.INSTITUTION_HEAD)), person("Stranger")
    back()
    details = {"reason": "Erased by law in those days"}
    [event] = record([Entry("test", 1, "T-1", "create", by=director, details=details)])
    sql("DELETE FROM workflow_eventdetails WHERE event_id = %s", event.pk)
    silent = Membership.objects.create(
        person=stranger, organisation=college, role="institution_officer", starts="2024-02-29",
        ends="2031-01-01", substitutes_for=director, is_withdrawn=True,
    )  # fmt: skip
    call_command("migrate", verbosity=0)
    [erasure] = Event.objects.of("erasure", event.pk)
    assert (erasure.action, erasure.number, erasure.actor_id) == ("found_erased", "T-1", None)
    [found] = Event.objects.of("membership", silent.pk)
    assert (found.action, found.number) == ("found_membership", silent.code)
    check = verify_and_record()
    assert (check.finding, check.erased) == ("", 1)
    for name, earlier in (("workflow", "0007_expectations_have_keys"), ("registry", "0005")):
        call_command("migrate", name, earlier, verbosity=0)
    call_command("migrate", verbosity=0)
    assert Event.objects.of("erasure", event.pk).count() == 1
    assert Event.objects.of("membership", silent.pk).count() == 1
