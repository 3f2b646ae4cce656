"""Every change of the registry is for registrars alone, and has a name in the trail."""

from collections.abc import Callable
from typing import Any

import pytest

from cases.registry.models import LegalAct, ProgrammeArea, User
from cases.registry.verbs import (
    Action,
    add_act,
    add_area,
    add_organisation,
    add_person,
    arrange_substitution,
    change_act,
    change_address,
    change_area,
    change_organisation,
    change_person,
    deactivate_act,
    deactivate_area,
    deactivate_organisation,
    deactivate_person,
    end_membership,
    give_membership,
    invite,
    move_organisation,
    reactivate_act,
    reactivate_area,
    reactivate_organisation,
    reactivate_person,
)
from tests.cast import Cast
from tests.registry.acting import ACT, COLLEGE, PERSON, membership_of, refusal
from workflow.roles import Role
from workflow.terms import legal_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = legal_date()


def every_verb(cast: Cast) -> dict[str, Callable[[User], Any]]:
    act = LegalAct.objects.create(kind="order", number="7")
    area = ProgrammeArea.objects.create(code="ENG", name_ky="Инженердик иш")
    college, officer = cast.college, cast.officer
    return {
        "add_organisation": lambda by: add_organisation(by=by, **COLLEGE),
        "change_organisation": lambda by: change_organisation(college, by=by, founder="x"),
        "deactivate_organisation": lambda by: deactivate_organisation(college, by=by, reason="x"),
        "reactivate_organisation": lambda by: reactivate_organisation(college, by=by),
        "move_organisation": lambda by: move_organisation(cast.department, cast.ministry, by=by),
        "add_person": lambda by: add_person(by=by, **PERSON),
        "change_address": lambda by: change_address(officer, "new@test.example", by=by),
        "change_person": lambda by: change_person(officer, by=by, post="x"),
        "deactivate_person": lambda by: deactivate_person(officer, by=by, reason="x"),
        "reactivate_person": lambda by: reactivate_person(officer, by=by),
        "invite": lambda by: invite(officer, by=by),
        "give_membership": lambda by: give_membership(
            officer, college, Role.INSTITUTION_OFFICER, starts=TODAY, ends=None, by=by
        ),
        "end_membership": lambda by: end_membership(membership_of(officer), TODAY, by=by),
        "arrange_substitution": lambda by: arrange_substitution(
            membership_of(cast.rector), officer, starts=TODAY, ends=TODAY, by=by
        ),
        "add_act": lambda by: add_act(by=by, **ACT),
        "change_act": lambda by: change_act(act, by=by, number="8"),
        "deactivate_act": lambda by: deactivate_act(act, by=by, reason="x"),
        "reactivate_act": lambda by: reactivate_act(act, by=by),
        "add_area": lambda by: add_area(by=by, code="MED", name_ky="Медицина"),
        "change_area": lambda by: change_area(area, by=by, name_ky="Тармак"),
        "deactivate_area": lambda by: deactivate_area(area, by=by, reason="x"),
        "reactivate_area": lambda by: reactivate_area(area, by=by),
    }


def test_every_verb_is_refused_to_everybody_but_a_registrar(cast: Cast) -> None:
    for name, verb in every_verb(cast).items():
        for who in ("leader", "observer", "head", "coordinator", "rector", "officer", "lead", "expert", "stranger"):
            by: User = getattr(cast, who)
            assert refusal(lambda verb=verb, by=by: verb(by)) == "You may not do this: it is for Registrar.", (
                name,
                who,
            )


def test_every_verb_has_a_name_in_the_trail(cast: Cast) -> None:
    by_themselves = {"choose_password", "change_password", "forget_password"}
    found = {"found_membership", "found_organisation", "found_person"}
    by_no_registrar = {*found, "load_catalogue", "export", "export_failed"}
    assert {*every_verb(cast)} | by_themselves | by_no_registrar == set(Action.values)
