"""The lists of monitorings and of deliverables: narrowed, ordered, saved as views, handed out."""

from datetime import date

import pytest

from cases.planning.models import Deliverable, Engagement, StageDate
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import LATER, make_engagement
from tests.planning.many import make_many
from workflow.door import perform
from workflow.lifecycles.engagement import State

pytestmark = pytest.mark.django_db


def test_monitorings_are_narrowed_by_all_that_is_asked_for(cast: Cast, at: Opened) -> None:
    first = make_engagement(cast, State.PREPARATION, title="Өнөр жай инженериясы (test)")
    other = make_engagement(cast, title="Medicine (test)", directions=[9], institutions=[cast.college])
    Engagement.objects.filter(pk=other.pk).update(coordinator=cast.second_coordinator)
    StageDate.objects.filter(engagement=first).update(planned_start=date(2020, 1, 1), planned_end=date(2020, 2, 1))
    client = at(cast.coordinator)

    def listed(query: str) -> list[str]:
        return [row.number for row in client.get(f"/engagements/?{query}").context["page"].rows]

    assert listed("") == [other.number, first.number]
    assert listed("sort=old") == listed("sort=term") == [first.number, other.number]
    assert listed("sort=term_last") == [other.number, first.number]
    asked = (
        "q=онор+ЖАЙ", "mine=on", "late=on", "year=2026&direction=1&q=zzz", "direction=4", "coordinator=aigul",
        "contractor=con", "institution=uni", "region=bishkek", f"q={first.number}", "state=preparation",
    )  # fmt: skip
    assert [listed(query) for query in asked if "zzz" not in query] == [[first.number]] * (len(asked) - 1)
    assert listed("year=2026&direction=1&q=zzz") == []
    assert listed(f"department={cast.department.pk}") == [other.number, first.number]
    assert listed("suspended=on") == []
    perform(first, "suspend", by=cast.head, reason="It rests (test).", until=LATER)
    assert listed("suspended=on") == [first.number]
    assert listed("late=on") == []  # What rests is not late.


def test_the_term_of_the_stage_and_how_late_it_is_stand_in_list_and_export(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    StageDate.objects.filter(engagement=engagement, stage="preparation").update(
        planned_start=date(2020, 1, 1), planned_end=date(2020, 2, 1)
    )
    client = at(cast.coordinator)
    [line] = client.get("/engagements/").context["lines"]
    assert "01.02.2020" in [cell.text for cell in line.cells]
    text = b"".join(client.get("/engagements/export.csv?late=on").streaming_content).decode()  # type: ignore[attr-defined]
    assert "2020-02-01" in text or "01.02.2020" in text
    assert engagement.number in text


def test_an_institution_cannot_ask_which_others_take_part(cast: Cast, at: Opened) -> None:
    make_engagement(cast, State.COLLECTION, institutions=[cast.university, cast.college])
    page = at(cast.rector).get("/engagements/?institution=nobody&region=osh")
    assert [row.title for row in page.context["page"].rows] == ["Engineering (test)"]
    assert "institution" not in page.context["filters"].fields


def test_views_are_links_over_the_list(cast: Cast, at: Opened) -> None:
    make_many(cast, 30)
    client = at(cast.coordinator)
    page = client.get("/engagements/?mine=on")
    assert [(query, is_here) for _label, query, is_here in page.context["views"]] == [
        ("?", False), ("?mine=on", True), ("?late=on", False), ("?suspended=on", False), ("?state=reporting", False),
    ]  # fmt: skip
    assert {row.coordinator for row in page.context["page"].rows} == {cast.coordinator}
    assert "?mine=on" not in [query for _label, query, _here in at(cast.leader).get("/engagements/").context["views"]]


def test_deliverables_are_narrowed_to_ones_own_and_to_late_ones(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    plan = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    decision = Deliverable.objects.get(engagement=engagement, row__kind="contractor_decision")
    Deliverable.objects.filter(engagement=engagement).update(due=date(2020, 1, 1))

    def listed(query: str, who: str = "coordinator") -> set[str]:
        page = at(getattr(cast, who)).get(f"/deliverables/?{query}")
        return {row.number for row in page.context["page"].rows}

    assert listed("mine=on") == {decision.number}
    assert listed("mine=on", "lead") == listed("late=on") == {plan.number}
    assert listed("kind=calendar_plan") == {plan.number}
    assert listed(f"engagement={engagement.number}") == {plan.number, decision.number}
    assert listed("engagement=E-1999") == set()
