"""Whether what was delivered and agreed is unchanged: compares each text with its hash, and with the trail.

Of very many cases a part is compared each day with the verification of the trail, and in turn all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Model, Prefetch, QuerySet
from django.db.models.functions import Mod
from django.utils.translation import gettext_noop

from cases.followup.models import Delivery, Plan, Recommendation
from workflow.lifecycles.recommendation import Action
from workflow.models import Event
from workflow.terms import legal_date
from workflow.trail.columns import parts_of
from workflow.trail.findings import TrailFault, add, of_row
from workflow.trail.replaying import READ, Row, Told, Unreadable, part, read

BATCH = 500
SENTENCES = {
    "delivery_differs": gettext_noop("%(number)s: what is kept of its delivery is not what was delivered."),
    "plan_differs": gettext_noop("%(number)s: what is kept of its agreed plan is not what was agreed."),
}


@dataclass(frozen=True)
class Proof:
    """One delivery or agreed plan: what does not match, and whether its text was kept at all."""

    pk: int
    number: str
    fault: str = ""
    is_kept: bool = True


def join() -> None:
    """Every verification of the trail compares deliveries and plans."""
    add(findings, SENTENCES)


def findings(parts: int | None = None, on: date | None = None) -> Iterator[TrailFault]:
    """Of one of `parts` equal parts of the cases, that of the day; without a number as many as it needs."""
    number = parts or parts_of(Recommendation)
    day = (on or legal_date()).toordinal() % number
    for fault, proofs in (("delivery_differs", deliveries(number, day)), ("plan_differs", plans(number, day))):
        for proof in proofs:
            if proof.fault:
                yield of_row(fault, Recommendation, proof.pk, number=proof.number)


def deliveries(parts: int = 1, day: int = 0) -> Iterator[Proof]:
    """Of every recommendation that was ever issued, in one of the parts."""
    kept = Prefetch("deliveries", Delivery.objects.order_by("id"))
    for cases, events in _batches(parts, day, kept, Action.ISSUE):
        for case in cases:
            rows = case.deliveries.all()
            if not rows:
                yield Proof(case.pk, case.number, "nothing is kept of what was delivered")
            for row in rows:
                issued = [event for event in events.get(case.pk, ()) if event.id == row.event_id]
                yield Proof(case.pk, case.number, _fault(case, row, issued), row.is_kept)


def plans(parts: int = 1, day: int = 0) -> Iterator[Proof]:
    """Every plan that was agreed, of the cases in one of the parts."""
    agreed = Prefetch("plans", Plan.objects.exclude(agreed_on=None).prefetch_related("measures"))
    for cases, events in _batches(parts, day, agreed, Action.AGREE_PLAN):
        for case in cases:
            yield from _of_plans(case, [_hash_told(event, "plan_sha256") for event in events.get(case.pk, ())])


def _batches(
    parts: int, day: int, kept: "Prefetch[str, QuerySet[Model], str]", action: str
) -> Iterator[tuple[Sequence[Recommendation], Mapping[int, Sequence[Told]]]]:
    """Issued recommendations with what is kept of them, and the events of one act on each."""
    of_day = Recommendation.objects.annotate(of_day=Mod("pk", parts)).filter(of_day=day)
    issued = of_day.exclude(issued_on=None).order_by("pk").only("number", "delivered_sha256")
    last = 0
    while cases := list(issued.filter(pk__gt=last).prefetch_related(kept)[:BATCH]):
        last = cases[-1].pk
        events: dict[int, list[Told]] = {}
        acts = Event.objects.filter(
            subject_type=Recommendation.CASE_TYPE, subject_id__in=[case.pk for case in cases], action=action
        )
        for event in map(Told._make, acts.order_by("id").values_list(*READ)):
            events.setdefault(event.subject_id, []).append(event)
        yield cases, events


def _fault(case: Recommendation, row: Delivery, issued: Sequence[Told]) -> str:
    if row.is_kept and not row.is_intact:
        return "the delivered text does not match its SHA-256"
    if row.sha256 != case.delivered_sha256:
        return "the SHA-256 of the delivery is not that of the recommendation"
    if not issued or row.sha256 != (_hash_told(issued[0], "delivered_sha256") or row.sha256):
        return "the SHA-256 of the delivery is not that of the audit trail"
    return ""


def _of_plans(case: Recommendation, recorded: Sequence[str]) -> Iterator[Proof]:
    """Hashes that are not recorded, as in earlier times or where details were erased, may be those of any plan."""
    agreed = list(case.plans.all())
    strange = [plan.sha256 for plan in agreed if plan.sha256 not in recorded]
    for plan in agreed:
        fault = "" if plan.is_intact else f"version {plan.version} of the plan does not match its SHA-256"
        if plan.sha256 in strange and len(strange) > recorded.count(""):
            fault = fault or f"the SHA-256 of version {plan.version} of the plan is not that of the audit trail"
        yield Proof(case.pk, case.number, fault)
    if {*recorded} - {"", *(plan.sha256 for plan in agreed)}:
        yield Proof(case.pk, case.number, "a plan that was agreed is not kept as agreed any more")


def _hash_told(event: Told, name: str) -> str:
    """The hash that an act recorded; empty where its details were erased or do not tell."""
    try:
        details: Row = read(event.text)
        change = part(details, "changes").get(name)
    except Unreadable:  # That is a finding of its own.
        return ""
    return str(change[1] if isinstance(change, list) else details.get(name, ""))
