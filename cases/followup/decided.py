"""What the page of an act shows of that which is decided on: parts of the case's own page."""

from collections.abc import Mapping, Sequence

from cases.desk.entries import HistoryEntry
from cases.desk.kinds import Section
from cases.followup import case_parts as parts
from cases.followup.case_page import CasePage
from cases.registry.models import User
from workflow.case import Case
from workflow.lifecycles.effect_review import Action as EffectAction
from workflow.lifecycles.extension import Action as ExtensionAction
from workflow.lifecycles.recommendation import Action
from workflow.may import can

TEXTS, FACTS = "followup/case_texts.html", "followup/case_facts.html"
ANSWERS, PLAN = "followup/case_answers.html", "followup/case_plan.html"
INTERIMS, EVIDENCE = "followup/case_interims.html", "followup/case_evidence.html"
REPORTED, REQUEST = "followup/decided_reported.html", "followup/decided_extension.html"
EFFECT = "followup/decided_effect.html"
PROOF = (REPORTED, PLAN, INTERIMS, EVIDENCE, TEXTS, FACTS)

OF_RECOMMENDATIONS: Mapping[str, tuple[str, ...]] = {
    Action.ISSUE: (TEXTS, FACTS, INTERIMS),
    Action.RESPOND: (PLAN, TEXTS, INTERIMS, FACTS),
    Action.DISPUTE: (TEXTS, FACTS),
    Action.UPHOLD: (ANSWERS, TEXTS, FACTS),
    Action.AGREE_PLAN: (PLAN, ANSWERS, INTERIMS, TEXTS, FACTS),
    Action.RETURN_PLAN: (PLAN, ANSWERS, INTERIMS, TEXTS, FACTS),
    Action.CLAIM: (PLAN, INTERIMS, EVIDENCE, TEXTS),
    Action.CONFIRM: PROOF,
    Action.NOT_CONFIRMED: PROOF,
    Action.ACCEPT_CLAIM: PROOF,
    Action.CLOSE: PROOF,
    Action.CLOSE_UNIMPLEMENTED: PROOF,
    Action.WITHDRAW: (ANSWERS, TEXTS, FACTS, PLAN, EVIDENCE),
}
"""act -> the parts of the page, the most important first"""
DECISIONS = (ExtensionAction.GRANT, ExtensionAction.REFUSE, ExtensionAction.RETURN_REQUEST)
OF_EXTENSIONS: Mapping[str, tuple[str, ...]] = dict.fromkeys(DECISIONS, (REQUEST, PLAN, INTERIMS, EVIDENCE, TEXTS))
OF_EFFECT_REVIEWS: Mapping[str, tuple[str, ...]] = {
    EffectAction.REPORT: (TEXTS, PLAN, EVIDENCE, FACTS),
    EffectAction.ASSESS: (EFFECT, TEXTS, PLAN, EVIDENCE, FACTS),
}
REPORTING = (Action.CLAIM, Action.CONFIRM)
"""Acts whose words the next decision rests on."""
REVIEWING = (Action.CONFIRM, Action.NOT_CONFIRMED)
"""Acts from whose pages files are accepted and rejected."""


def decided_on(shown: Mapping[str, tuple[str, ...]]) -> dict[str, Section]:
    return {action: _section(action, templates) for action, templates in shown.items()}


def _section(action: str, templates: Sequence[str]) -> Section:
    return Section("followup/decided.html", lambda case, reader: _context(case, reader, action, templates))


def _context(case: Case, reader: User, action: str, templates: Sequence[str]) -> dict[str, object]:
    page = CasePage(reader, case.about.number)
    plans = parts.plans(page)
    context = {
        "decided": page.case,
        "page": page,
        "can": {"review_evidence": action in REVIEWING and can(page.case, reader)["review_evidence"]},
        "wordings": parts.wordings(page),
        "plan": plans[0] if plans else None,
        "interims": parts.interims(page),
        "files": parts.files(page),
        "reported": _reported(page),
        "earlier": [extension for extension in reversed(page.extensions) if extension.pk != case.pk],
    }
    can_be_empty = {
        ANSWERS: page.answers, INTERIMS: context["interims"], PLAN: plans, EVIDENCE: page.evidence,
        REPORTED: context["reported"],
    }  # fmt: skip
    return {**context, "templates": [template for template in templates if can_be_empty.get(template, True)]}


def _reported(page: CasePage) -> list[HistoryEntry]:
    """What was said when it was last reported as done, and when that was verified; the newest first."""
    last: dict[str, HistoryEntry] = {}
    for entry in page.entries:
        if entry.line.action in REPORTING:
            last.setdefault(entry.line.action, entry)
    return list(last.values()) if page.case.claimed_on else []
