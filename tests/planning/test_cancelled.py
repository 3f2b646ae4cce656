"""A cancelled monitoring is seen by the institutions that were told of it: those whose collection had begun."""

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.planning.models import Engagement
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import make_engagement
from tests.kinds.planning import REASON, legal_act
from workflow.door import perform
from workflow.lifecycles.engagement import State
from workflow.models import Event
from workflow.roles import INSTITUTION

pytestmark = pytest.mark.django_db


def cancel(cast: Cast, engagement: Engagement) -> Engagement:
    perform(engagement, "cancel", by=cast.leader, cancelling_act_id=legal_act().pk, **REASON)
    return Engagement.objects.get(pk=engagement.pk)


def hears(engagement: Engagement) -> set[str]:
    """Who of the university is told of what happened last."""
    event = Event.objects.of("engagement", engagement.pk).latest("pk")
    names = event.messages.values_list("recipient__full_name", flat=True)
    return set(names) & {"Chynara (test)", "Cholpon (test)"}


@pytest.mark.parametrize(
    ("state", "is_seen"), [(State.PLANNED, False), (State.PREPARATION, False), (State.COLLECTION, True)]
)
def test_institutions_see_a_cancelled_monitoring_only_if_its_collection_had_begun(
    cast: Cast, at: Opened, state: str, is_seen: bool
) -> None:
    engagement = cancel(cast, make_engagement(cast, state))
    for user in (cast.rector, cast.officer):
        assert Engagement.objects.visible_to(user).exists() == is_seen
        assert (engagement.standing(user, INSTITUTION) is not None) == is_seen
        browser = at(user)
        assert browser.get(engagement.get_absolute_url()).status_code == (200 if is_seen else 404)
        for address in ("", "?state=cancelled", f"?q={engagement.number}"):
            page = browser.get(f"/engagements/{address}").content.decode()
            assert (f"{engagement.number}</a>" in page) == is_seen
        exported = b"".join(browser.get("/engagements/export.csv").streaming_content).decode()  # type: ignore[attr-defined]
        assert (engagement.number in exported) == is_seen
    assert hears(engagement) == ({"Chynara (test)", "Cholpon (test)"} if is_seen else set())
    assert not Engagement.objects.visible_to(cast.director).exists()
    for user in (cast.leader, cast.head, cast.coordinator):
        assert Engagement.objects.visible_to(user).exists()
        assert at(user).get(engagement.get_absolute_url()).status_code == 200


def test_one_that_went_back_to_the_preparation_is_known_to_them(cast: Cast) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    named = list(engagement.reopenable().values_list("number", flat=True)[:1])
    perform(engagement, "send_back", by=cast.head, deliverables=named, **REASON)
    assert not Engagement.objects.visible_to(cast.rector).exists()
    engagement = cancel(cast, engagement)
    assert Engagement.objects.visible_to(cast.rector).exists()
    assert hears(engagement)


def test_the_list_of_many_asks_no_more(
    cast: Cast, at: Opened, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for state in (State.PLANNED, State.COLLECTION):
        for _ in range(3):
            cancel(cast, make_engagement(cast, state))
    browser = at(cast.rector)
    browser.get("/engagements/")
    with django_assert_max_num_queries(10):
        assert len(browser.get("/engagements/").context["page"].rows) == 3
