"""How many queries the pages of monitorings ask at most, however much there is to show."""

from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.planning.models import Deliverable, Engagement
from cases.registry.models import ProgrammeArea
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import LATER, make_engagement
from tests.planning.many import make_large, make_many
from workflow.door import perform
from workflow.rounds.models import Round

pytestmark = pytest.mark.django_db


def test_the_page_of_a_large_monitoring_asks_fourteen_queries_at_most(
    cast: Cast, at: Opened, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    engagement = make_large(cast, tmp_path)
    assert Deliverable.objects.filter(engagement=engagement).count() == 24
    assert Round.objects.filter(subject_type="deliverable").count() == 60
    engagement.areas.add(ProgrammeArea.objects.create(code="ENG", name="Engineering"))
    pilot = make_engagement(cast, kind="pilot")
    Engagement.objects.filter(pk=engagement.pk).update(pilot=pilot)
    for is_suspended in (False, True):
        if is_suspended:
            perform(engagement, "suspend", by=cast.head, reason="It rests (test).", until=LATER)
        for who in (cast.coordinator, cast.head, cast.leader, cast.lead, cast.expert):
            client = at(who)
            client.get(engagement.get_absolute_url())
            with django_assert_max_num_queries(14):
                page = client.get(engagement.get_absolute_url()).content.decode()
            assert "Work 23 (test)" in page
            assert ("It rests (test)." in page) == is_suspended


def test_the_list_of_a_thousand_monitorings_asks_ten_queries_at_most(
    cast: Cast, at: Opened, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_many(cast)
    for who in (cast.coordinator, cast.leader, cast.lead, cast.rector):
        client = at(who)
        client.get("/engagements/")
        for query in ("", "?late=on&sort=term", "?q=monitoring&institution=uni&contractor=con&coordinator=asan"):
            with django_assert_max_num_queries(12 if "institution" in query else 10):
                assert client.get(f"/engagements/{query}").context["page"].rows
