"""A department is made part of another ministry by two people: with it, leaders lose and get what they supervise."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cases.accounts.models import AccountChange
from cases.ground.tables import Row
from cases.registry import two_people
from cases.registry.imports.importing import KINDS
from cases.registry.models import Organisation, OrganisationKind, User
from cases.registry.verbs import change_organisation, fingerprint, move_organisation
from cases.registry.verbs.recording import Action, Step, registrar, write
from notifications.worker import send_due_messages
from tests.cast import Cast, make_told_cast, organisation, person, tell
from tests.registry.acting import decided, refusal
from tests.registry.browsing import notices
from tests.registry.trail import events
from workflow.door import Refused, perform
from workflow.lifecycles.account_change import Change
from workflow.models import Event
from workflow.roles import Role
from workflow.trail.verification import verify_and_record

pytestmark = pytest.mark.django_db
At = Callable[[User], Client]
TWO = "A second person has to approve this: it is asked for, and then decided by somebody else."


@pytest.fixture
def cast(db: None) -> Cast:
    """What is stored without a trail is a finding."""
    return make_told_cast()


@pytest.fixture
def other(cast: Cast) -> Organisation:
    made = organisation("MIN2", OrganisationKind.MINISTRY)
    tell([made])
    return made


@pytest.fixture
def other_leader(other: Organisation) -> User:
    return person("Nurlan", (other, Role.MINISTRY_LEADER))


def ask(cast: Cast, department: Organisation, parent: Organisation | None) -> Any:
    return two_people.ask(Change.PARENT, by=cast.registrar, organisation=department, parent=parent)


def sent(cast: Cast, at: At, **fields: str) -> Any:
    address = reverse("organisation_edit", args=[cast.department.code])
    named = {"name_en": "DEP (test)", "parent": "MIN", "version": fingerprint(cast.department), **fields}
    return at(cast.registrar).post(address, named, follow=True)


def test_the_form_asks_for_it_and_another_person_approves(cast: Cast, at: At, other: Organisation) -> None:
    page = at(cast.registrar).get(reverse("organisation_edit", args=["DEP"])).content.decode()
    assert "If you change what it is a part of: A second person has to approve this: Bakyt (test)" in page
    response = sent(cast, at, parent="MIN2", founder="State")
    change = AccountChange.objects.get()
    assert notices(response) == [
        f"Request {change.number} was sent. Now a second person has to approve it.", "The changes were saved."
    ]  # fmt: skip
    cast.department.refresh_from_db()
    assert (cast.department.parent, cast.department.founder) == (cast.ministry, "State")
    shown = at(cast.head).get(reverse("account_change_act", args=[change.number, "approve"])).content.decode()
    assert "MIN2 (test)" in shown
    perform(change, "approve", by=cast.head)
    cast.department.refresh_from_db()
    assert cast.department.parent == other
    moved = events("organisation", cast.department.pk)[-1]
    decision = Event.objects.of("account_change", change.pk).get(action="approve")
    assert (moved.action, moved.actor, moved.said["because_of"]) == ("move_organisation", cast.head, decision.pk)
    assert decision.ministry_id == cast.ministry.pk
    assert verify_and_record().finding == "", "what was decided before stays with the ministry of before"


def test_the_leaders_of_both_ministries_are_told(cast: Cast, other: Organisation, other_leader: User) -> None:
    User.objects.update(language="en")
    perform(ask(cast, cast.department, other), "approve", by=cast.head)
    send_due_messages(limit=100)
    subject = "In Baikoo an organisation was made part of another ministry"
    told = {letter.to[0]: str(letter.body) for letter in mail.outbox if letter.subject == subject}
    assert set(told) == {cast.leader.email, other_leader.email}
    for text in told.values():
        assert "DEP (test) (DEP). Now it is part of: MIN2 (test)." in text


def test_no_code_moves_it_under_the_right_of_one_registrar(cast: Cast, other: Organisation) -> None:
    row = cast.department
    assert refusal(lambda: change_organisation(row, by=cast.registrar, parent=other)) == TWO
    assert refusal(lambda: change_organisation(row, by=cast.registrar, parent=None)) == TWO
    assert refusal(lambda: change_organisation(cast.ministry, by=cast.registrar, parent=other)) == TWO
    assert refusal(lambda: move_organisation(row, other, by=cast.registrar)) == TWO
    for action in (Action.CHANGE_ORGANISATION, Action.MOVE_ORGANISATION):
        step = Step(Organisation.objects.get(pk=row.pk), action, {"parent_id": (row.parent_id, other.pk)})
        with pytest.raises(Refused), transaction.atomic():
            write([step], registrar(cast.registrar))
    row.refresh_from_db()
    assert row.parent == cast.ministry


def test_a_table_does_not_move_it(cast: Cast, other: Organisation) -> None:
    rows = [Row(2, {"code": "DEP", "parent": "MIN2"}), Row(3, {"code": "UNI", "parent": "MIN2"})]
    shown = KINDS["organisations"].preview(rows, cast.registrar)
    problems = [[problem.sentence for problem in line.problems] for line in shown.lines]
    assert problems == [["Two people decide this: ask for it on the organisation's page."], []]


def test_a_department_without_a_ministry_gets_its_first_one_from_one_registrar(cast: Cast) -> None:
    """Nobody loses by it; until then nobody leads it who could be asked."""
    new = organisation("DEP3", OrganisationKind.DEPARTMENT)
    change_organisation(new, by=cast.registrar, parent=cast.ministry)
    new.refresh_from_db()
    assert new.parent == cast.ministry
    college = cast.college
    change_organisation(college, by=cast.registrar, parent=cast.ministry)
    change_organisation(college, by=cast.registrar, parent=None)


WRONG = {
    "none": (None, "A department has to be part of a ministry."),
    "COL": ("COL", "A department has to be part of a ministry."),
    "MIN": ("MIN", "It is part of it already."),
    "OLD": ("OLD", "OLD (test) is deactivated."),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_refused_before_anybody_decides(cast: Cast, name: str) -> None:
    organisation("OLD", OrganisationKind.MINISTRY, is_active=False)
    code, sentence = WRONG[name]
    parent = Organisation.objects.get(code=code) if code else None
    assert refusal(lambda: ask(cast, cast.department, parent)) == sentence
    with pytest.raises(Refused):
        move_organisation(cast.department, parent, by=decided(cast.registrar))
    assert not AccountChange.objects.exists()
