"""What changes of accounts bring to the desk."""

from collections.abc import Iterator

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.accounts.models import RELATED, AccountChange
from cases.desk.forms import ReasonForm
from cases.desk.kinds import Kind, ListColumn, Rule, facts_section
from cases.ground.templatetags.baikoo import day
from cases.registry import stranded
from workflow.lifecycles.account_change import APPROVING, Action, Change, State
from workflow.roles import MINISTRY, Role
from workflow.texts import Text


def _facts(change: AccountChange) -> list[tuple[Text, object]]:
    """What is asked for, by whom and why, and who can decide."""
    return [(label, value) for label, value in _all_facts(change) if value]


def _all_facts(change: AccountChange) -> Iterator[tuple[Text, object]]:
    yield _("What"), change.get_change_display()
    yield _("Person"), change.person and f"{change.person} ({change.person.code})"
    yield _("Role"), change.role and Role(change.role).label
    yield _("Organisation"), change.organisation
    yield _("Is to be part of"), change.change == Change.PARENT and (change.parent or _("no other organisation"))
    yield _("Substitutes for"), change.membership and change.starts and change.membership.person
    yield _("From"), day(change.starts)
    yield _("Until"), (change.role or "") and (day(change.ends) or _("until further notice"))
    yield _("E-mail address before"), change.email_before
    yield _("New e-mail address"), change.email
    yield _("Reason"), change.reason
    yield _("Asked for by"), f"{change.requested_by}, {day(localdate(change.requested_at))}"
    if change.state == State.REQUESTED:
        names = dict.fromkeys(str(membership.person) for membership in change.able_to_decide())
        yield _("Can decide"), ", ".join(names) or _("nobody in this department yet")
    yield _("Decided by"), change.decided_by and f"{change.decided_by}, {day(change.decided_on)}"
    yield _("Decision"), change.decision


def _stranded(change: AccountChange) -> str:
    """What would be left undone by a deactivation, or by the end of a role."""
    ending: stranded.Ending | None = None
    if change.change == Change.DEACTIVATE:
        ending = change.person or change.organisation
    elif change.change == Change.LAST_DAY and change.ends:
        ending = change.membership
    return stranded.warning(ending) if ending else ""


LISTENING = tuple(APPROVING)
ACCOUNT_CHANGES = Kind(
    AccountChange,
    path="account-changes",
    prefixes=("A",),
    name_of_many=gettext_lazy("Changes of accounts"),
    concerned=gettext_lazy("Account"),
    reads=RELATED,
    menu_roles=frozenset({*APPROVING, *MINISTRY}),
    way=(State.REQUESTED, State.APPROVED),
    badges={State.REQUESTED: "st-soon", State.APPROVED: "st-done", State.REFUSED: "st-overdue", State.WITHDRAWN: ""},
    forms={Action.REFUSE: ReasonForm},
    decided_on=dict.fromkeys((Action.APPROVE, Action.REFUSE, Action.WITHDRAW), facts_section(_facts)),
    warnings={Action.APPROVE: _stranded},
    task_names={Action.APPROVE: gettext_lazy("Decide on the change")},
    facts=_facts,
    columns=(
        ListColumn(gettext_lazy("What"), lambda change: change.get_change_display()),
        ListColumn(gettext_lazy("Account"), lambda change: change.about_whom, is_long=True),
        ListColumn(gettext_lazy("Asked for by"), lambda change: change.requested_by),
        ListColumn(gettext_lazy("Asked for on"), lambda change: localdate(change.requested_at)),
    ),
    tells=(
        Rule(Action.CREATE, to=LISTENING),
        Rule(Action.APPROVE, to=(*LISTENING, Role.MINISTRY_LEADER)),
        Rule(Action.REFUSE, to=LISTENING),
        Rule(Action.WITHDRAW, to=LISTENING),
        Rule(Action.COMMENT, to=LISTENING),
    ),
    readers=gettext_lazy("The Department and the Ministry see this"),
)
