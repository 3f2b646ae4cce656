"""Lets recommendations be found by the new name of an institution, in the transaction in which it is renamed."""

from collections.abc import Iterator, Sequence
from itertools import islice

from django.dispatch import receiver

from cases.followup.models import Recommendation
from cases.followup.models.querysets import TEXTS_TOO
from cases.registry.verbs.recording import Action, Step, recorded

BATCH = 500


@receiver(recorded, dispatch_uid="followup.renaming")
def refresh_search(steps: Sequence[Step], **rest: object) -> None:
    """The renaming is on the trail of the organisation; the columns that lists are searched by only repeat it."""
    renamed = [step.row.pk for step in steps if step.action == Action.CHANGE_ORGANISATION]
    rows = Recommendation.objects.filter(institution__in=renamed).select_related("institution", "source")
    for batch in _batches(rows.prefetch_related(TEXTS_TOO).iterator(BATCH) if renamed else iter(())):
        for case in batch:
            case.fill_search(text.text for text in case.current_texts().values())
        Recommendation.objects.bulk_update(batch, ["search"])


def _batches(rows: Iterator[Recommendation]) -> Iterator[list[Recommendation]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
