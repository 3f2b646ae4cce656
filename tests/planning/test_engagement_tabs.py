"""The further pages of a monitoring: calendar, institutions, people, documents and history."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from cases.planning.models import CalendarEntry, Deliverable, Engagement, StageDate, TeamMember
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import make_engagement
from tests.kinds.written import make_finding
from workflow.door import perform
from workflow.lifecycles.engagement import State
from workflow.terms import legal_date

pytestmark = pytest.mark.django_db


def tabs(page: str) -> list[str]:
    """The last parts of the addresses in the bar of tabs."""
    bar = page.partition('<ul class="tabs mb-2">')[2].partition("</ul>")[0]
    return [part.partition('"')[0].strip("/").rpartition("/")[2] for part in bar.split('href="')[1:]]


def test_the_bar_of_tabs_shows_each_reader_the_pages_that_are_theirs(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    address = engagement.get_absolute_url()
    for who in (cast.coordinator, cast.observer, cast.lead, cast.expert):
        page = at(who).get(address).content.decode()
        assert tabs(page) == [engagement.number, "calendar", "institutions", "people", "history"]
    page = at(cast.rector).get(address).content.decode()
    assert tabs(page) == [engagement.number, "calendar", "institutions", "history"]
    assert at(cast.rector).get(f"{address}people/").status_code == 404
    for tab in ("calendar", "institutions", "history"):
        answer = at(cast.rector).get(f"{address}{tab}/")
        assert answer.status_code == 200
        assert f'{address}{tab}/" aria-current="page"' in answer.content.decode()
        assert at(cast.director).get(f"{address}{tab}/").status_code == 404
    assert 'id="history"' not in page
    assert "Begin the collection" in at(cast.rector).get(f"{address}history/").content.decode()


def test_the_people_of_a_monitoring_are_listed_with_the_national_team(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    team = Deliverable.objects.filter(engagement=engagement).earliest("pk")
    TeamMember.objects.create(
        deliverable=team, place=1, full_name="Nurlan Team", organisation="Academy (test)", duty="analysis", direction=4
    )
    page = at(cast.coordinator).get(f"{engagement.get_absolute_url()}people/").content.decode()
    for shown in ("Kanat (test)", "Kunduz (test)", "Nurlan Team", "Academy (test)", "As agreed (test)."):
        assert shown in page
    assert "not approved yet" not in page  # The deliverable that names the team was approved.


def test_institutions_are_listed_with_visits_and_findings_and_an_institution_sees_itself(
    cast: Cast, at: Opened
) -> None:
    engagement = make_engagement(cast, State.ANALYSIS, institutions=[cast.university, cast.college])
    calendar = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    for place, institution in enumerate((cast.university, cast.college), 1):
        CalendarEntry.objects.create(
            deliverable=calendar, place=place, title="Visit (test)", kind="visit", institution=institution,
            starts=f"2099-02-1{place}", ends=f"2099-02-1{place + 1}",
        )  # fmt: skip
    finding = make_finding(cast, engagement)
    finding.institutions.set([cast.university])
    address = f"{engagement.get_absolute_url()}institutions/"
    page = at(cast.coordinator).get(address).content.decode()
    assert "UNI (test)" in page
    assert "Visit: 11.02.2099 – 12.02.2099" in page
    answer = at(cast.leader).get(f"{address}export.xlsx")
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)  # type: ignore[attr-defined]
    assert [row[0] for row in rows] == ["Code", "COL", "UNI"]
    assert rows[1][4:] == ("Visit: 12.02.2099 – 13.02.2099", 0, 0)
    own = at(cast.rector).get(address).content.decode()
    assert "UNI (test)" in own
    assert "COL (test)" not in own
    text = b"".join(at(cast.rector).get(f"{address}export.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "COL" not in text
    assert at(cast.rector).get(f"{address}export.pdf").status_code == 404
    counted = at(cast.lead).get(f"{address}export.csv")
    lines = b"".join(counted.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[2].endswith(",1,0")


def test_a_calendar_that_is_not_approved_shows_an_institution_no_visits(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    calendar = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    CalendarEntry.objects.create(
        deliverable=calendar, place=1, title="Visit (test)", kind="visit", institution=cast.university,
        starts="2099-02-11", ends="2099-02-11",
    )  # fmt: skip
    address = f"{engagement.get_absolute_url()}institutions/"
    assert "11.02.2099" in at(cast.rector).get(address).content.decode()
    perform(engagement, "send_back", by=cast.head, reason="Mend it (test).", deliverables=[calendar.number])
    assert "11.02.2099" in at(cast.lead).get(address).content.decode()
    assert at(cast.rector).get(address).status_code == 404


def test_a_pilot_and_its_main_monitorings_lead_to_one_another(cast: Cast, at: Opened) -> None:
    pilot = make_engagement(cast, kind="pilot", title="Pilot (test)")
    main = make_engagement(cast, pilot=pilot)
    client = at(cast.coordinator)
    assert f'href="{pilot.get_absolute_url()}"' in client.get(main.get_absolute_url()).content.decode()
    assert f'href="{main.get_absolute_url()}"' in client.get(pilot.get_absolute_url()).content.decode()


def test_the_stepper_shows_what_was_and_what_is_planned(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    client = at(cast.coordinator)
    steps = client.get(engagement.get_absolute_url()).context["steps"]
    assert [step.note for step in steps] == [
        "", f"{legal_date():%d.%m.%Y}", "by 25.02.2099", "planned 01.03.2099", "planned 01.04.2099",
        "planned 01.05.2099", "planned 01.06.2099", "planned 25.06.2099",
    ]  # fmt: skip


def test_a_stage_that_is_returned_keeps_the_day_on_which_it_first_began(cast: Cast) -> None:
    engagement = make_engagement(cast, State.COLLECTION)
    began = legal_date().replace(year=2025)
    StageDate.objects.filter(engagement=engagement, stage="collection").update(started_on=began)
    returned = Deliverable.objects.filter(engagement=engagement, stage="preparation").latest("pk")
    perform(engagement, "send_back", by=cast.head, reason="Mend it (test).", deliverables=[returned.number])
    assert StageDate.objects.get(engagement=engagement, stage="collection").started_on == began
    assert Engagement.objects.get(pk=engagement.pk).state == State.PREPARATION
