"""What was decided on is compared with what a deliverable says: by acts, on its page, and once a day."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.planning import verbs
from cases.planning.models import Deliverable, DeliverableFile, DeliverableVersion, Engagement, TeamMember
from notifications.models import Message
from tests.cast import Cast, make_told_cast
from tests.conftest import Opened
from tests.factories import CONTENT
from tests.kinds.engagements import answer_until, deliver, make_deliverable, make_engagement
from tests.planning.pages import page
from tests.workflow.effects.deliverables import MEMBER
from workflow.door import Refused, perform
from workflow.lifecycles.deliverable import State
from workflow.lifecycles.engagement import State as Stage
from workflow.trail import files
from workflow.trail.verification import verify_and_record

pytestmark = pytest.mark.django_db
DIFFERS = "What the case says now is not what is being decided on, or was approved"
SUBMITTED = "This is not what was submitted: it was changed outside of Baikoo. Ask the submitter to recall it."
ON_DISK = "A file on the server's disk is not the one that was submitted. Tell the administrator."


@pytest.fixture
def cast(db: None) -> Cast:
    """Whose organisations and people are on the trail, too."""
    return make_told_cast()


def on_disk(file: DeliverableFile) -> Path:
    return Path(settings.EVIDENCE_DIR) / file.path


ROWS: dict[str, Callable[[], object]] = {
    "text": lambda: Deliverable.objects.filter(row__kind="national_team").update(text_ky="Another (test)"),
    "line": lambda: TeamMember.objects.update(full_name="B. Asanova (test)"),
    "file": lambda: DeliverableFile.objects.update(sha256="0" * 64),
    "file name": lambda: DeliverableFile.objects.update(name="other.pdf"),
    "file removed": lambda: DeliverableFile.objects.update(removed_at="2026-01-01T00:00:00Z"),
}
BYTES: dict[str, Callable[[], object]] = {
    "one byte": lambda: on_disk(DeliverableFile.objects.get()).write_bytes(CONTENT[:-1] + b"!"),
    "lost": lambda: on_disk(DeliverableFile.objects.get()).unlink(),
}


def whole(cast: Cast, state: str = State.SUBMITTED) -> Deliverable:
    """With a text, a line and a file."""
    deliverable = make_deliverable(cast)
    verbs.attach_file(deliverable, SimpleUploadedFile("team.pdf", CONTENT), by=cast.expert)
    verbs.add_line(deliverable, MEMBER, by=cast.expert, version=deliverable.version)
    perform(deliverable, "submit", by=cast.expert)
    answer_until(cast, deliverable, state)
    return deliverable


@pytest.mark.parametrize(
    ("state", "what"), [*((State.APPROVED, what) for what in ROWS), (State.SUBMITTED, "line"), (State.AGREED, "file")]
)
def test_a_change_behind_the_decision_is_found_and_the_ministry_gets_a_message(
    cast: Cast, at: Opened, state: str, what: str
) -> None:
    deliverable = whole(cast, state)
    assert verify_and_record().is_sound
    ROWS[what]()
    check = verify_and_record()
    assert check.finding.startswith(f"Deliverable {deliverable.pk} ({deliverable.number}): ")
    assert check.fault == (
        "value_differs" if what == "text" else "decided_differs"
    )  # A text is compared with each act.
    told = Message.objects.filter(template="trail_broken", channel="in_app").values_list("recipient", flat=True)
    assert set(told) == {cast.leader.pk, cast.observer.pk}
    for address in (deliverable.get_absolute_url(), reverse("deliverable_route", args=[deliverable.number])):
        assert DIFFERS in page(at(cast.head), address)


@pytest.mark.parametrize(
    ("state", "act", "what"), [*(("submitted", "agree", what) for what in ROWS), ("agreed", "approve", "text")]
)
def test_what_was_changed_behind_the_round_is_answered_by_nobody(
    cast: Cast, at: Opened, state: str, act: str, what: str
) -> None:
    deliverable = whole(cast, state)
    ROWS[what]()
    with pytest.raises(Refused, match=SUBMITTED):
        perform(deliverable, act, by=cast.leader)
    assert SUBMITTED in page(at(cast.leader), reverse("deliverable_act", args=[deliverable.number, act]))
    assert Deliverable.objects.get(pk=deliverable.pk).state == state


@pytest.mark.parametrize("what", BYTES)
def test_the_bytes_of_a_file_are_compared_by_acts_on_their_page_and_once_a_day(
    cast: Cast, at: Opened, what: str
) -> None:
    deliverable = whole(cast)
    BYTES[what]()
    check = verify_and_record()
    assert check.fault == {"one byte": "file_changed", "lost": "file_lost"}[what]
    shown = page(at(cast.leader), reverse("deliverable_act", args=[deliverable.number, "agree"]))
    assert ON_DISK.replace("'", "&#x27;") in shown
    with pytest.raises(Refused, match=ON_DISK):
        perform(deliverable, "agree", by=cast.leader)
    assert perform(deliverable, "send_back", by=cast.leader, reason="A file is lost (test).").target == State.DRAFT


def test_large_files_are_compared_by_their_size_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    deliverable = whole(cast)
    monkeypatch.setattr(files, "AT_ONCE", len(CONTENT) - 1)
    BYTES["one byte"]()
    assert Deliverable.objects.get(pk=deliverable.pk).files_are_whole()
    BYTES["lost"]()
    assert not Deliverable.objects.get(pk=deliverable.pk).files_are_whole()


def test_a_version_that_was_rewritten_is_found_too(cast: Cast) -> None:
    make_deliverable(cast, State.APPROVED)
    Deliverable.objects.update(text_ky="Something else (test)")
    for version in DeliverableVersion.objects.all():
        other = version.contents.replace("Баары (test)", "Something else (test)")
        DeliverableVersion.objects.filter(pk=version.pk).update(contents=other)
    assert verify_and_record().fault == "value_differs"


@pytest.mark.parametrize("what", [*ROWS, *BYTES])
def test_a_stage_does_not_end_on_what_was_changed_behind_its_approval(cast: Cast, at: Opened, what: str) -> None:
    deliverable = whole(cast, State.APPROVED)
    engagement = deliverable.engagement
    deliver(cast, engagement)
    {**ROWS, **BYTES}[what]()
    sentence = (
        f"This was changed outside of Baikoo after it was approved: {deliverable.number} Everything (test)."
        " A new version has to be approved."
    )
    with pytest.raises(Refused) as refused:
        perform(engagement, "begin_collection", by=cast.coordinator)
    assert refused.value.sentence == sentence
    assert sentence in page(at(cast.coordinator), f"/engagements/{engagement.number}/act/begin_collection/")
    perform(deliverable, "reopen", by=cast.head, reason="It was changed (test).")
    if what in ("file", *BYTES):
        verbs.detach_file(deliverable.files.get(), by=cast.expert)
    perform(deliverable, "submit", by=cast.expert)
    answer_until(cast, deliverable, State.APPROVED)
    perform(engagement, "begin_collection", by=cast.coordinator)


def test_a_monitoring_is_not_closed_on_what_any_stage_lost(cast: Cast) -> None:
    engagement = make_engagement(cast, Stage.FOLLOW_UP)
    deliver(cast, engagement)
    first = Deliverable.objects.filter(stage=Stage.PREPARATION).earliest("pk")
    Deliverable.objects.filter(pk=first.pk).update(text_ky="Something else (test)")
    with pytest.raises(Refused, match=f"after it was approved: {first.number} Decision"):
        perform(engagement, "close", by=cast.head)


def test_comparing_a_stage_takes_one_statement_for_each_deliverable_with_lines(cast: Cast) -> None:
    engagement = make_engagement(cast, Stage.CONCLUSIONS, directions=[1])
    other = make_engagement(cast, Stage.CONCLUSIONS, directions=[1, 2, 3, 4, 5])
    counts = []
    for monitoring in (engagement, other):
        deliver(cast, monitoring)
        fresh = Engagement.objects.get(pk=monitoring.pk)
        with CaptureQueriesContext(connection) as asked:
            assert fresh.altered() == []
        counts.append(len(asked))
    assert counts == [4 + 1, 4 + 5]
