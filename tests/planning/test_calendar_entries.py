"""Entries of a calendar plan that cannot be at once, or that the stages leave no room for."""

import pytest
from django.urls import reverse

from cases.planning.models import Deliverable, Engagement
from cases.planning.stages import FILE
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import DATES, approve, make_engagement, submit
from tests.planning.lines import ENTRY, add, address, of_kind
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State

pytestmark = pytest.mark.django_db


def calendar(cast: Cast, at: Opened, *entries: dict[str, str]) -> Deliverable:
    deliverable = of_kind(make_engagement(cast, State.PREPARATION, stages=FILE), "calendar_plan")
    for entry in entries:
        assert add(at(cast.lead), deliverable, **entry).status_code == 200
    deliverable.refresh_from_db()
    return deliverable


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ({"responsible": "B. Bakirov", "starts": "07.02.2099", "ends": "09.02.2099"}, "UNI (test)"),
        ({"responsible": " a. ASANOV ", "institution": "COL"}, "A. Asanov"),
        ({"responsible": "B. Bakirov", "institution": "COL"}, ""),
        ({"starts": "08.02.2099", "ends": "09.02.2099"}, ""),
        ({"responsible": "", "institution": ""}, ""),
    ],
)
def test_nobody_is_needed_twice_on_one_day(cast: Cast, at: Opened, second: dict[str, str], why: str) -> None:
    deliverable = calendar(cast, at)
    client = at(cast.lead)
    add(client, deliverable)
    shown = add(client, deliverable, title="Second visit (test)", **second).content.decode()
    deliverable.refresh_from_db()
    both = "“First visit (test)” – “Second visit (test)”"
    if not why:
        assert both not in shown
        perform(deliverable, "submit", by=cast.lead)
        return
    assert shown.count(both) >= 2, "once as an answer, once on the page"
    with pytest.raises(Refused, match="The lines do not fit: “First visit") as refused:
        perform(deliverable, "submit", by=cast.lead)
    assert why in refused.value.sentence


def test_two_monitorings_do_not_visit_an_institution_on_one_day(cast: Cast, at: Opened) -> None:
    first, second = calendar(cast, at, {}), calendar(cast, at)
    client = at(cast.lead)
    quiet = add(client, second, title="Talk (test)").content.decode()
    assert first.engagement.number not in quiet, "only an approved calendar counts"
    approve(cast, first)
    place = f"“Talk (test)” – {first.engagement.number}, 05.02.2099 – 07.02.2099"
    assert place in client.get(second.get_absolute_url()).content.decode()
    second.refresh_from_db()
    with pytest.raises(Refused, match="Talk"):
        perform(second, "submit", by=cast.lead)
    assert "First visit" not in client.get(second.get_absolute_url()).content.decode()
    client.post(
        address("line_edit", second, 1),
        {**ENTRY, "starts": "08.02.2099", "ends": "08.02.2099", "version": second.version},
    )
    second.refresh_from_db()
    perform(second, "submit", by=cast.lead)


def test_of_two_calendars_that_are_agreed_at_once_only_one_is_approved(cast: Cast, at: Opened) -> None:
    first, second = calendar(cast, at, {}), calendar(cast, at, {})
    submit(cast, second)
    perform(second, "agree", by=cast.head)
    approve(cast, first)
    with pytest.raises(Refused, match=first.engagement.number):
        perform(second, "approve", by=cast.leader)


def test_an_entry_that_the_stages_left_behind_cannot_be_submitted(cast: Cast, at: Opened) -> None:
    deliverable = calendar(cast, at, {})
    engagement = Engagement.objects.get(pk=deliverable.engagement_id)
    later = {stage: (starts.replace(year=2100), ends.replace(year=2100)) for stage, (starts, ends) in DATES.items()}
    at(cast.coordinator).post(
        reverse("engagement_dates", args=[engagement.number]),
        {
            "version": engagement.version,
            **{f"{stage}_{name}": day for stage, days in later.items()
               for name, day in zip(("starts", "ends"), days, strict=True)},
        },
    )  # fmt: skip
    deliverable.refresh_from_db()
    with pytest.raises(Refused, match="The stages of the monitoring last from 01.01.2100"):
        perform(deliverable, "submit", by=cast.lead)
