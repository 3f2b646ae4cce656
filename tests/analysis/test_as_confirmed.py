"""An approved list of findings is compared with the findings as they were confirmed, whatever became of them since."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from cases.analysis.models import Finding
from cases.analysis.verbs import FindingFacts, edit_finding
from cases.desk.models import Document
from cases.desk.talking import add_document
from cases.planning.models import Deliverable, Engagement
from tests.cast import Cast, make_told_cast
from tests.factories import CONTENT
from tests.kinds.engagements import answer_until, deliver, make_engagement, submit
from tests.kinds.findings import list_of
from tests.kinds.planning import REASON
from tests.kinds.written import make_finding
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State as Stage
from workflow.trail.verification import verify_and_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    """Whose organisations and people are on the trail, too."""
    return make_told_cast()


@pytest.fixture
def engagement(cast: Cast) -> Engagement:
    """In its analysis, with two findings that were confirmed with their list, one of them with a document."""
    engagement = make_engagement(cast, Stage.ANALYSIS)
    make_finding(cast, engagement, "proposed")
    finding = make_finding(cast, engagement)
    add_document(finding, SimpleUploadedFile("seen.pdf", CONTENT), by=cast.expert)
    perform(finding, "propose", by=cast.expert)
    deliver(cast, engagement)
    return engagement


def second() -> Finding:
    return Finding.objects.filter(state="confirmed").latest("pk")


def altered(engagement: Engagement) -> list[object]:
    return list(Engagement.objects.get(pk=engagement.pk).altered())


def named(deliverable: Deliverable) -> list[str]:
    return [f"{deliverable.number} {deliverable.title}"]


def test_a_finding_that_is_withdrawn_keeps_no_stage_from_ending_and_raises_no_alarm(
    cast: Cast, engagement: Engagement
) -> None:
    perform(second(), "withdraw", by=cast.head, **REASON)
    assert altered(engagement) == []
    assert verify_and_record().is_sound
    for stage in (Stage.CONCLUSIONS, Stage.REPORTING):
        perform(engagement, f"begin_{stage}", by=cast.coordinator)
        deliver(cast, engagement)
    perform(Finding.objects.earliest("pk"), "withdraw", by=cast.head, **REASON)
    perform(engagement, "publish", by=cast.leader, is_checked=True)
    deliver(cast, engagement)
    perform(engagement, "close", by=cast.head)
    assert verify_and_record().is_sound


BEHIND: dict[str, Callable[[], object]] = {
    "what it says": lambda: Finding.objects.filter(pk=second().pk).update(statement_ky="Башка (test)"),
    "whom it names": lambda: second().institutions.clear(),
    "its document": lambda: Document.objects.filter(subject_type="finding").update(sha256="0" * 64),
    "withdrawn by nobody": lambda: Finding.objects.filter(pk=second().pk).update(state="withdrawn"),
    "a draft again": lambda: Finding.objects.filter(pk=second().pk).update(state="draft"),
    "moved away": lambda: Finding.objects.filter(pk=second().pk).update(engagement=Engagement.objects.latest("pk")),
    "one more": lambda: Finding.objects.filter(state="draft").update(state="confirmed"),
}


@pytest.mark.parametrize("what", BEHIND)
def test_a_confirmed_finding_that_was_changed_behind_the_approval_is_named_by_its_list(
    cast: Cast, engagement: Engagement, what: str
) -> None:
    make_finding(cast, engagement)
    make_engagement(cast)
    assert altered(engagement) == []
    with transaction.atomic():
        BEHIND[what]()
        assert altered(engagement) == named(list_of(engagement))
        with pytest.raises(Refused, match="after it was approved: "):
            perform(engagement, "begin_conclusions", by=cast.coordinator)
        assert not verify_and_record().is_sound
        transaction.set_rollback(True)  # The database keeps no state that the trail does not tell.


def test_a_withdrawn_finding_is_compared_with_what_was_confirmed_too(cast: Cast, engagement: Engagement) -> None:
    finding = second()
    perform(finding, "withdraw", by=cast.head, **REASON)
    finding.institutions.clear()
    assert altered(engagement) == named(list_of(engagement))
    assert verify_and_record().fault == "decided_differs"


@pytest.mark.parametrize("how", ["returned", "returned and corrected", "given up", "withdrawn", "one more"])
def test_what_lawfully_changes_while_the_list_is_agreed_voids_the_version_and_raises_no_alarm(
    cast: Cast, engagement: Engagement, how: str
) -> None:
    deliverable = list_of(engagement)
    perform(deliverable, "reopen", by=cast.head, **REASON)
    proposed = make_finding(cast, engagement, "proposed")
    submit(cast, deliverable)
    if how.startswith("returned"):
        perform(proposed, "send_back", by=cast.coordinator, **REASON)
        if how == "returned and corrected":
            facts = FindingFacts(proposed.kind, proposed.direction, standard="Мыйзам (test)", statement_ky="Так (test)")
            edit_finding(proposed, replace(facts, source="Байкоо (test)"), by=cast.expert, version=proposed.version)
            perform(proposed, "propose", by=cast.expert)
    elif how == "given up":
        perform(proposed, "drop", by=cast.expert, **REASON)
    elif how == "withdrawn":
        perform(second(), "withdraw", by=cast.head, **REASON)
    else:
        make_finding(cast, engagement, "proposed")
    with pytest.raises(Refused, match="This is not what was submitted"):
        perform(deliverable, "agree", by=cast.coordinator)
    assert verify_and_record().is_sound
    perform(deliverable, "recall", by=cast.lead)
    for draft in Finding.objects.filter(state="draft"):
        perform(draft, "drop", by=cast.expert, **REASON)
    submit(cast, deliverable)
    answer_until(cast, deliverable, "approved")
    assert verify_and_record().is_sound


def test_a_finding_that_is_changed_behind_the_list_under_agreement_raises_the_alarm(
    cast: Cast, engagement: Engagement
) -> None:
    deliverable = list_of(engagement)
    perform(deliverable, "reopen", by=cast.head, **REASON)
    submit(cast, deliverable)
    assert verify_and_record().is_sound
    second().institutions.clear()
    assert verify_and_record().fault == "decided_differs"
