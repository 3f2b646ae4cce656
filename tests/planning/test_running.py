"""What contractors see in their inbox: the monitorings that run with them, and what they owe on each."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.planning.models import Deliverable, Engagement, StageDate
from cases.planning.sections.inbox import MOST, Running, running
from cases.planning.verbs import give_access, name_expert, withdraw_access
from cases.registry.models import User
from tests.cast import Cast, person
from tests.conftest import Opened
from tests.kinds.engagements import LATER, make_engagement, submit
from tests.planning.many import make_many
from tests.planning.pages import page
from workflow.door import perform
from workflow.lifecycles.engagement import State
from workflow.models import Expectation
from workflow.roles import Role
from workflow.terms import legal_date

pytestmark = pytest.mark.django_db
HEADING = "My monitorings"


def rows_of(user: User) -> list[Running]:
    rows = running(user).get("rows", [])
    assert isinstance(rows, list)
    return rows


def owed_by(user: User) -> list[tuple[int, int]]:
    """How many deliverables the person owes on each of their monitorings, and how many of these are late."""
    return [(row.owed, row.late) for row in rows_of(User.objects.get(pk=user.pk))]


def be_late(deliverable: Deliverable) -> None:
    rows = Expectation.objects.open().filter(number=deliverable.number)
    assert rows.update(due=legal_date() - timedelta(days=1)) == 1


def test_a_lead_sees_each_running_monitoring_with_its_stage_and_what_is_owed(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    plan = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    [(owed, late)] = owed_by(cast.lead)
    assert owed
    assert not late
    be_late(plan)
    shown = page(at(cast.lead), "/")
    assert HEADING in shown
    card = shown.partition('id="running"')[2].partition("</section>")[0]
    for text in (engagement.number, engagement.get_absolute_url(), "Engineering (test)", "Preparation", "25.01.2099"):
        assert text in card
    assert f"{owed}\n" in card
    assert "(1 late)" in card
    submit(cast, plan)
    assert owed_by(cast.lead) == [(owed - 1, 0)], "what waits for the answers of others is not owed"


def test_an_expert_sees_it_by_a_grant_alone_and_owes_what_nobody_else_does(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.CONCLUSIONS)
    mine, *others = Deliverable.objects.filter(engagement=engagement, row__kind="expert_conclusion").order_by("pk")
    assert owed_by(cast.expert) == [(1 + len(others), 0)]
    colleague = person("Colleague", (cast.contractor, Role.CONTRACTOR_EXPERT))
    assert owed_by(colleague) == []
    give_access(engagement, colleague, by=cast.lead)
    name_expert(mine, colleague, by=cast.lead)
    be_late(mine)
    assert owed_by(cast.expert) == [(len(others), 0)]
    assert owed_by(colleague) == [(1 + len(others), 1)]
    withdraw_access(engagement, cast.expert, by=cast.lead)
    assert owed_by(cast.expert) == []
    assert HEADING not in page(at(cast.expert), "/")


@pytest.mark.parametrize("who", ["coordinator", "head", "leader", "rector", "registrar", "stranger"])
def test_people_in_other_roles_see_no_such_card(cast: Cast, at: Opened, who: str) -> None:
    make_engagement(cast, State.COLLECTION)
    assert HEADING not in page(at(getattr(cast, who)), "/")


def test_a_role_elsewhere_brings_no_monitoring_of_another_contractor(cast: Cast) -> None:
    """The coordinator sees the monitoring, but not as a contractor."""
    engagement = make_engagement(cast, State.COLLECTION)
    both = person("Both", (cast.department, Role.COORDINATOR), (cast.department, Role.CONTRACTOR_LEAD))
    assert Engagement.objects.visible_to(both).get() == engagement
    assert rows_of(both) == []


def test_one_that_is_suspended_says_so_and_one_that_is_over_is_gone(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    StageDate.objects.filter(engagement=engagement).update(
        planned_start=legal_date() - timedelta(days=9), planned_end=legal_date() - timedelta(days=2)
    )
    assert 'class="num late"' in _card(at(cast.lead))
    perform(engagement, "suspend", by=cast.head, reason="It rests (test).", until=LATER)
    shown = _card(at(cast.lead))
    assert "Suspended" in shown
    assert 'class="num late"' not in shown
    assert owed_by(cast.lead) == [(0, 0)]
    make_engagement(cast, State.CLOSED)
    make_engagement(cast, State.CANCELLED)
    assert [row.case for row in rows_of(cast.lead)] == [engagement]


def test_many_are_cut_off_at_the_first_terms_and_the_inbox_stays_within_its_queries(
    cast: Cast, at: Opened, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    engagement, client = make_engagement(cast, State.COLLECTION), at(cast.lead)
    Engagement.objects.filter(pk=engagement.pk).update(number="E-2025-00001")
    engagement.refresh_from_db()
    client.get("/")
    with django_assert_max_num_queries(11):  # Ten, and one for the kind of the tasks below.
        assert engagement.number in _card(client)
    make_many(cast, 50)
    with django_assert_max_num_queries(11):
        shown = _card(client)
    assert shown.count("<tr>") == MOST + 1
    assert 'href="/engagements/?state=open"' in shown
    terms = [row.term for row in rows_of(cast.lead) if row.term]
    assert terms == sorted(terms)
    with django_assert_max_num_queries(12):
        assert HEADING not in client.get("/?show=waiting").content.decode()


def _card(client: Client) -> str:
    return page(client, "/").partition('id="running"')[2].partition("</section>")[0]
