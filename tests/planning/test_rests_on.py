"""Acts that rest on what was approved in another stage, or in another monitoring, ask whether it still is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.planning import verbs
from cases.planning.models import Deliverable, DeliverableFile, Engagement
from tests.cast import Cast
from tests.conftest import Opened
from tests.factories import CONTENT
from tests.kinds.engagements import CONTRACT, approve, deliver, make_engagement
from tests.kinds.planning import REASON
from tests.planning.pages import page
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State

pytestmark = pytest.mark.django_db


def _one_byte() -> None:
    file = Path(settings.EVIDENCE_DIR) / DeliverableFile.objects.get().path
    file.write_bytes(CONTENT[:-1] + b"!")


CHANGED: dict[str, Callable[[], object]] = {
    "one byte": _one_byte,
    "text": lambda: Deliverable.objects.filter(row__kind="contractor_decision").update(text_ky="Another (test)"),
}


def changed(deliverable: Deliverable) -> str:
    return (
        f"This was changed outside of Baikoo after it was approved: {deliverable.number} {deliverable.title}."
        " A new version has to be approved."
    )


def refused(engagement: Engagement, act: str, cast: Cast, **inputs: object) -> str:
    with pytest.raises(Refused) as refusal:
        perform(engagement, act, by=cast.coordinator, **inputs)
    return refusal.value.sentence


@pytest.mark.parametrize("what", CHANGED)
def test_no_contract_rests_on_a_decision_that_was_changed_behind_its_approval(
    cast: Cast, at: Opened, what: str
) -> None:
    engagement = make_engagement(cast)
    perform(engagement, "start", by=cast.coordinator)
    decision = engagement.deliverables.get(row__kind="contractor_decision")
    verbs.attach_file(decision, SimpleUploadedFile("decision.pdf", CONTENT), by=cast.coordinator)
    approve(cast, decision)
    inputs = {**CONTRACT, "contractor_id": cast.contractor.pk}
    CHANGED[what]()
    assert refused(engagement, "conclude_contract", cast, **inputs) == changed(decision)
    assert changed(decision) in page(at(cast.coordinator), f"{engagement.get_absolute_url()}act/conclude_contract/")
    perform(decision, "reopen", by=cast.head, **REASON)
    verbs.detach_file(decision.files.get(), by=cast.coordinator)
    approve(cast, decision)
    perform(engagement, "conclude_contract", by=cast.coordinator, **inputs)
    assert engagement.contractor == cast.contractor


def test_no_main_monitoring_rests_on_conclusions_of_its_pilot_that_were_changed_behind_their_approval(
    cast: Cast,
) -> None:
    pilot = make_engagement(cast, State.CONCLUSIONS, kind="pilot")
    main = make_engagement(cast, State.PREPARATION, pilot=pilot)
    deliver(cast, pilot)
    deliver(cast, main)
    conclusions = pilot.deliverables.filter(row__kind="expert_conclusion")
    second = conclusions.latest("pk")
    conclusions.filter(pk=second.pk).update(text_ky="Another (test)")
    assert refused(main, "begin_collection", cast) == changed(second)
    perform(second, "reopen", by=cast.head, **REASON)
    assert "The experts' conclusions of its pilot E-2026-00001" in refused(main, "begin_collection", cast)
    approve(cast, second)
    perform(main, "begin_collection", by=cast.coordinator)
