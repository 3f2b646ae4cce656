"""Many write at once: chains stay sound, and every step is in them."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from workflow.models import ChainHead, Event, EventDetails
from workflow.trail.recording import Entry, record
from workflow.trail.verification import verify_and_record

WRITERS, STEPS, SUBJECTS = 6, 15, 3


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_keep_the_chains_sound() -> None:
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        writers = [pool.submit(write, number) for number in range(WRITERS)]
        findings = [pool.submit(verify) for _ in range(1)]
        for writer in writers:
            writer.result()
    assert [finding.result() for finding in findings] == [""]
    assert Event.objects.count() == EventDetails.objects.count() == WRITERS * STEPS
    lengths = dict(ChainHead.objects.values_list("subject_id", "length"))
    assert lengths == dict(Counter(Event.objects.values_list("subject_id", flat=True)))
    ids = [
        list(Event.objects.of("test", length).order_by("position").values_list("pk", flat=True)) for length in lengths
    ]
    assert all(one == sorted(one) for one in ids), "ids grow along every chain"
    assert verify_and_record().finding == ""
    assert verify_and_record().finding == ""


def write(number: int) -> None:
    """Some steps alone, some several in one transaction, in the order of their subjects; every fifth is undone."""
    try:
        for step in range(STEPS):
            entries = [Entry("test", (number + step) % SUBJECTS, "T", f"act{number}", by=None, details={"step": step})]
            try:
                with transaction.atomic():
                    record(entries)
                    if step % 5 == 4:
                        record(entries)
                        raise Undo
            except Undo:
                record(entries)
    finally:
        connection.close()


def verify() -> str:
    """While they write."""
    try:
        return "; ".join(finding for finding in (verify_and_record().finding for _ in range(5)) if finding)
    finally:
        connection.close()


class Undo(Exception):
    """The transaction is rolled back."""
