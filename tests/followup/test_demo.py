"""The demo: the real resolution, a case in every state, one login per role, and only where it is harmless."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from cases.accounts.models import AccountChange
from cases.analysis.models import Finding
from cases.followup.demo.people import PASSWORD, PEOPLE
from cases.followup.models import Recommendation
from cases.planning.models import Engagement
from cases.registry.models import LegalAct, User
from workflow.lifecycles.engagement import State as Stage
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
    """In one test, with where it is refused: loading takes long."""
    for switch in ("DEBUG", "EMBEDDED_DATABASE"):
        _is_refused_on_a_real_installation(harmless, switch)
    call_command("load_demo", "--into-this-database", verbosity=0)
    harmless.DEBUG = harmless.EMBEDDED_DATABASE = True
    assert set(Recommendation.objects.values_list("state", flat=True)) == set(State.values)
    assert Recommendation.objects.overdue().exists()
    assert Recommendation.objects.filter(source__kind="council_resolution").count() == 11
    _has_a_monitoring_of_every_sort()
    assert LegalAct.objects.count() == 41  # With the order that approves the plan-schedule.
    [change] = AccountChange.objects.all()
    assert change.state == "requested"
    assert "(demo)" in change.reason
    [owed] = Expectation.objects.open().of("account_change", change.pk)
    assert owed.assignee == User.objects.get(email="second_registrar@demo.example")
    assert {role for role, *_rest in PEOPLE} == set(Role.values)
    for role in Role.values:
        assert client.post("/login/", {"username": f"{role}@demo.example", "password": PASSWORD}).status_code == 302
    before = (User.objects.count(), Recommendation.objects.count())
    call_command("load_demo", verbosity=0)
    assert (User.objects.count(), Recommendation.objects.count()) == before, "Loading it again changes nothing."


def _is_refused_on_a_real_installation(settings: Any, switch: str) -> None:
    settings.DEBUG = settings.EMBEDDED_DATABASE = True
    setattr(settings, switch, False)
    with pytest.raises(CommandError, match="--into-this-database"):
        call_command("load_demo")
    assert not User.objects.exists()


def _has_a_monitoring_of_every_sort() -> None:
    """In every state, one suspended, a pilot and its main one; and the resolution is followed up under one."""
    assert set(Engagement.objects.values_list("state", flat=True)) == set(Stage.values)
    assert Engagement.objects.exclude(suspended_on=None).count() == 1
    main = Engagement.objects.exclude(pilot=None).get()
    assert (main.state, main.pilot and main.pilot.state) == (Stage.COLLECTION, Stage.CLOSED)
    followed_up = Engagement.objects.get(state=Stage.FOLLOW_UP)
    under_it = followed_up.recommendations.all()
    assert under_it.filter(source__kind="council_resolution").count() == 11
    assert set(under_it.exclude(finding_links=None).values_list("state", flat=True)) == {"draft", "issued"}
    catalogues = Finding.objects.values_list("criterion__catalogue__code", flat=True)
    assert set(catalogues) == {"REG-8", "SAFETY"}
    to_walk = Engagement.objects.get(state=Stage.PREPARATION, suspended_on=None)
    lines = {row.row.kind: len(row.lines_now()) for row in to_walk.deliverables.all() if row.is_itemised()}
    assert lines == {"cost_estimate": 6, "calendar_plan": 14, "national_team": 5}


def test_the_readme_names_the_password() -> None:
    assert f"`{PASSWORD}`" in (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_it_never_goes_among_real_people(harmless: Any, cast: Any) -> None:
    with pytest.raises(CommandError, match="empty"):
        call_command("load_demo")
