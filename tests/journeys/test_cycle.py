"""The whole cycle in Kyrgyz: the real resolution from its file to the last closed item, and the trail of it all."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from cases.followup.demo.cases import Side, Story
from cases.followup.demo.people import People
from cases.followup.models import Recommendation
from cases.followup.verbs import MeasureDraft, write_plan
from tests.journeys.looks import RESOLUTION
from tests.journeys.steps import address, carry_to_the_end, come, dispute_and_uphold, issue_all, signed_in_by_password
from tests.journeys.walking import Town, Walker
from workflow.models import Event, Expectation
from workflow.terms import legal_date

pytestmark = pytest.mark.browser

ITEMS = ["1", "2.1", "2.2", "2.3", "2.4", "3.1", "4.1", "4.2", "5", "6", "7"]
DOCUMENT = {
    "kind": "council_resolution",
    "title": "Окумуштуулар кеңешинин токтому, 2025",
    "institution": "KSTU",
    "cause": "Билим берүү сапаты бөлүмүнүн маалыматы",
}
ASKED = {"id_items-0-addressees", "id_items-0-deadline", "id_items-8-addressees", "id_items-10-deadline"}
"""What items 1, 5 and 7 of the document leave open."""
ANSWERS = {
    "items__0__addressees": "Билим берүү сапаты бөлүмү",
    "items__0__no_due_reason": "Маалымат эске алынат, мөөнөтү жок",
    "items__8__addressees": "Бардык түзүмдүк бөлүмдөр",
    "items__10__no_due_reason": "Токтом толук аткарылганга чейин көзөмөлдөнөт",
}
NEXT = {"issued": 0, "under_review": 1, "in_progress": 2, "claimed": 3, "verified": 4, "closed": 5}


def test_every_item_of_the_resolution_is_followed_to_closure(town: Town, made: People, report: Path) -> None:
    window = signed_in_by_password(town, made["coordinator"])
    import_the_resolution(window)
    issue_all(window, len(ITEMS))
    dispute_and_uphold(town, made, case_of("4.2"))
    carry_to_the_end(town, made, case_of("2.1"), report)
    ask_for_time_and_get_it(town, made, case_of("2.2"))
    for item in ITEMS:
        follow_by_verbs(made, item)
    assert {
        recommendation.item: recommendation.state for recommendation in Recommendation.objects.all()
    } == dict.fromkeys(ITEMS, "closed")
    assert not Expectation.objects.open().exists()
    call_command("verify_trail")
    find_it_all_in_the_trail(town.of(made["ministry_observer"]), case_of("2.1"), report.parent)


def case_of(item: str) -> Recommendation:
    return Recommendation.objects.get(item=item)


def import_the_resolution(coordinator: Walker) -> None:
    coordinator.act("/recommendations/import/", file=RESOLUTION)
    assert set(coordinator.complaints()) == ASKED
    coordinator.fill(**DOCUMENT)
    assert coordinator.send() == 422, "what the document leaves open is not answered yet"
    assert set(coordinator.complaints()) == ASKED
    assert not Recommendation.objects.exists()
    coordinator.fill(**ANSWERS)
    assert coordinator.send() == 200
    assert coordinator.path().startswith("/recommendations/?source=")
    assert sorted(recommendation.item for recommendation in Recommendation.objects.all()) == sorted(ITEMS)


def ask_for_time_and_get_it(town: Town, made: People, case: Recommendation) -> None:
    """The due date passed long ago, so that only the Ministry may grant it."""
    officer, leader = town.of(made["institution_officer"]), town.of(made["ministry_leader"])
    story = Story(case, made, side(made))
    answer(story)
    story.agree()
    until = legal_date() + timedelta(days=30)
    come(officer, case)
    officer.act(address(case, "extend"), until=until, reason="Документтер кечигип жатат")
    [extension] = case.extensions.all()
    come(leader, case)
    leader.act(f"/extensions/{extension.number}/act/grant/", text="Акыркы жолу")
    now = Recommendation.objects.get(pk=case.pk)
    assert (now.first_due, now.current_due, now.slips) == (case.first_due, until, 1)


def answer(story: Story) -> None:
    """With one measure; an item without a due date sets itself one."""
    due = story.case.current_due or legal_date() + timedelta(days=60)
    plan = [MeasureDraft("Иш-чара өткөрүлөт", "Кафедра башчылары", due)]
    write_plan(story.case, plan, by=story.side.officer, version=story.case.version)
    story.act("respond", story.side.head, response="accepted")


def side(made: People) -> Side:
    return Side(made["institution_head"], made["institution_officer"])


def follow_by_verbs(made: People, item: str) -> None:
    """From wherever the case stands to its end."""
    story = Story(case_of(item), made, side(made))
    steps = (answer, Story.agree, Story.claim, Story.confirm, Story.close)
    for step in steps[NEXT[story.case.state] :]:
        step(story)


def find_it_all_in_the_trail(observer: Walker, case: Recommendation, folder: Path) -> None:
    events = Event.objects.of("recommendation", case.pk)
    assert [event.action for event in events] == [
        "create", "issue", "plan", "respond", "agree_plan", "evidence", "evidence", "claim", "review_evidence",
        "review_evidence", "confirm", "close",
    ]  # fmt: skip
    observer.go("/")
    observer.follow("/trail/")
    assert observer.main.locator(".notice-success .hash").count() == 1, "the last verification and its seal"
    observer.fill(number=case.number)
    observer.send("form.filters")
    links = observer.main.locator("tbody td:first-child a")
    assert [link.get_attribute("href") for link in links.all()] == [
        f"/trail/{one.pk}/" for one in events.order_by("-id")
    ]
    observer.follow(f"/trail/{events.latest('id').pk}/")
    assert observer.main.locator(".hash").count()
    observer.go("/trail/")
    assert sound(taken(observer, "/trail/verify.py", folder), taken(observer, "/trail/export.jsonl?", folder))


def taken(person: Walker, path: str, folder: Path) -> Path:
    with person.page.expect_download() as download:
        person.page.locator(f'a[href="{path}"]').first.click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def sound(program: Path, export: Path) -> bool:
    """Whether the program that was handed out finds nothing wrong, on a machine without Baikoo."""
    return subprocess.run([sys.executable, "-I", program, export], cwd=program.parent).returncode == 0
