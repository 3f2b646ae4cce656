"""What is printed: route sheets and calendars on A4, whole, and without what is only for the screen."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from cases.planning.models import CalendarEntry, Deliverable, Engagement
from cases.registry.models import Organisation, User
from tests.browser import cut_off, new_page, printed, too_wide
from tests.cast import Cast
from tests.journeys.walking import sign_in
from tests.kinds.engagements import DATES, make_deliverable, make_engagement
from workflow.lifecycles.deliverable import State
from workflow.lifecycles.engagement import State as Stage
from workflow.roles import Role
from workflow.rounds.models import Round, Seat
from workflow.rounds.routes import Answer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PORTRAIT, LANDSCAPE = (210, 297), (297, 210)
PRINTABLE = {PORTRAIT: 210 - 2 * 15, LANDSCAPE: 297 - 2 * 12}
"""Millimetres between the margins of static/css/parts.css."""
ON_SCREEN_ALONE = (".top", ".foot", ".crumbs", ".skip", "nav", "form", "button")
NAMES = {
    "name_ky": "Кыргыз Республикасынын Билим берүү жана илим министрлигинин алдындагы сапатты камсыздоо департаменти",
    "name_ru": "Департамент обеспечения качества при Министерстве образования и науки Кыргызской Республики",
}
PERSON = "Абдыкадыров-Мамбеталиев Токтогул-Байышбек Нурмухаммедович"
REMARKS = {
    "ky": "Билим берүүнүн мазмунун жаңылоого байланыштуу сунуштарыбызды эске алуу менен макулдашылды. " * 6,
    "ru": "Согласовано с учётом замечаний о несоответствии государственным образовательным стандартам. " * 6,
}
LINK = "https://edu.gov.example/" + "normativno-pravovye-akty/" * 5


@pytest.fixture
def paper(browser: Browser, live_server: LiveServer, cast: Cast) -> Iterator[Page]:
    """A window of the coordinator."""
    with new_page(browser, live_server.url) as page:
        sign_in(page.context, cast.coordinator, live_server.url)
        yield page


def decided_by_many(cast: Cast, remark: str) -> Deliverable:
    """Its second round has thirty-two seats in four steps, each answered at length by somebody with a long name."""
    deliverable = make_deliverable(cast, State.APPROVED)
    Organisation.objects.filter(pk=cast.department.pk).update(**NAMES)
    User.objects.filter(pk=cast.head.pk).update(full_name=PERSON)
    begun = timezone.now()
    voting = Round.objects.create(
        flow_class="rounds/flows.ApprovalFlow", status="DONE", created=begun, finished=begun, outcome="approved",
        subject_type=deliverable.CASE_TYPE, subject_id=deliverable.pk, place=2, sha256="0123456789abcdef" * 4,
    )  # fmt: skip
    Seat.objects.bulk_create(
        Seat(
            round=voting, step=step, place=place, mode="all", approves=step == 4, role=Role.DEPARTMENT_HEAD,
            organisation_id=cast.department.pk, days=5, answer=Answer.AGREED, named=cast.head,
            text=f"{remark} {LINK if place == 1 else ''}", answered_by=cast.head, answered_at=begun,
        )
        for step in range(1, 5)
        for place in range(1, 9)
    )  # fmt: skip
    return deliverable


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_a_route_sheet_with_many_seats_and_long_names_fits_on_a4(
    paper: Page, live_server: LiveServer, cast: Cast, language: str
) -> None:
    deliverable = decided_by_many(cast, REMARKS[language])
    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}
    paper.context.add_cookies([cookie])  # type: ignore[list-item]
    paper.goto(f"/deliverables/{deliverable.number}/route/")
    assert paper.locator("html").get_attribute("lang") == language
    sheets = printed(paper)
    assert set(sheets) == {PORTRAIT}
    assert len(sheets) > 2
    assert cut_off(paper, PRINTABLE[PORTRAIT]) == []
    assert too_wide(paper) <= 0, "the browser would print it smaller"
    assert [part for part in ON_SCREEN_ALONE if paper.locator(part).locator("visible=true").count()] == []
    assert paper.locator("tbody tr", has_text=PERSON).count() >= 32
    assert paper.locator("tbody tr", has_text=LINK).first.is_visible()


def test_a_calendar_prints_on_a4_across(paper: Page, cast: Cast) -> None:
    engagement = make_engagement(cast, Stage.PREPARATION)
    add_entries(cast, engagement)
    paper.goto(f"/engagements/{engagement.number}/calendar/")
    assert set(printed(paper)) == {LANDSCAPE}
    assert cut_off(paper, PRINTABLE[LANDSCAPE]) == []
    assert too_wide(paper) <= 0
    assert [part for part in ON_SCREEN_ALONE if paper.locator(part).locator("visible=true").count()] == []


def add_entries(cast: Cast, engagement: Engagement) -> None:
    plan = Deliverable.objects.get(engagement=engagement, row__kind="calendar_plan")
    starts, ends = DATES[Stage.COLLECTION.value]
    CalendarEntry.objects.bulk_create(
        CalendarEntry(
            deliverable=plan, place=place, kind="visit", title=REMARKS["ky"][:280], starts=starts, ends=ends,
            institution=cast.university, responsible=PERSON,
        )
        for place in range(1, 21)
    )  # fmt: skip
