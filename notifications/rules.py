"""Which act tells whom, with which template: one row per act; the texts are in `templates/notifications/`.

Whoever acts is never told of their own act.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workflow.case import Case
from workflow.lifecycles.recommendation import INSTITUTION
from workflow.models import Event
from workflow.roles import Role

ASSIGNED = "assigned"
"""The case's coordinator and who stands in for them; nobody while none is assigned."""
OTHER_SIDE = "other_side"
"""The institution hears what department and Ministry say, and the coordinator what the others say."""
LEVEL = "level"
"""The lowest role that may decide on a request for more time."""

HEAD, OFFICER = Role.INSTITUTION_HEAD, Role.INSTITUTION_OFFICER


@dataclass(frozen=True)
class Rule:
    """`on` is "<case type>.<action>". Role.COORDINATOR is the assigned one and who stands in for them, else all."""

    on: str
    to: tuple[str, ...]
    template: str


RULES = (
    Rule("recommendation.create", to=(ASSIGNED,), template="assigned"),
    Rule("recommendation.assign", to=(ASSIGNED,), template="assigned"),
    Rule("recommendation.issue", to=(HEAD, OFFICER), template="issued"),
    Rule("recommendation.respond", to=(Role.COORDINATOR,), template="answered"),
    Rule(
        "recommendation.dispute",
        to=(Role.MINISTRY_LEADER, Role.DEPARTMENT_HEAD, Role.COORDINATOR),
        template="disputed",
    ),
    Rule("recommendation.uphold", to=(HEAD, OFFICER, Role.COORDINATOR), template="upheld"),
    Rule("recommendation.agree_plan", to=(HEAD, OFFICER), template="plan_agreed"),
    Rule("recommendation.return_plan", to=(HEAD, OFFICER), template="plan_returned"),
    Rule("recommendation.claim", to=(Role.COORDINATOR,), template="claimed"),
    Rule("recommendation.confirm", to=(Role.DEPARTMENT_HEAD, HEAD, OFFICER), template="confirmed"),
    Rule("recommendation.not_confirmed", to=(HEAD, OFFICER), template="not_confirmed"),
    Rule("recommendation.accept_claim", to=(HEAD, OFFICER, Role.DEPARTMENT_HEAD), template="claim_accepted"),
    Rule("recommendation.close", to=(HEAD, OFFICER, Role.COORDINATOR), template="closed"),
    Rule(
        "recommendation.close_unimplemented",
        to=(HEAD, OFFICER, Role.COORDINATOR, Role.DEPARTMENT_HEAD),
        template="closed_unimplemented",
    ),
    Rule(
        "recommendation.withdraw",
        to=(HEAD, OFFICER, Role.COORDINATOR, Role.DEPARTMENT_HEAD),
        template="withdrawn",
    ),
    Rule("recommendation.comment", to=(OTHER_SIDE,), template="comment"),
    Rule("recommendation.comment_internal", to=(Role.COORDINATOR, Role.DEPARTMENT_HEAD), template="comment_internal"),
    Rule("extension.create", to=(LEVEL,), template="extension_requested"),
    Rule("extension.grant", to=(HEAD, OFFICER, Role.COORDINATOR), template="extension_granted"),
    Rule("extension.refuse", to=(HEAD, OFFICER, Role.COORDINATOR), template="extension_refused"),
    Rule("extension.return_request", to=(HEAD, OFFICER, Role.COORDINATOR), template="extension_returned"),
)

SILENT = frozenset(
    {
        "recommendation.edit",
        "recommendation.translate",
        "recommendation.plan",
        "recommendation.evidence",
        "recommendation.review_evidence",  # The decision on the claim tells.
        "recommendation.extend",  # The request itself tells.
        "recommendation.move_due",  # The granted request tells.
        "recommendation.succeed",  # The new draft tells.
    }
)
"""Acts that tell nobody, named so that none is forgotten."""


@dataclass(frozen=True)
class Call:
    """One role in one organisation is told of one event; `carrier_id` is the assigned person among several."""

    event_id: int
    actor_id: int | None
    template: str
    role: str
    organisation_id: int
    carrier_id: int | None = None


def calls(case: Case, event: Event) -> Iterator[Call]:
    """Everybody whom the rules tell of an event, as roles in organisations."""
    for rule in _RULES_ON.get(f"{case.CASE_TYPE}.{event.action}", ()):
        for role in _roles(rule.to, case, event):
            organisation_id = case.related(role)
            if organisation_id:
                carrier_id = case.follow(case.ASSIGNEE) if role == Role.COORDINATOR else None
                yield Call(event.pk, event.actor_id, rule.template, role, organisation_id, carrier_id)


def _roles(to: Iterable[str], case: Case, event: Event) -> Iterator[str]:
    for one in to:
        if one == ASSIGNED:
            yield from [Role.COORDINATOR] if case.follow(case.ASSIGNEE) else []
        elif one == OTHER_SIDE:
            yield from [Role.COORDINATOR] if event.role in INSTITUTION else [HEAD, OFFICER, Role.COORDINATOR]
        elif one == LEVEL:
            yield str(case.follow(LEVEL))
        else:
            yield one


_RULES_ON = {on: [rule for rule in RULES if rule.on == on] for on in {rule.on for rule in RULES}}
