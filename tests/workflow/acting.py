"""What the tests of the engine act with: everybody of every role, inputs that fit, and a look at the whole database."""

import copy
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from cases.accounts.models import AccountChange
from cases.registry.models import Kind, User
from tests.cast import Cast, organisation, person
from tests.kinds import Trial, accounts, follow_up, toys
from workflow.case import Case
from workflow.door import Refused, amend, perform, remark
from workflow.roles import Role

TRIALS: dict[str, Trial] = {
    trial.model.CASE_TYPE: trial
    for trial in (
        follow_up.RECOMMENDATION,
        follow_up.EFFECT_REVIEW,
        follow_up.EXTENSION,
        accounts.ACCOUNT_CHANGE,
        toys.VISIT,
        toys.NOTE,
    )
}
CASE_TYPES: dict[str, type[Case]] = {name: trial.model for name, trial in TRIALS.items()}
REMARKS = ("comment", "comment_internal")
OWN_APPS = ("workflow", "registry", "desk", "followup", "accounts", "trail", "notifications", "toys")


def inputs_of(action: str) -> dict[str, Any]:
    """Inputs with which the action is possible."""
    found = [trial.inputs[action] for trial in TRIALS.values() if action in trial.inputs]
    return dict(found[0]) if found else {}


def inputs_of_case(case: Case, action: str) -> dict[str, Any]:
    """The same for a kind: two kinds may have acts of one name."""
    return dict(TRIALS[case.CASE_TYPE].inputs.get(action, {}))


@dataclass(frozen=True)
class Somebody:
    """A person in a role, in the organisation that is related to the case (own) or in another one of its kind."""

    role: str
    is_own: bool
    user: User

    def __str__(self) -> str:
        return f"{'own' if self.is_own else 'foreign'} {self.role}"


def everybody(cast: Cast) -> list[Somebody]:
    """Each role twice: in the organisations of the cast and in others."""
    own = {
        Role.MINISTRY_LEADER: cast.leader,
        Role.MINISTRY_OBSERVER: cast.observer,
        Role.DEPARTMENT_HEAD: cast.head,
        Role.COORDINATOR: cast.coordinator,
        Role.CONTRACTOR_LEAD: cast.lead,
        Role.CONTRACTOR_EXPERT: cast.expert,
        Role.INSTITUTION_HEAD: cast.rector,
        Role.INSTITUTION_OFFICER: cast.officer,
        Role.INSTITUTION_CONTROLLER: cast.controller,
        Role.REGISTRAR: cast.registrar,
    }
    other = {
        "ministry": organisation("MIN9", Kind.MINISTRY),
        "department": organisation("DEP9", Kind.DEPARTMENT),
        "contractor": organisation("CON9", Kind.CONTRACTOR),
        "institution": organisation("UNI9", Kind.INSTITUTION, institution_type="university"),
    }
    kinds = {Role.COORDINATOR: "department", Role.REGISTRAR: "department"}
    return [Somebody(role, True, user) for role, user in own.items()] + [
        Somebody(role, False, person(f"foreign.{role}", (other[kinds.get(role, role.split("_")[0])], role)))
        for role in Role
    ]


def make_case(cast: Cast, case_type: str, state: str) -> Case:
    """A case on which every action of its state is possible for those who may do it."""
    return TRIALS[case_type].make(cast, state)


def act(case: Case, action: str, user: User, **inputs: Any) -> None:
    """Do an action, or a verb that writes nothing else; `inputs` replace those that fit."""
    if action in case.acts():
        perform(case, action, by=user, **(inputs or inputs_of_case(case, action)))
    elif action in REMARKS:
        with remark(case, action, by=user):
            pass
    else:
        with amend(case, action, by=user):
            pass


def make_own(case: Case, action: str, user: User) -> None:
    """A request is withdrawn by who made it, and decided by others: for this act it is the person's own."""
    if isinstance(case, AccountChange) and (action, case.state) == ("withdraw", "requested"):
        AccountChange.objects.filter(pk=case.pk).update(requested_by=user)


def refusal(case: Case, action: str, user: User, **inputs: Any) -> str:
    """The sentence with which it is refused; empty when it is done (and undone again)."""
    try:
        with transaction.atomic():
            act(copy.copy(case), action, user, **inputs)
            transaction.set_rollback(True)
    except Refused as refused:
        return refused.sentence
    return ""


def everything() -> dict[str, str]:
    """table -> the hash of all its rows, of every table of ours."""
    tables = [
        model._meta.db_table
        for label in OWN_APPS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    one = "SELECT '{0}', md5(coalesce(string_agg(row::text, '' ORDER BY row::text), '')) FROM {0} AS row"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(table) for table in tables))
        return dict(cursor.fetchall())
