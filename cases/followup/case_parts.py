"""How the parts of a recommendation are put together for its page; nothing here asks the database."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cases.desk.entries import Button, in_turn
from cases.followup.case_page import CasePage
from cases.followup.models import (
    Delivery,
    EffectReview,
    Evidence,
    Extension,
    InterimDeadline,
    Measure,
    Plan,
    RecommendationText,
)
from workflow.may import options


@dataclass(frozen=True)
class Wording:
    """The newest text in one language; `is_older` than the authoritative one that it translates."""

    text: RecommendationText
    is_authoritative: bool
    is_older: bool


@dataclass(frozen=True)
class DeliveryShown:
    """What was delivered, by whom, and whether it still matches what the case and the delivery itself say of it."""

    delivery: Delivery
    by: str
    is_intact: bool


@dataclass(frozen=True)
class FileShown:
    """The newest version of a piece of evidence, with the older ones, newest first."""

    file: Evidence
    older: list[Evidence]
    measure: Measure | None
    interim: InterimDeadline | None


@dataclass(frozen=True)
class MeasureShown:
    """A measure and the files that prove it; `is_open` while it has neither those nor a reason."""

    measure: Measure
    files: list[Evidence] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return not self.files and not self.measure.unproved_reason


@dataclass(frozen=True)
class InterimShown:
    """An interim deadline and the files that show that it is met; `is_open` while it has neither those nor a reason."""

    deadline: InterimDeadline
    files: list[Evidence]
    is_open: bool


@dataclass(frozen=True)
class PlanShown:
    """One version of the plan."""

    plan: Plan
    measures: list[MeasureShown]


@dataclass(frozen=True)
class ExtensionShown:
    """A request for more time and what the reader may do with it."""

    extension: Extension
    buttons: list[Button]


@dataclass(frozen=True)
class EffectReviewShown:
    """An effect review and what the reader may do with it."""

    review: EffectReview
    buttons: list[Button]


def wordings(page: CasePage) -> list[Wording]:
    """The authoritative text first."""
    newest = page.case.current_texts()
    source = newest.get(page.case.authoritative_language)
    shown = [
        Wording(text, text is source, is_older=source is not None and text.written_at < source.written_at)
        for text in newest.values()
    ]
    return sorted(shown, key=lambda wording: not wording.is_authoritative)


def deliveries(page: CasePage) -> list[DeliveryShown]:
    return [
        DeliveryShown(
            delivery, named.name, is_intact=delivery.is_intact and delivery.sha256 == page.case.delivered_sha256
        )
        for named in page.deliveries
        for delivery in [named.record]
    ]


def interims(page: CasePage) -> list[InterimShown]:
    files, unproved = page.case.evidence_now(), page.case.interims_unproved()
    return [
        InterimShown(interim, [file for file in files if file.interim_id == interim.pk], is_open=interim in unproved)
        for interim in page.interim
    ]


def plans(page: CasePage) -> list[PlanShown]:
    """Newest first."""
    proofs: dict[int | None, list[Evidence]] = {}
    for file in page.case.evidence_now():
        proofs.setdefault(file.measure_id, []).append(file)
    newest_first = sorted(page.plans, key=lambda plan: -plan.version)
    return [
        PlanShown(plan, [MeasureShown(measure, proofs.get(measure.pk, [])) for measure in plan.measures.all()])
        for plan in newest_first
    ]


def files(page: CasePage) -> list[FileShown]:
    known = {file.pk: file for file in page.evidence}
    measures: dict[int | None, Measure] = {
        measure.pk: measure for plan in page.plans for measure in plan.measures.all()
    }
    deadlines: dict[int | None, InterimDeadline] = {interim.pk: interim for interim in page.interim}
    return [
        FileShown(file, list(_older(file, known)), measures.get(file.measure_id), deadlines.get(file.interim_id))
        for file in page.case.evidence_now()
    ]


def extensions(page: CasePage) -> list[ExtensionShown]:
    """Newest first."""
    return [
        ExtensionShown(request, in_turn(options(request, page.reader), request, page.tasks, is_own=False))
        for request in reversed(page.extensions)
    ]


def effect_reviews(page: CasePage) -> list[EffectReviewShown]:
    return [
        EffectReviewShown(review, in_turn(options(review, page.reader), review, page.tasks, is_own=False))
        for review in page.effect_reviews
    ]


def _older(file: Evidence, known: dict[int, Evidence]) -> Iterator[Evidence]:
    while file.replaces_id in known:
        file = known[file.replaces_id]
        yield file
