"""What the leading department does beside drafting and deciding: put in charge, translate, follow up what is closed."""

from django.utils.translation import gettext as _

from cases.followup.models import Recommendation
from cases.followup.verbs.drafting import (
    FIELDS,
    Draft,
    check_coordinator,
    controllers_of,
    draft_recommendation,
    write_text,
)
from cases.registry.models import User
from workflow import expectations
from workflow.door import Refused, amend
from workflow.lifecycles.effect_review import State as EffectState
from workflow.lifecycles.extension import State as ExtensionState
from workflow.lifecycles.recommendation import Action, State


def assign(recommendation: Recommendation, coordinator: User, *, by: User, version: int | None = None) -> None:
    """Put a coordinator of the leading department in charge; what is expected follows them. Raises Refused."""
    check_coordinator(coordinator, recommendation.department_id)
    with amend(recommendation, Action.ASSIGN, by=by, version=version) as amendment:
        locked: Recommendation = amendment.case
        if locked.coordinator_id == coordinator.pk:
            raise Refused(_("%(name)s is in charge already.") % {"name": coordinator})
        locked.coordinator = coordinator
        undecided = locked.extensions.filter(state=ExtensionState.REQUESTED)
        for part in [*undecided, *locked.effect_reviews.exclude(state=EffectState.ASSESSED)]:
            part.recommendation = locked
            expectations.follow(part)


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
        locked.fill_search(one.text for one in locked.current_texts().values())
        amendment.details["text"] = {language: [now.text if now else "", text.strip()]}


def draft_successor(recommendation: Recommendation, *, by: User, version: int | None = None) -> Recommendation:
    """Draft a new recommendation that follows a closed one and inherits its dates and slips. Raises Refused."""
    with amend(recommendation, Action.SUCCEED, by=by, version=version) as amendment:
        old: Recommendation = amendment.case
        if present := open_successor(old):
            raise Refused(_("It has a successor already: %(number)s.") % {"number": present.number})
        successor = draft_recommendation(draft_after(old, by), by=by, predecessor=old)
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
        contributors=[one.name for one in old.contributors.all()],
        **{name: getattr(old, name) for name in FIELDS if name != "watcher"},
        watcher=next((one for one in controllers_of([old.institution]) if one == old.watcher), None),
    )
