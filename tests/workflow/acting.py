"""What the tests of the engine act with: everybody of every role, inputs that fit, and a look at the whole database."""

import copy
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from cases.registry.models import OrganisationKind, User
from tests.cast import Cast, organisation, person
from tests.kinds import RECEIVER, Trial, accounts, engagements, findings, follow_up, planning, toys
from workflow.case import Case
from workflow.door import Refused, amend, perform, remark
from workflow.roles import Role
from workflow.rounds.decided import DecidedInRounds
from workflow.rounds.models import RoundTask, Seat
from workflow.rounds.seats import ALLOWED, GIVE_BACK

TRIALS: dict[str, Trial] = {
    trial.model.CASE_TYPE: trial
    for trial in (
        planning.PLAN_SCHEDULE,
        engagements.ENGAGEMENT,
        engagements.DELIVERABLE,
        findings.FINDING,
        follow_up.RECOMMENDATION,
        follow_up.EFFECT_REVIEW,
        follow_up.EXTENSION,
        accounts.ACCOUNT_CHANGE,
        toys.VISIT,
        toys.NOTE,
    )
}
CASE_TYPES: dict[str, type[Case]] = {name: trial.model for name, trial in TRIALS.items()}
SEAT_VERBS = tuple(ALLOWED)
REMARKS = ("comment", "comment_internal")
OWN_APPS = (
    "workflow",
    "registry",
    "rounds",
    "desk",
    "followup",
    "planning",
    "analysis",
    "accounts",
    "trail",
    "notifications",
    "toys",
)


def inputs_of(action: str) -> dict[str, Any]:
    """Inputs with which the action is possible on a recommendation, or on what is about one."""
    trials = (follow_up.RECOMMENDATION, follow_up.EXTENSION, follow_up.EFFECT_REVIEW)
    found = [trial.inputs[action] for trial in trials if action in trial.inputs]
    return dict(found[0]) if found else {}


def inputs_of_case(case: Case, action: str) -> dict[str, Any]:
    """The same for a kind: two kinds may have acts of one name."""
    inputs = TRIALS[case.CASE_TYPE].inputs.get(action, {})
    return {name: value(case) if callable(value) else value for name, value in inputs.items()}


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
        "ministry": organisation("MIN9", OrganisationKind.MINISTRY),
        "department": organisation("DEP9", OrganisationKind.DEPARTMENT),
        "contractor": organisation("CON9", OrganisationKind.CONTRACTOR),
        "institution": organisation("UNI9", OrganisationKind.INSTITUTION, institution_type="university"),
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
        with amend(case, action, by=user, inputs=inputs or inputs_of_case(case, action)):
            pass


def make_own(case: Case, action: str, user: User) -> None:
    """For this act the case is the person's own, as its kind says; a seat is given back by who took it."""
    TRIALS[case.CASE_TYPE].suit(case, user, action)
    if action in SEAT_VERBS and isinstance(case, DecidedInRounds):
        make_seats_of(case, user, taken=action == GIVE_BACK)


def make_seats_of(case: DecidedInRounds, user: User, *, taken: bool) -> None:
    """The seats asked now are for the role and organisation of this person, and of somebody to hand them over to."""
    membership = user.memberships.get()
    if not User.objects.filter(pk=RECEIVER).exists():
        person("Receiver", (membership.organisation, Role(membership.role)), pk=RECEIVER)
    tasks = RoundTask.objects.filter(pk__in=[task.pk for task in case.tasks_waiting()])
    Seat.objects.filter(pk__in=tasks.values("seat")).update(
        named=None, role=membership.role, organisation_id=membership.organisation_id
    )
    tasks.update(owner=user if taken else None, status="ASSIGNED" if taken else "NEW")


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
