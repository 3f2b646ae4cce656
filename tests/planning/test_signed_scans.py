"""The paper that is signed after the decision comes back as a scan, beside the version that was decided on."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.planning.models import Deliverable, DeliverableFile
from cases.planning.verbs import attach_scan, detach_file
from cases.registry.models import User
from tests.cast import Cast, make_told_cast
from tests.conftest import Opened
from tests.factories import CONTENT, SHA256
from tests.kinds.engagements import LATER, answer_until, deliver, make_deliverable, make_engagement
from tests.planning.pages import page
from workflow.door import Refused, perform
from workflow.lifecycles.deliverable import State
from workflow.lifecycles.engagement import State as Stage
from workflow.models import Event
from workflow.trail.verification import verify_and_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    """Whose organisations and people are on the trail, too."""
    return make_told_cast()


def scan(name: str = "signed.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, CONTENT)


def test_it_is_added_on_a_page_and_shown_under_the_approval(cast: Cast, at: Opened) -> None:
    deliverable = make_deliverable(cast, State.APPROVED)
    address = reverse("deliverable_scan", args=[deliverable.number])
    client = at(cast.coordinator)
    assert address in page(client, deliverable.get_absolute_url())
    assert "is kept beside version 1" in page(client, address)
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"file": scan()}).status_code == 302
    [file] = DeliverableFile.objects.all()
    assert (file.kind, file.scan_of, file.sha256, file.received_from) == ("signed_scan", 1, SHA256, cast.coordinator)
    opened = reverse("deliverable_file", args=[deliverable.number, file.pk])
    for shown in (
        page(at(cast.leader), deliverable.get_absolute_url()),
        page(at(cast.leader), reverse("deliverable_route", args=[deliverable.number])),
    ):
        assert "Signed scan:" in shown
        assert opened in shown
        assert SHA256 in shown
    assert b"".join(at(cast.leader).get(opened).streaming_content) == CONTENT  # type: ignore[attr-defined]


def test_it_is_recorded_and_changes_nothing_of_what_was_decided(cast: Cast) -> None:
    deliverable = make_deliverable(cast, State.AGREED)
    before = deliverable.contents_sha256()
    attach_scan(deliverable, scan(), by=cast.expert)
    event = Event.objects.of("deliverable", deliverable.pk).latest("position")
    assert (event.action, event.source, event.target) == ("attach_scan", "agreed", "agreed")
    fresh = Deliverable.objects.get(pk=deliverable.pk)
    assert (fresh.contents_sha256(), fresh.is_unchanged, list(fresh.files_now())) == (before, True, [])
    perform(fresh, "approve", by=cast.leader)
    assert verify_and_record().is_sound


@pytest.mark.parametrize("who", ["head", "leader", "lead", "second_coordinator"])
def test_only_who_prepares_it_and_the_coordinator_add_it(cast: Cast, at: Opened, who: str) -> None:
    deliverable = make_deliverable(cast, State.APPROVED)
    user: User = getattr(cast, who)
    with pytest.raises(Refused):
        attach_scan(deliverable, scan(), by=user)
    assert reverse("deliverable_scan", args=[deliverable.number]) not in page(at(user), deliverable.get_absolute_url())
    assert DeliverableFile.objects.count() == 0


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.LEFT_OUT])
def test_before_it_is_agreed_there_is_nothing_to_sign(cast: Cast, state: str) -> None:
    deliverable = make_deliverable(cast, state)
    with pytest.raises(Refused, match="This is not possible now"):
        attach_scan(deliverable, scan(), by=cast.expert)


def test_it_can_come_when_the_monitoring_is_closed_or_suspended(cast: Cast) -> None:
    closed = make_engagement(cast, Stage.CLOSED)
    suspended = make_engagement(cast, Stage.PREPARATION)
    perform(suspended, "suspend", by=cast.head, reason="No money (test).", until=LATER)
    for engagement in (closed, suspended):
        deliverable = engagement.deliverables.get(row__kind="contractor_decision")
        attach_scan(deliverable, scan(), by=cast.coordinator)
        attach_scan(deliverable, scan("again.pdf"), by=cast.coordinator)
        assert [file.name for file in deliverable.scans()[1]] == ["signed.pdf", "again.pdf"]


def test_a_scan_stays_with_its_version(cast: Cast) -> None:
    deliverable = make_deliverable(cast, State.APPROVED)
    first = attach_scan(deliverable, scan(), by=cast.expert)
    perform(deliverable, "reopen", by=cast.head, reason="A mistake (test).")
    with pytest.raises(Refused, match="This file was removed already."):
        detach_file(first, by=cast.expert)
    perform(deliverable, "submit", by=cast.expert)
    answer_until(cast, deliverable, State.APPROVED)
    second = attach_scan(deliverable, scan("second.pdf"), by=cast.expert)
    assert deliverable.scans() == {1: [first], 2: [second]}
    deliver(cast, deliverable.engagement)
    perform(deliverable.engagement, "begin_collection", by=cast.coordinator)
