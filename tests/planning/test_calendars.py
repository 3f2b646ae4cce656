"""The calendar of a monitoring: who sees what of it, as a picture and as a table."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from cases.ground.gantt import Bar, Scale, gantt
from cases.planning.models import CalendarEntry, Deliverable, Engagement
from cases.registry.models import User
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import make_engagement
from workflow.door import perform
from workflow.lifecycles.engagement import State


def shown(at: Opened, user: User, engagement: Engagement) -> str:
    response = at(user).get(reverse("engagement_calendar", args=[engagement.number]))
    assert response.status_code == 200
    return str(response.content.decode())


def add_visits(cast: Cast, engagement: Engagement) -> Deliverable:
    """A visit to each of two institutions."""
    plan = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    for place, institution in enumerate((cast.university, cast.college), 1):
        day = date(2099, 2, 10 + place)
        CalendarEntry.objects.create(
            deliverable=plan, place=place, kind="visit", title=f"Visit to {institution.code}", starts=day, ends=day,
            institution=institution,
        )  # fmt: skip
    return plan


@pytest.mark.django_db
def test_those_who_work_on_it_see_all(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    plan = add_visits(cast, engagement)
    for user in (cast.coordinator, cast.head, cast.leader, cast.lead, cast.expert):
        page = shown(at, user, engagement)
        assert "Visit to UNI" in page
        assert "Visit to COL" in page
        assert "Calendar plan, not approved yet" in page
        assert plan.get_absolute_url() in page
        assert "01.02.2099 – 25.02.2099" in page
        assert '<svg class="gantt"' in page
    assert at(cast.stranger).get(reverse("engagement_calendar", args=[engagement.number])).status_code == 404
    assert (
        reverse("engagement_calendar", args=[engagement.number])
        in at(cast.lead).get(engagement.get_absolute_url()).content.decode()
    )


@pytest.mark.django_db
def test_an_institution_sees_the_stages_and_its_own_entries_of_an_approved_calendar(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    plan = add_visits(cast, engagement)
    page = shown(at, cast.rector, engagement)
    assert "Collection" in page
    assert "Visit to UNI" in page
    assert "Visit to COL" not in page
    assert "Deliverables</h2>" not in page
    assert plan.number not in page
    other = make_engagement(cast, State.PREPARATION)
    assert at(cast.rector).get(reverse("engagement_calendar", args=[other.number])).status_code == 404


@pytest.mark.django_db
def test_of_a_calendar_that_is_corrected_nothing_is_shown_to_an_institution(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    plan = add_visits(cast, engagement)
    assert "Visit to UNI" in shown(at, cast.rector, engagement)
    engagement.refresh_from_db()
    perform(engagement, "send_back", by=cast.head, reason="Dates (test).", deliverables=[plan.number])
    assert at(cast.rector).get(reverse("engagement_calendar", args=[engagement.number])).status_code == 404


@pytest.mark.django_db
def test_it_asks_as_much_of_the_database_with_many_entries(
    cast: Cast, at: Opened, django_assert_max_num_queries: Any
) -> None:
    engagement = make_engagement(cast, State.PREPARATION)
    plan = add_visits(cast, engagement)
    with django_assert_max_num_queries(60) as few:
        shown(at, cast.lead, engagement)
    CalendarEntry.objects.bulk_create(
        CalendarEntry(
            deliverable=plan, place=place, kind="testing", title=f"Tests {place}", starts=date(2099, 2, 1),
            ends=date(2099, 2, 2), institution=cast.university,
        )
        for place in range(3, 60)
    )  # fmt: skip
    with django_assert_max_num_queries(60) as many:
        assert "Tests 59" in shown(at, cast.lead, engagement)
    assert len(few) == len(many)


# --- the picture ---


def weekday(day: date) -> bool:
    return day.weekday() < 5


def test_days_on_which_nobody_works_are_shaded_in_one_piece() -> None:
    scale = Scale(date(2026, 11, 28), date(2026, 12, 12), weekday)
    assert list(scale.rests()) == [
        (date(2026, 11, 28), date(2026, 11, 29)),
        (date(2026, 12, 5), date(2026, 12, 6)),
        (date(2026, 12, 12), date(2026, 12, 12)),
    ]
    assert gantt([], scale, "t").count("gantt-rest") == 3
    assert list(Scale(date(2026, 11, 28), date(2026, 12, 12)).rests()) == []
    years = Scale(date(2026, 1, 1), date(2028, 1, 1), weekday)
    assert "gantt-rest" not in gantt([], years, "t")


def test_a_bar_shows_what_was_planned_and_what_was_real() -> None:
    first = date(2026, 11, 2)
    last = first + timedelta(days=9)
    bar = Bar("A <b>", first, first + timedelta(days=4), "st-ok", (last, last))
    picture = gantt([bar], Scale(first, last), "All & all", today=last)
    assert 'aria-label="All &amp; all"' in picture
    assert "<b>" not in picture
    assert picture.index("gantt-bar") < picture.index("gantt-real")
    assert 'x="260.0" y="32" width="350.0" height="18"' in picture
    assert 'x="890.0" y="47" width="70.0" height="5"' in picture
    assert "gantt-today" in picture


def test_a_month_without_room_for_its_name_has_none() -> None:
    picture = gantt([], Scale(date(2026, 1, 30), date(2026, 12, 31)), "t")
    assert "01.26" not in picture
    assert "02.26" in picture
