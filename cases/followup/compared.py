"""Whether answers and texts are what the trail tells of them: compared with every verification of the trail.

Of a text that an earlier version of Baikoo recorded again without keeping it again, both count once.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from django.utils.translation import gettext_noop

from cases.followup.models import Recommendation, RecommendationText, ResponseVersion
from cases.registry.models.organisations import Language
from workflow.lifecycles.follow_up import Response
from workflow.lifecycles.recommendation import Action
from workflow.trail.belonging import Belonging, Written
from workflow.trail.findings import TrailFault, add
from workflow.trail.replaying import Row, Unreadable, part

SENTENCES = {
    "answers_differ": gettext_noop("%(number)s: its answers are not those that were given."),
    "texts_differ": gettext_noop("%(number)s: its texts are not those that were written."),
}
COLUMNS = {
    Action.RESPOND: {"response": "response", "text": "text", "left_out": "left_out"},
    Action.DISPUTE: {"reason": "text", "asked": "left_out"},
}
"""act -> its inputs, and the column of the answer that each becomes; what was not filled in is empty."""


def join() -> None:
    """Every verification of the trail compares answers and texts."""
    add(findings, SENTENCES)


def findings(parts: int | None = None) -> Iterator[TrailFault]:
    yield from ANSWERS.findings(parts)
    for texts in TEXTS:
        yield from texts.findings(parts)


def _answer(event: Written) -> Sequence[Row]:
    """Who gave it is known even where its words were erased."""
    inputs = _part(event, "inputs")
    columns = COLUMNS[Action(event.action)] if inputs else {}
    words = {column: inputs.get(name, "") for name, column in columns.items()}
    answer = {"response": Response.DISPUTED.value} if event.action == Action.DISPUTE else {}
    return [{"given_by_id": event.actor_id, **answer, **words}]


def _text(event: Written, language: str) -> Sequence[Row] | None:
    """A draft begins with its texts; what changes one tells it before and after."""
    if event.details is None or event.action == Action.CREATE and "text" not in event.details:
        return None
    change = _part(event, "text").get(language)
    text = change[-1] if isinstance(change, list) and change else change
    return [{"text": text.strip()}] if isinstance(text, str) else []


def _part(event: Written, name: str) -> Row:
    try:
        return part(event.details or {}, name)
    except Unreadable:  # That is a finding of its own.
        return {}


ANSWERS = Belonging(
    "answers_differ",
    Recommendation,
    ResponseVersion,
    key="recommendation_id",
    columns=("response", "text", "left_out", "given_by_id"),
    actions=tuple(COLUMNS),
    facts=_answer,
    order="version",
)
TEXTS = [
    Belonging(
        "texts_differ",
        Recommendation,
        RecommendationText,
        key="recommendation_id",
        of={"language": language.value},
        columns=("text",),
        actions=(Action.CREATE, Action.EDIT, Action.TRANSLATE),
        facts=partial(_text, language=language.value),
        order="version",
        is_repeated=True,
    )
    for language in Language
]
