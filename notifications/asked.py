"""What an act asked of its readers on other cases, such as the deliverables of the stage that it begins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import JSONField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from notifications.ahead import Key, cases_by_key, visible_among
from notifications.models import Message
from workflow.case import Case
from workflow.models import Expectation
from workflow.parties import key_at
from workflow.roles import Actor

STAGE_BEGUN = "stage_begun"
"""The template of messages that list it."""
BECAUSE = KeyTextTransform("because_of", Cast("opened_by__details__text", JSONField()))
"""The id of the event from which the one that opened an expectation follows."""


@dataclass(frozen=True)
class AskedCase:
    """One of the cases on which something is asked of the reader, and by when."""

    number: str
    headline: str
    due: date

    def __str__(self) -> str:
        return f"{self.number} {self.headline}"


def asked_of(reader: Actor, messages: Iterable[Message], cases: Mapping[Key, Case]) -> dict[int, Sequence[AskedCase]]:
    """Message -> what is still open of that which its act asked of the reader, as far as they still see it.

    A query, and two for each case type.
    """
    begun = [message for message in messages if message.template == STAGE_BEGUN]
    if not begun:
        return {}
    leading = {key_at(case, case.PARTIES.lead) or 0 for case in cases.values()}
    events = [message.event_id for message in begun]
    since = Expectation.objects.open().filter(lead_id__in=leading, opened_by_id__gt=min(events))
    opened = since.annotate(because=BECAUSE).filter(because__in=map(str, events)).order_by("due", "id")
    mine = [row for row in opened if row.is_owed_by(reader)]
    seen = visible_among(reader, [(row.subject_type, row.subject_id) for row in mine])
    owed = [row for row in mine if (row.subject_type, row.subject_id) in seen]
    subjects = cases_by_key(seen)
    asked: dict[str, list[AskedCase]] = {}
    for row in owed:
        headline = subjects[row.subject_type, row.subject_id].headline
        asked.setdefault(vars(row)["because"], []).append(AskedCase(row.number, headline, row.due))
    return {message.pk: asked.get(str(message.event_id), ()) for message in begun}
