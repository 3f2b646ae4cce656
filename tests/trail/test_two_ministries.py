"""Two ministries: leaders and observers of one read nothing of the other's cases, people, or figures."""

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cases.desk.inbox import awaited_by, owed_by
from cases.followup.models import Recommendation
from cases.ground.paging import capped_count
from cases.registry.models import Membership, Organisation, OrganisationKind, User
from cases.registry.verbs import add_person, change_organisation, give_membership
from tests.cast import Cast, make_cast, organisation, person, tell
from tests.factories import make_extension, make_recommendation
from tests.registry.acting import decided
from workflow.models import Event, Expectation
from workflow.roles import Role
from workflow.trail.verification import verify_and_record

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
THEIR_ADDRESS = "secret.person@second.example"


@dataclass
class Second:
    """The second ministry with its people, and what happened there."""

    ministry: Organisation
    department: Organisation
    leader: User
    observer: User
    coordinator: User
    case: Recommendation
    person: User


def make_second(cast: Cast) -> Second:
    ministry = organisation("MIN-B", OrganisationKind.MINISTRY)
    department = organisation("DEP-B", OrganisationKind.DEPARTMENT, parent=ministry)
    office = organisation("OFFICE-B", OrganisationKind.DEPARTMENT, parent=department)
    tell([ministry, department, office])
    coordinator = person("Temir", (department, Role.COORDINATOR))
    registrar = person("Rustam", (department, Role.REGISTRAR))
    clerk = add_person(by=registrar, email=THEIR_ADDRESS, full_name="Secret (test)", language="ky")
    give_membership(clerk, office, Role.COORDINATOR, starts=date(2026, 1, 1), by=decided(registrar))
    change_organisation(office, by=registrar, name_en="Their office")
    return Second(
        ministry=ministry,
        department=department,
        leader=person("Lola", (ministry, Role.MINISTRY_LEADER)),
        observer=person("Ulan", (ministry, Role.MINISTRY_OBSERVER)),
        coordinator=coordinator,
        case=make_recommendation(cast, "issued", ministry=ministry, department=department, coordinator=coordinator),
        person=clerk,
    )


@pytest.fixture
def second(cast: Cast) -> Second:
    return make_second(cast)


@pytest.fixture
def first(cast: Cast) -> Recommendation:
    """A case of the first ministry with a request for more time, and people that it registered."""
    newcomer = add_person(by=cast.registrar, email="new@first.example", full_name="Newcomer (test)", language="ky")
    give_membership(newcomer, cast.department, Role.COORDINATOR, starts=date(2026, 1, 1), by=decided(cast.registrar))
    case = make_recommendation(cast, "in_progress")
    make_extension(cast, case)
    return case


def read(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    answer: Any = client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200, address
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def events_shown(client: Client, user: User) -> set[int]:
    return {int(row["Event"]) for row in csv.DictReader(io.StringIO(read(client, user, "/trail/export.csv")[1:]))}


def test_each_reads_the_trail_of_its_own_ministry(
    client: Client, cast: Cast, first: Recommendation, second: Second
) -> None:
    foreign = of_one_ministry_alone(second.ministry, second.department, second.case)
    own = of_one_ministry_alone(cast.ministry, cast.department, first)
    assert len(foreign) >= 5
    assert not own & foreign
    for reader in (cast.leader, cast.observer):
        assert events_shown(client, reader) == everything_but(foreign)
        assert THEIR_ADDRESS not in read(client, reader, "/trail/")
    for reader in (second.leader, second.observer):
        assert events_shown(client, reader) == everything_but(own)


def of_one_ministry_alone(ministry: Organisation, department: Organisation, case: Recommendation) -> set[int]:
    """What was done in its department, on its case, and about its organisations, their people and roles."""
    parts = [
        ministry.pk,
        department.pk,
        *Organisation.objects.filter(parent__in=[ministry, department]).values_list("pk", flat=True),
    ]
    roles = Membership.objects.filter(organisation__in=parts)
    shown = Q(organisation_id=department.pk) & ~Q(subject_type="legal_act")
    shown |= Q(subject_type="organisation", subject_id__in=parts)
    shown |= Q(subject_type="membership", subject_id__in=roles.values("pk"))
    shown |= Q(subject_type="person", subject_id__in=roles.values("person"))
    shown |= Q(subject_type="recommendation", subject_id=case.pk) | Q(about_type="recommendation", about_id=case.pk)
    return set(Event.objects.filter(shown).values_list("pk", flat=True))


def everything_but(events: set[int]) -> set[int]:
    """Who has no role and was entered by nobody concerns no ministry."""
    nobodys = Event.objects.filter(subject_type="person", actor=None).exclude(
        subject_id__in=Membership.objects.values("person")
    )
    others = Event.objects.exclude(pk__in=events).exclude(pk__in=nobodys.values("pk"))
    return set(others.values_list("pk", flat=True))


def test_no_other_page_of_the_trail_leads_there_either(
    client: Client, cast: Cast, first: Recommendation, second: Second
) -> None:
    verify_and_record()
    for event in Event.objects.of("person", second.person.pk):
        client.force_login(cast.leader)
        assert client.get(f"/trail/{event.pk}/").status_code == 404
        assert f"/trail/{event.pk}/" in read(client, second.leader, "/trail/")
    for address in (
        "/trail/",
        "/trail/?person=Secret",
        f"/trail/?number={second.case.number}",
        "/trail/?action=.invite",
    ):
        page = read(client, cast.leader, address)
        rows = page.partition("<tbody>")[2].partition("</tbody>")[0]
        assert second.case.number not in rows
        assert "Secret" not in rows
    export = read(client, cast.leader, "/trail/export.jsonl")
    subjects = {(line.get("subject_type"), line.get("subject_id")) for line in map(json.loads, export.splitlines())}
    assert ("recommendation", str(first.pk)) in subjects
    assert ("recommendation", str(second.case.pk)) not in subjects
    assert ("person", str(second.person.pk)) not in subjects


def test_how_much_there_is_elsewhere_is_told_to_nobody(
    client: Client, cast: Cast, first: Recommendation, second: Second
) -> None:
    known = Event.objects.filter(subject_type=User.TRAIL_TYPE).values("subject_id")
    tell(User.objects.exclude(pk__in=known))  # Who is stored without a trail is a finding.
    verify_and_record()
    page = read(client, cast.leader, "/trail/")
    assert "Trail verified, no tampering detected" in page
    assert not re.search(r"\d+ events in \d+ chains", page)
    inbox = read(client, cast.leader, "/?show=waiting")
    mine = Expectation.objects.open().filter(lead_id=cast.department.pk).exclude(role=Role.MINISTRY_LEADER).count()
    assert f"Found: {mine}" in inbox
    assert inbox.count("/recommendations/R-") == mine
    assert second.case.number not in inbox
    assert f"Found: {1}" in read(client, second.leader, "/?show=waiting")


def test_the_history_of_an_organisation_tells_nobody_of_another_ministry_what_was_done(
    client: Client, cast: Cast, second: Second
) -> None:
    address = "/registry/organisations/OFFICE-B/"
    assert "Their office" in read(client, second.leader, address).partition("timeline")[2]
    assert "Their office" not in read(client, cast.leader, address).partition("timeline")[2]


def test_one_ministry_alone_reads_everything(client: Client, cast: Cast, first: Recommendation) -> None:
    assert events_shown(client, cast.leader) == set(Event.objects.values_list("pk", flat=True))


def test_a_deactivated_ministry_keeps_its_past_to_itself(
    client: Client, cast: Cast, first: Recommendation, second: Second
) -> None:
    Organisation.objects.filter(pk=second.ministry.pk).update(is_active=False)
    assert second.case.number not in read(client, cast.leader, "/?show=waiting")
    assert not any(str(second.case.pk) == pk for pk in events_shown(client, cast.leader))


def test_a_coordinator_who_went_to_another_department_waits_for_nothing_of_the_old_one(
    client: Client, cast: Cast
) -> None:
    case = make_recommendation(cast, "issued", coordinator=cast.coordinator)
    Membership.objects.filter(person=cast.coordinator).update(organisation=cast.other_department)
    page = read(client, cast.coordinator, "/?show=waiting")
    assert case.number not in page
    assert '<b class="num">0</b> waits for others' in " ".join(page.split())


class CountsAndRows(TestCase):
    """For everybody, an inbox counts what it shows, whoever they are and whatever roles they hold."""

    @settings(max_examples=15)
    @given(
        roles=st.lists(
            st.tuples(st.sampled_from(["ministry", "department", "other_department", "university", "second", "dep_b"]),
                      st.integers(0, 3)), max_size=3
        ),
        states=st.lists(st.sampled_from(["draft", "issued", "in_progress", "disputed", "claimed"]), max_size=4),
        ours=st.booleans(),
    )  # fmt: skip
    def test_an_inbox_counts_what_it_shows(self, roles: list[tuple[str, int]], states: list[str], ours: bool) -> None:
        cast = make_cast()
        second = make_second(cast)
        places = {"second": second.ministry, "dep_b": second.department}
        who = person("Somebody")
        for name, place in roles:
            at = places.get(name) or getattr(cast, name)
            fitting = [Role.MINISTRY_LEADER, Role.DEPARTMENT_HEAD, Role.COORDINATOR, Role.INSTITUTION_HEAD]
            Membership.objects.create(person=who, organisation=at, role=fitting[place], starts=date(2020, 1, 1))
        elsewhere = {"ministry": second.ministry, "department": second.department, "coordinator": who}
        for state in states:
            make_recommendation(cast, state, **({"coordinator": who} if ours else elsewhere))
        for branches in (owed_by(who), awaited_by(who)):
            seen = set(Recommendation.objects.visible_to(User.objects.get(pk=who.pk)).values_list("pk", flat=True))
            found = {row.pk: row for branch in branches for row in branch}
            assert {row.subject_id for row in found.values() if row.subject_type == "recommendation"} <= seen
            assert capped_count(branches) == len(found)
