"""The cast: Aigul coordinates, Bakyt heads the department, Chynara heads the university, and so on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password

from cases.registry.models import Membership, Organisation, OrganisationKind, User
from workflow.roles import Role
from workflow.trail.recording import Entry, record

PASSWORD = "a long password for tests"
HASHED = make_password(PASSWORD)


@dataclass
class Cast:
    ministry: Organisation
    department: Organisation
    other_department: Organisation
    university: Organisation
    college: Organisation
    contractor: Organisation
    leader: User
    observer: User
    head: User
    second_head: User
    coordinator: User
    second_coordinator: User
    rector: User
    officer: User
    controller: User
    director: User
    expert: User
    lead: User
    registrar: User
    stranger: User


def person(name: str, *memberships: tuple[Organisation, Role], **fields: Any) -> User:
    """A person with the given memberships, in force since 2020 and told by the trail."""
    user = _person(name, *memberships, **fields)
    tell(user.memberships.all())
    return user


ADDED = {User: "add_person", Organisation: "add_organisation", Membership: "give_membership"}


def tell(rows: Iterable[User | Organisation | Membership]) -> None:
    """Record them on the trail, as the registry would have done: one statement for all of them."""
    record(
        Entry(row.TRAIL_TYPE, row.pk, row.code, ADDED[type(row)], by=None, details={"inputs": _filled(row)})
        for row in rows
    )


def _filled(row: User | Organisation | Membership) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in row.TRAIL_REPLAYED}
    return {name: value for name, value in values.items() if value or name == "is_active"}


def _person(name: str, *memberships: tuple[Organisation, Role], **fields: Any) -> User:
    user = User.objects.create(
        email=f"{name.lower()}@test.example", full_name=f"{name} (test)", password=HASHED, **fields
    )
    for organisation, role in memberships:
        Membership.objects.create(person=user, organisation=organisation, role=role, starts=date(2020, 1, 1))
    return user


def organisation(code: str, kind: OrganisationKind, **fields: Any) -> Organisation:
    return Organisation.objects.create(code=code, kind=kind, name=f"{code} (test)", **fields)


def make_cast() -> Cast:
    ministry = organisation("MIN", OrganisationKind.MINISTRY)
    department = organisation("DEP", OrganisationKind.DEPARTMENT, parent=ministry)
    other_department = organisation("DEP2", OrganisationKind.DEPARTMENT, parent=ministry)
    university = organisation("UNI", OrganisationKind.INSTITUTION, institution_type="university", region="bishkek")
    college = organisation("COL", OrganisationKind.INSTITUTION, institution_type="college", region="osh")
    contractor = organisation("CON", OrganisationKind.CONTRACTOR)
    made = Cast(
        ministry=ministry,
        department=department,
        other_department=other_department,
        university=university,
        college=college,
        contractor=contractor,
        leader=_person("Leila", (ministry, Role.MINISTRY_LEADER)),
        observer=_person("Oleg", (ministry, Role.MINISTRY_OBSERVER)),
        head=_person("Bakyt", (department, Role.DEPARTMENT_HEAD)),
        second_head=_person("Bermet", (department, Role.DEPARTMENT_HEAD)),
        coordinator=_person("Aigul", (department, Role.COORDINATOR)),
        second_coordinator=_person("Asan", (department, Role.COORDINATOR)),
        rector=_person("Chynara", (university, Role.INSTITUTION_HEAD)),
        officer=_person("Cholpon", (university, Role.INSTITUTION_OFFICER)),
        controller=_person("Zarina", (university, Role.INSTITUTION_CONTROLLER)),
        director=_person("Damir", (college, Role.INSTITUTION_HEAD)),
        lead=_person("Kanat", (contractor, Role.CONTRACTOR_LEAD)),
        expert=_person("Kunduz", (contractor, Role.CONTRACTOR_EXPERT)),
        registrar=_person("Roza", (department, Role.REGISTRAR)),
        stranger=_person("Stranger"),
    )
    tell(Membership.objects.all())
    return made


def make_told_cast() -> Cast:
    """The same, and the trail tells of people and organisations, too, as where the registry added them."""
    made = make_cast()
    tell([*Organisation.objects.all(), *User.objects.all()])
    return made
