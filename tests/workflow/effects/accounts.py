"""What the acts on a change of an account write, on the account as well."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from cases.accounts.models import AccountChange
from cases.desk.talking import comment
from cases.registry import two_people
from cases.registry.models import Membership, User
from tests.cast import Cast
from tests.workflow.effects import IN_3, NOW, TODAY, Clock, Effects, Owed, Row, Scene
from tests.workflow.effects.places import WHY
from workflow.door import perform
from workflow.lifecycles.account_change import Change
from workflow.roles import Role

NUMBER = "A-2027-00001"
HEADS = ("head", "second_head")
REASON = {"reason": WHY}
ASKED_ON = date(2027, 6, 14)


def _asked(cast: Cast, change: Change) -> AccountChange:
    """One of each kind, asked for by the registrar."""
    coordinates = Membership.objects.get(person=cast.coordinator)
    leads = Membership.objects.get(person=cast.rector)
    wanted: dict[Change, dict[str, Any]] = {
        Change.ADDRESS: {"person": cast.officer, "email": "new@test.example"},
        Change.ROLE: {
            "person": cast.stranger, "organisation": cast.college, "role": Role.INSTITUTION_HEAD,
            "starts": TODAY, "ends": None,
        },
        Change.SUBSTITUTION: {
            "person": cast.officer, "organisation": cast.university, "role": Role.INSTITUTION_HEAD,
            "membership": leads, "starts": TODAY, "ends": date(2027, 6, 30),
        },
        Change.LAST_DAY: {
            "person": cast.coordinator, "organisation": cast.department, "role": Role.COORDINATOR,
            "membership": coordinates, "ends": date(2027, 7, 31),
        },
        Change.DEACTIVATE: {"person": cast.expert, "reason": WHY},
        Change.REACTIVATE: {"person": cast.expert},
    }  # fmt: skip
    made: Any = two_people.ask(change, by=cast.registrar, **wanted[change])
    return AccountChange.objects.get(pk=made.pk)


def account_change_at(cast: Cast, clock: Clock, place: str) -> Scene:
    """`place` is a state, and after a colon what is asked for."""
    state, _, wanted = place.partition(":")
    if not state:
        return Scene(cast, AccountChange(department=cast.department))
    clock.day = ASKED_ON
    if wanted == Change.REACTIVATE:
        User.objects.filter(pk=cast.expert.pk).update(is_active=False)
    case = _asked(cast, Change(wanted or Change.ADDRESS))
    if state != "requested":
        action, who, inputs = {
            "approved": ("approve", "head", {}), "refused": ("refuse", "head", REASON),
            "withdrawn": ("withdraw", "registrar", {}),
        }[state]  # fmt: skip
        perform(case, action, by=getattr(cast, who), **inputs)
    return Scene(cast, case)


def _ask(scene: Scene) -> None:
    scene.case = _asked(scene.cast, Change.ADDRESS)


DECIDED = {"decided_by": "head", "decided_on": str(TODAY)}
WAITING = [f"approve P:{name}" for name in HEADS]


def _approved(change: Change, *others: Any) -> Row:
    return Row(
        "approve", [f"requested:{change}"], by="head", to="approved", variant=change,
        changes=DECIDED,
        closed=WAITING,
        told={"happened": ["registrar", "second_head", "leader"]},
        others=others,
    )  # fmt: skip


def _recorded(action: str, what: str, name: str, **text: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The event on the account, which says of which decision it is a consequence."""
    yield "new", "workflow_event", {
        "subject_type": what, "subject": name, "number": name, "action": action, "at": NOW,
        "actor": "head", "role": Role.DEPARTMENT_HEAD, "organisation": "DEP",
        "membership": f"head as {Role.DEPARTMENT_HEAD}",
    }  # fmt: skip
    yield "new", "workflow_eventdetails", {"event": action, "text": {"because_of": "approve", **text}}


def _letter(action: str, template: str, name: str, **address: str) -> tuple[str, str, dict[str, Any]]:
    """By e-mail alone."""
    return "new", "notifications_message", {
        "event": action, "recipient": name, "template": template, "channel": "email", "status": "due", "due_at": NOW,
        **address,
    }  # fmt: skip


LEADS = {"person": "stranger", "organisation": "COL", "role": Role.INSTITUTION_HEAD, "starts": "2027-06-15"}
STANDS_IN = {
    "person": "officer", "organisation": "UNI", "role": Role.INSTITUTION_HEAD, "substitutes_for": "rector",
    "starts": "2027-06-15", "ends": "2027-06-30",
}  # fmt: skip

ACCOUNT_CHANGES = Effects(
    AccountChange,
    account_change_at,
    owed=lambda case: {"lead": "DEP"},
    role_of={"registrar": (Role.REGISTRAR, "DEP"), "head": (Role.DEPARTMENT_HEAD, "DEP")},
    rows=(
        Row(
            "create", [""], by="registrar", to="requested",
            opened=[
                Owed("approve", Role.DEPARTMENT_HEAD, "DEP", IN_3, 3, key=f"P:{name}", assignee=name)
                for name in HEADS
            ],
            told={"happened": HEADS},
            details={
                "change": "address", "person": "officer", "email": "new@test.example",
                "email_before": "cholpon@test.example",
            },
            others=[
                ("new", "accounts_accountchange", {
                    "number": NUMBER, "version": 1, "state": "requested", "change": "address", "department": "DEP",
                    "person": "officer", "email": "new@test.example", "email_before": "cholpon@test.example",
                    "requested_by": "registrar", "requested_at": NOW,
                }),
                ("new", "desk_numberseries", {"prefix": "A", "year": 2027, "last": 1}),
            ],
            do=_ask,
        ),
        _approved(
            Change.ADDRESS,
            ("changed", "registry_user", {
                "": "officer", "email": "new@test.example", "search": "cholpon test new test example",
            }),
            *_recorded(
                "change_address", "person", "officer",
                changes={"email": "new@test.example"},
            ),
            _letter("change_address", "address_changed", "officer", address="cholpon@test.example"),
            _letter("change_address", "address_changed", "officer"),
        ),
        _approved(
            Change.ROLE,
            ("new", "registry_membership", LEADS),
            *_recorded("give_membership", "membership", "stranger as institution_head", inputs=LEADS),
            _letter("give_membership", "role_given", "stranger"),
        ),
        _approved(
            Change.SUBSTITUTION,
            ("new", "registry_membership", STANDS_IN),
            *_recorded("arrange_substitution", "membership", "officer as institution_head", inputs=STANDS_IN),
            _letter("arrange_substitution", "role_given", "officer"),
        ),
        _approved(
            Change.LAST_DAY,
            ("changed", "registry_membership", {"": "coordinator as coordinator", "ends": "2027-07-31"}),
            *_recorded(
                "end_membership", "membership", "coordinator as coordinator",
                changes={"ends": "2027-07-31"},
            ),
            _letter("end_membership", "role_moved", "coordinator"),
        ),
        _approved(
            Change.DEACTIVATE,
            ("changed", "registry_user", {"": "expert", "is_active": False}),
            *_recorded("deactivate_person", "person", "expert", changes={"is_active": False}, reason=WHY),
            _letter("deactivate_person", "account_deactivated", "expert", address="kunduz@test.example"),
        ),
        _approved(
            Change.REACTIVATE,
            ("changed", "registry_user", {"": "expert", "is_active": True}),
            *_recorded("reactivate_person", "person", "expert", changes={"is_active": True}),
            _letter("reactivate_person", "account_reactivated", "expert"),
        ),
        Row(
            "refuse", ["requested"], by="head", to="refused",
            inputs=REASON,
            changes={**DECIDED, "decision": WHY},
            closed=WAITING,
            told={"happened": ["registrar", "second_head"]},
        ),
        Row("withdraw", ["requested"], by="registrar", to="withdrawn", closed=WAITING, told={"happened": HEADS}),
        *(
            Row(
                "comment", [state], by="head", counts=False,
                told={"happened": ["registrar", "second_head"]},
                details={"text": "Well."},
                others=[("new", "desk_comment", {
                    "subject_type": "account_change", "subject": "the case", "text": "Well.", "written_by": "head",
                    "written_at": NOW,
                })],
                do=lambda scene: comment(scene.case, "Well.", by=scene.cast.head, is_internal=False),
            )
            for state in ("requested", "approved", "refused", "withdrawn")
        ),
    ),
)  # fmt: skip
