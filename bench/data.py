"""Makes the rows that are measured: organisations, people and recommendations, written by SQL."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from django.db import connection

from cases.desk.models import NumberSeries
from cases.followup.models import SourceDocument
from cases.registry.models import Membership, Organisation, OrganisationKind, User
from workflow.roles import Role
from workflow.terms import legal_date

INSTITUTIONS, COORDINATORS = 300, 40
NUMBERS_BEFORE = 5_000_000
"""The measured rows are numbered by hand up to here."""
FIRST_DRAFT = 4_000_001
SQL = Path(__file__).with_name("data.sql").read_text()


@dataclass
class World:
    """Whom and what the measured rows belong to."""

    ministry: Organisation
    department: Organisation
    source: SourceDocument
    institutions: list[int]
    coordinators: list[User]
    heads: list[User]
    leader: User
    registrar: User

    @classmethod
    def stored(cls) -> Self:
        """The world that `make_world()` made."""

        def people(role: Role) -> list[User]:
            return list(User.objects.filter(memberships__role=role).order_by("pk"))

        return cls(
            ministry=Organisation.objects.get(kind=OrganisationKind.MINISTRY),
            department=Organisation.objects.get(kind=OrganisationKind.DEPARTMENT),
            source=SourceDocument.objects.get(),
            institutions=list(
                Organisation.objects.filter(code__startswith="I-").order_by("pk").values_list("pk", flat=True)
            ),
            coordinators=people(Role.COORDINATOR),
            heads=people(Role.INSTITUTION_HEAD),
            leader=people(Role.MINISTRY_LEADER)[0],
            registrar=people(Role.REGISTRAR)[0],
        )

    def parameters(self) -> dict[str, Any]:
        return {
            "ministry": self.ministry.pk,
            "department": self.department.pk,
            "source": self.source.pk,
            "institutions": self.institutions,
            "coordinators": [person.pk for person in self.coordinators],
            "heads": [person.pk for person in self.heads],
        }


def make_world() -> World:
    ministry = Organisation.objects.create(code="MIN", kind=OrganisationKind.MINISTRY, name="Ministry (demo)")
    NumberSeries.objects.create(prefix="R", year=legal_date().year, last=NUMBERS_BEFORE)
    department = Organisation.objects.create(
        code="DEP", kind=OrganisationKind.DEPARTMENT, name="Department (demo)", parent=ministry
    )
    institutions = Organisation.objects.bulk_create(
        Organisation(
            code=f"I-{number:03d}",
            kind=OrganisationKind.INSTITUTION,
            institution_type="college",
            region=("bishkek", "osh", "naryn")[number % 3],
            name=f"Institution {number} (demo)",
            search=f"i-{number:03d} institution {number}",
        )
        for number in range(INSTITUTIONS)
    )
    SourceDocument.objects.create(kind="audit", title="Audit (demo)", department=department)
    for number in range(COORDINATORS):
        add_person(f"c{number}", department, Role.COORDINATOR)
    for number, institution in enumerate(institutions):
        add_person(f"h{number}", institution, Role.INSTITUTION_HEAD)
    add_person("head", department, Role.DEPARTMENT_HEAD)
    add_person("leader", ministry, Role.MINISTRY_LEADER)
    add_person("registrar", ministry, Role.REGISTRAR)
    return World.stored()


def add_recommendations(world: World, first: int, last: int, state: str | None = None) -> None:
    """Rows number `first` to `last` in all states, or in one.

    Triggers and foreign keys are off for it: the rows are right by the way they are made. Each has an event, on which
    the chain of its trail goes on.
    """
    parameters = world.parameters() | {"state": state}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for start in range(first, last + 1, 100_000):
            cursor.execute(SQL, parameters | {"first": start, "last": min(start + 99_999, last)})
        cursor.execute("SET session_replication_role = origin")


def add_person(name: str, organisation: Organisation, role: Role) -> None:
    person = User.objects.create(email=f"{name}@bench.example", full_name=f"{name} (demo)", password="!")
    Membership.objects.create(person=person, organisation=organisation, role=role, starts=date(2020, 1, 1))
