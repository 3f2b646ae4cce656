"""The demo: the real resolution, a case in every state, one login per role, and only where it is harmless."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from cases.accounts.models import AccountChange
from cases.followup.demo.people import PASSWORD, PEOPLE
from cases.followup.models import Recommendation
from cases.registry.models import LegalAct, User
from workflow.lifecycles.recommendation import State
from workflow.models import Expectation
from workflow.roles import Role

pytestmark = pytest.mark.slow


@pytest.fixture
def harmless(settings: Settings, tmp_path: Path) -> Any:
    settings.DEBUG = settings.EMBEDDED_DATABASE = True
    settings.EVIDENCE_DIR = tmp_path
    return settings


@pytest.mark.django_db
def test_the_demo_has_a_case_in_every_state_some_overdue_and_a_login_per_role(harmless: Any, client: Client) -> None:
    call_command("load_demo", verbosity=0)
    assert set(Recommendation.objects.values_list("state", flat=True)) == set(State.values)
    assert Recommendation.objects.overdue().exists()
    assert Recommendation.objects.filter(source__kind="council_resolution").count() == 11
    assert LegalAct.objects.count() == 41  # With the order that approves the plan-schedule.
    [change] = AccountChange.objects.all()
    assert change.state == "requested"
    assert "(demo)" in change.reason
    [owed] = Expectation.objects.open().of("account_change", change.pk)
    assert owed.assignee == User.objects.get(email="second_registrar@demo.example")
    assert {role for role, *_rest in PEOPLE} == set(Role.values)
    for role in Role.values:
        assert client.post("/login/", {"username": f"{role}@demo.example", "password": PASSWORD}).status_code == 302


def test_the_readme_names_the_password() -> None:
    assert f"`{PASSWORD}`" in (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_loading_it_again_changes_nothing(harmless: Any) -> None:
    call_command("load_demo", verbosity=0)
    before = (User.objects.count(), Recommendation.objects.count())
    call_command("load_demo", verbosity=0)
    assert (User.objects.count(), Recommendation.objects.count()) == before


@pytest.mark.django_db
@pytest.mark.parametrize("switch", ["DEBUG", "EMBEDDED_DATABASE"])
def test_it_is_refused_on_a_real_installation_unless_asked_for(harmless: Any, switch: str) -> None:
    setattr(harmless, switch, False)
    with pytest.raises(CommandError, match="--into-this-database"):
        call_command("load_demo")
    assert not User.objects.exists()
    call_command("load_demo", "--into-this-database", verbosity=0)
    assert User.objects.exists()


def test_it_never_goes_among_real_people(harmless: Any, cast: Any) -> None:
    with pytest.raises(CommandError, match="empty"):
        call_command("load_demo")
