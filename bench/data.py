"""Makes the rows that are measured: organisations, people and recommendations, written by SQL."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from cases.followup.models import NumberSeries, SourceDocument
from cases.registry.models import Kind, Membership, Organisation, User
from workflow.roles import Role
from workflow.terms import legal_date

INSTITUTIONS, COORDINATORS = 300, 40
NUMBERS_BEFORE = 5_000_000
"""The measured rows are numbered by hand up to here."""
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
    department_head: User
    leader: User

    def parameters(self) -> dict[str, Any]:
        return {
            "ministry": self.ministry.pk,
            "department": self.department.pk,
            "source": self.source.pk,
            "institutions": self.institutions,
            "coordinators": [one.pk for one in self.coordinators],
            "heads": [one.pk for one in self.heads],
        }


def make_world() -> World:
    ministry = Organisation.objects.create(code="MIN", kind=Kind.MINISTRY, name="Ministry (demo)")
    NumberSeries.objects.create(prefix="R", year=legal_date().year, last=NUMBERS_BEFORE)
    department = Organisation.objects.create(
        code="DEP", kind=Kind.DEPARTMENT, name="Department (demo)", parent=ministry
    )
    rows = [
        Organisation(
            code=f"I-{number:03d}",
            kind=Kind.INSTITUTION,
            institution_type="college",
            region=("bishkek", "osh", "naryn")[number % 3],
            name=f"Institution {number} (demo)",
            search=f"i-{number:03d} institution {number}",
        )
        for number in range(INSTITUTIONS)
    ]
    institutions = Organisation.objects.bulk_create(rows)
    return World(
        ministry=ministry,
        department=department,
        source=SourceDocument.objects.create(kind="audit", title="Audit (demo)", department=department),
        institutions=[one.pk for one in institutions],
        coordinators=[_person(f"c{n}", department, Role.COORDINATOR) for n in range(COORDINATORS)],
        heads=[_person(f"h{n}", one, Role.INSTITUTION_HEAD) for n, one in enumerate(institutions)],
        department_head=_person("head", department, Role.DEPARTMENT_HEAD),
        leader=_person("leader", ministry, Role.MINISTRY_LEADER),
    )


def add_recommendations(world: World, first: int, last: int, state: str | None = None) -> None:
    """Rows number `first` to `last` in all states, or in one; then what the planner knows is brought up to date."""
    parameters = world.parameters() | {"state": state}
    with connection.cursor() as cursor:
        for start in range(first, last + 1, 100_000):
            cursor.execute(SQL, parameters | {"first": start, "last": min(start + 99_999, last)})
        cursor.execute("VACUUM ANALYZE")


def _person(name: str, organisation: Organisation, role: Role) -> User:
    person = User.objects.create(email=f"{name}@bench.example", full_name=f"{name} (demo)", password="!")
    Membership.objects.create(person=person, organisation=organisation, role=role, starts=date(2020, 1, 1))
    return person
