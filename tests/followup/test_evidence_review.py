"""Reviewing evidence: the assigned coordinator accepts or rejects each file, and what follows from that."""

from pathlib import Path

import pytest
from pytest_django import Settings

from cases.followup.models import Evidence, Recommendation
from cases.followup.verbs import attach, review_evidence
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.followup.files import upload
from tests.followup.pages import Opened, text_of
from workflow.door import Refused, perform
from workflow.models import Expectation


@pytest.fixture(autouse=True)
def evidence_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


def reviewing(evidence: Evidence) -> str:
    return f"/recommendations/{evidence.recommendation.number}/evidence/{evidence.pk}/review/"


def claimed(cast: Cast) -> tuple[Recommendation, Evidence]:
    """Reported as done with one file that nobody has reviewed."""
    case = make_recommendation(cast, "claimed", measures=1)
    Evidence.objects.filter(recommendation=case).update(decision="received", decided_by=None)
    return case, case.evidence.get()


def owed_topics(case: Recommendation) -> list[str]:
    rows = Expectation.objects.open().of("recommendation", case.pk).exclude(topic="").order_by("pk")
    return [row.topic for row in rows]


def test_the_coordinator_accepts_and_rejects(as_: Opened, cast: Cast) -> None:
    case, evidence = claimed(cast)
    client = as_("coordinator")
    page = text_of(client.get(reviewing(evidence)))
    assert evidence.sha256 in page
    assert f'name="version" value="{case.version}"' in page
    bare = client.post(reviewing(evidence), {"decision": "rejected", "version": case.version})
    assert (bare.status_code, "Give the reason why you reject it." in text_of(bare)) == (422, True)
    sent = {"decision": "rejected", "reason": "Not signed", "version": case.version}
    assert client.post(reviewing(evidence), sent).headers["Location"] == f"{case.get_absolute_url()}#evidence"
    evidence.refresh_from_db()
    assert (evidence.decision, evidence.decision_reason, evidence.decided_by) == (
        "rejected", "Not signed", cast.coordinator,
    )  # fmt: skip
    assert "Not signed" in text_of(as_("officer").get(case.get_absolute_url()))
    accepted = client.post(reviewing(evidence), {"decision": "accepted", "version": case.version + 1})
    assert accepted.status_code == 302
    evidence.refresh_from_db()
    assert (evidence.decision, evidence.decision_reason) == ("accepted", "")


@pytest.mark.parametrize("decision", ["", "received", "maybe"])
def test_a_forged_decision_is_refused(as_: Opened, cast: Cast, decision: str) -> None:
    case, evidence = claimed(cast)
    answer = as_("coordinator").post(reviewing(evidence), {"decision": decision, "version": case.version})
    assert (answer.status_code, "Accept the file or reject it." in text_of(answer)) == (422, True)
    with pytest.raises(Refused, match="Accept the file or reject it"):
        review_evidence(evidence, decision, by=cast.coordinator)


def test_a_review_of_an_older_version_of_the_case_is_told_what_changed(as_: Opened, cast: Cast) -> None:
    case, evidence = claimed(cast)
    seen = case.version
    review_evidence(evidence, "rejected", "Somebody was faster", by=cast.coordinator)
    client = as_("coordinator")
    sent = {"decision": "accepted", "reason": "Looks right", "version": seen}
    answer = client.post(reviewing(evidence), sent)
    shown = text_of(answer)
    assert answer.status_code == 409
    assert "What changed since you opened this page" in shown
    assert "Somebody was faster" in shown
    assert "Looks right" in shown
    assert f'name="version" value="{seen + 1}"' in shown
    assert client.post(reviewing(evidence), sent | {"version": seen + 1}).status_code == 302


def test_a_form_without_its_version_is_refused_once(as_: Opened, cast: Cast) -> None:
    case, evidence = claimed(cast)
    answer = as_("coordinator").post(reviewing(evidence), {"decision": "accepted", "version": "99x"})
    assert (answer.status_code, "which version of the case" in text_of(answer)) == (422, True)
    assert f'name="version" value="{case.version}"' in text_of(answer)


def test_a_replaced_file_is_not_reviewed_any_more(as_: Opened, cast: Cast) -> None:
    case, evidence = claimed(cast)
    Evidence.objects.create(
        recommendation=case, replaces=evidence, version=2, name="new.pdf", path="new", content_type="application/pdf",
        size=1, sha256="1" * 64, received_from=cast.officer,
    )  # fmt: skip
    answer = as_("coordinator").post(reviewing(evidence), {"decision": "accepted", "version": case.version})
    assert (answer.status_code, "has a newer version; review that one" in text_of(answer)) == (422, True)


def test_only_the_assigned_coordinator_reviews(as_: Opened, cast: Cast) -> None:
    case, evidence = claimed(cast)
    for who in ("second_coordinator", "officer", "head", "leader"):
        assert as_(who).get(reviewing(evidence)).status_code == 403
    assert "This case is assigned to Aigul" in text_of(as_("second_coordinator").get(reviewing(evidence)))
    answer = as_("second_coordinator").post(reviewing(evidence), {"decision": "accepted", "version": case.version})
    assert answer.status_code == 422
    for who in ("director", "stranger"):
        assert as_(who).get(reviewing(evidence)).status_code == 404
    evidence.refresh_from_db()
    assert evidence.decision == "received"


def test_what_was_accepted_of_an_older_version_does_not_hold_of_the_newer_one(cast: Cast) -> None:
    case, evidence = claimed(cast)
    review_evidence(evidence, "accepted", by=cast.coordinator)
    case.refresh_from_db()
    assert case.has_accepted_evidence()
    perform(case, "not_confirmed", by=cast.coordinator, reason="Send the signed one.")
    attach(case, upload(), by=cast.officer, replaces=evidence)
    case = Recommendation.objects.get(pk=case.pk)
    assert not case.has_accepted_evidence()
    assert case.measures_are_proved()


def test_a_measure_whose_only_file_was_rejected_is_expected_again(cast: Cast) -> None:
    case, evidence = claimed(cast)
    review_evidence(evidence, "rejected", "Not signed", by=cast.coordinator)
    case.refresh_from_db()
    perform(case, "not_confirmed", by=cast.coordinator, reason="Nothing is signed.")
    assert owed_topics(case) == ["Measure 1"]


def test_a_proved_measure_is_not_expected_again(cast: Cast) -> None:
    case = make_recommendation(cast, "claimed", measures=2)
    perform(case, "not_confirmed", by=cast.coordinator, reason="Count again.")
    assert owed_topics(case) == []
