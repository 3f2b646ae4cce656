"""Compares what rounds decided on with what the cases say now; part of every verification of the trail."""

from collections.abc import Iterator

from workflow.case import case_types
from workflow.rounds.decided import BINDING, DecidedInRounds
from workflow.rounds.models import Round
from workflow.trail.findings import TrailFault

BATCH = 200


def findings() -> Iterator[TrailFault]:
    """Every case that does not say what is being decided, or was approved."""
    for model in case_types().values():
        if issubclass(model, DecidedInRounds):
            yield from _of_kind(model)


def _of_kind(model: type[DecidedInRounds]) -> Iterator[TrailFault]:
    newest = Round.objects.filter(subject_type=model.CASE_TYPE).order_by("subject_id", "-place").distinct("subject_id")
    bound = [decided for decided in newest if decided.outcome in BINDING]
    for start in range(0, len(bound), BATCH):
        cases = model._base_manager.in_bulk([decided.subject_id for decided in bound[start : start + BATCH]])
        for decided in bound[start : start + BATCH]:
            case = cases.get(decided.subject_id)
            if case is not None and case.is_bound and not case.is_untouched(decided):
                facts = {"model": model._meta.label, "subject_id": str(case.pk), "number": case.number}
                yield TrailFault("decided_differs", {**facts, "round": str(decided.place)})
