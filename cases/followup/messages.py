"""Which acts of follow-up tell whom, with which template; the texts are in `templates/notifications/`.

A person gets no message about their own act.
"""

from cases.desk.kinds import ASSIGNED, OTHER_SIDE, WATCHING, Rule
from workflow.roles import Role

HEAD, OFFICER = Role.INSTITUTION_HEAD, Role.INSTITUTION_OFFICER
COORDINATOR, HEAD_OF_DEPARTMENT, LEADER = Role.COORDINATOR, Role.DEPARTMENT_HEAD, Role.MINISTRY_LEADER

RECOMMENDATION = (
    Rule("create", to=(ASSIGNED,), template="assigned"),
    Rule("assign", to=(ASSIGNED,), template="assigned"),
    Rule("issue", to=(HEAD, OFFICER, WATCHING), template="issued"),
    Rule("respond", to=(COORDINATOR,), template="answered"),
    Rule("dispute", to=(LEADER, HEAD_OF_DEPARTMENT, COORDINATOR), template="disputed"),
    Rule("uphold", to=(HEAD, OFFICER, WATCHING, COORDINATOR), template="upheld"),
    Rule("agree_plan", to=(HEAD, OFFICER, WATCHING), template="plan_agreed"),
    Rule("return_plan", to=(HEAD, OFFICER, WATCHING), template="plan_returned"),
    Rule("claim", to=(COORDINATOR,), template="claimed"),
    Rule("confirm", to=(HEAD_OF_DEPARTMENT, HEAD, OFFICER, WATCHING), template="confirmed"),
    Rule("not_confirmed", to=(HEAD, OFFICER, WATCHING), template="not_confirmed"),
    Rule("accept_claim", to=(HEAD, OFFICER, WATCHING, HEAD_OF_DEPARTMENT), template="claim_accepted"),
    Rule("close", to=(HEAD, OFFICER, WATCHING, COORDINATOR), template="closed"),
    Rule(
        "close_unimplemented",
        to=(HEAD, OFFICER, WATCHING, COORDINATOR, HEAD_OF_DEPARTMENT),
        template="closed_unimplemented",
    ),
    Rule("withdraw", to=(HEAD, OFFICER, WATCHING, COORDINATOR, HEAD_OF_DEPARTMENT), template="withdrawn"),
    Rule("expire", to=("role_on_expiry",), template="risk_expired"),
    Rule("fall_late", to=(HEAD, OFFICER, WATCHING, COORDINATOR), template="fallen_late"),
    Rule("finding_withdrawn", to=(COORDINATOR,)),
    Rule("comment", to=(OTHER_SIDE,), template="comment"),
    Rule("comment_internal", to=(COORDINATOR, HEAD_OF_DEPARTMENT), template="comment_internal"),
)
RECOMMENDATION_SILENT = frozenset(
    {
        "edit",
        "translate",
        "plan",
        "evidence",
        "review_evidence",  # The decision on the claim is announced.
        "extend",  # The request itself is announced.
        "move_due",  # The granted request is announced.
        "succeed",  # The new draft is announced.
        "review_effect",  # The review itself is announced.
    }
)
EXTENSION = (
    Rule("create", to=("level",), template="extension_requested"),
    Rule("grant", to=(HEAD, OFFICER, WATCHING, COORDINATOR), template="extension_granted"),
    Rule("refuse", to=(HEAD, OFFICER, WATCHING, COORDINATOR), template="extension_refused"),
    Rule("return_request", to=(HEAD, OFFICER, WATCHING, COORDINATOR), template="extension_returned"),
)
EFFECT_REVIEW = (
    Rule("create", to=(HEAD, OFFICER, WATCHING, COORDINATOR), template="effect_asked"),
    Rule("report", to=(COORDINATOR,), template="effect_reported"),
    Rule("assess", to=(HEAD, OFFICER, WATCHING, HEAD_OF_DEPARTMENT), template="effect_assessed"),
)
