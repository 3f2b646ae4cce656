"""What the leading department does after drafting: translate, and follow up what is closed."""

from django.utils.translation import gettext as _

from cases.followup.models import Recommendation
from cases.followup.verbs.drafting import (
    FIELDS,
    Draft,
    controllers_of,
    draft_recommendation,
    write_text,
)
from cases.followup.verbs.linking import findings_of
from cases.registry.models import User
from workflow.door import Refused, amend
from workflow.lifecycles.finding import State as FindingState
from workflow.lifecycles.recommendation import Action, State


def translate(
    recommendation: Recommendation,
    language: str,
    text: str,
    *,
    by: User,
    is_checked: bool,
    version: int | None = None,
) -> None:
    """Add a version of the text in a language, also an unchanged one that was found to be right again.

    The authoritative text is no translation: it is drafted, and stays as it was delivered. Raises Refused.
    """
    if not text.strip():
        raise Refused(_("Write the translation."))
    with amend(recommendation, Action.TRANSLATE, by=by, version=version) as amendment:
        locked: Recommendation = amendment.case
        if language == locked.authoritative_language:
            raise Refused(_("This is the authoritative text, not a translation: it stays as it was drafted."))
        now = locked.current_texts().get(language)
        write_text(locked, language, text.strip(), by=by, is_checked=is_checked)
        locked.fill_search(text.text for text in locked.current_texts().values())
        amendment.details["text"] = {language: [now.text if now else "", text.strip()]}


def draft_successor(recommendation: Recommendation, *, by: User, version: int | None = None) -> Recommendation:
    """Draft a new recommendation that follows a closed one and inherits its dates and slips. Raises Refused."""
    with amend(recommendation, Action.SUCCEED, by=by, version=version) as amendment:
        old: Recommendation = amendment.case
        if present := open_successor(old):
            raise Refused(_("It has a successor already: %(number)s.") % {"number": present.number})
        successor = draft_recommendation(draft_after(old, by), by=by, predecessor=old, at=amendment.act.at)
        amendment.details["successor"] = successor.number
    return successor


def open_successor(recommendation: Recommendation) -> Recommendation | None:
    return recommendation.successors.exclude(state=State.CLOSED).first()


def draft_after(old: Recommendation, coordinator: User | None) -> Draft:
    """What a successor begins with."""
    return Draft(
        texts={language: text.text for language, text in old.current_texts().items()},
        due=old.current_due,
        coordinator=coordinator,
        department=old.department,
        contributors=[contributor.name for contributor in old.contributors.all()],
        findings=[finding for finding in findings_of(old) if finding.state == FindingState.CONFIRMED],
        **{name: getattr(old, name) for name in FIELDS if name != "watcher"},
        watcher=next(
            (controller for controller in controllers_of([old.institution]) if controller == old.watcher), None
        ),
    )
