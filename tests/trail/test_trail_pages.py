"""The pages of the trail: all events with filters, one event, exports; for the Ministry alone."""

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.registry.models import User
from cases.registry.verbs import add_organisation
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from tests.trail.tampering import PROGRAM, run_verifier, tamper
from workflow.door import perform
from workflow.models import ChainHead, Event
from workflow.trail.erasure import erase
from workflow.trail.recording import Entry, record
from workflow.trail.verification import verify_and_record

pytestmark = pytest.mark.slow

PAGES = ("/trail/", "/trail/{pk}/", "/trail/export.csv", "/trail/export.jsonl", "/trail/verify.py")


@pytest.fixture
def leader(client: Client, cast: Cast) -> Client:
    return signed_in(client, cast.leader)


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def shown(client: Client, query: str = "", **filters: str) -> list[int]:
    """The ids of the events in the order of the page."""
    response: Any = client.get(f"/trail/{query}", filters or None)
    assert response.status_code == 200
    return [int(pk) for pk in re.findall(r'href="/trail/(\d+)/"', response.content.decode())]


def ids(**wanted: Any) -> list[int]:
    return list(Event.objects.filter(**wanted).order_by("-id").values_list("pk", flat=True))


def downloaded(client: Client, url: str, **filters: str) -> str:
    response: Any = client.get(url, filters)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content).decode()


def csv_rows(client: Client, **filters: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(downloaded(client, "/trail/export.csv", **filters).lstrip("\ufeff"))))


@pytest.mark.parametrize("page", PAGES)
def test_only_the_ministry_reads_the_trail(client: Client, cast: Cast, page: str) -> None:
    make_recommendation(cast, "issued")
    url = page.format(pk=Event.objects.latest("pk").pk)
    assert client.get(url).status_code == 302
    readers = {name for name, person in vars(cast).items() if isinstance(person, User) and opens(client, person, url)}
    assert readers == {"leader", "observer"}


def opens(client: Client, person: User, url: str) -> bool:
    client.force_login(person)
    status = client.get(url).status_code
    assert status in (200, 404)
    return status == 200


def test_a_row_tells_when_who_in_which_role_what_and_where_to(leader: Client, cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    perform(case, "issue", by=cast.coordinator)
    add_organisation(by=cast.registrar, code="NEW", kind="institution", institution_type="college", name="New (test)")
    page = leader.get("/trail/").content.decode()
    issued = Event.objects.get(action="issue")
    assert f"{timezone.localtime(issued.at):%d.%m.%Y %H:%M}" in page
    for text in ("Aigul (test)", "Coordinator", "DEP (test)", "Issue", "Draft → Answer awaited", "Add an organisation"):
        assert text in page
    assert f'href="/case/recommendation/{case.pk}/"' in page
    assert leader.get(f"/recommendations/{issued.number}/").status_code == 200
    assert shown(leader) == ids()


def test_filters_leave_the_events_they_name(leader: Client, cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    draft_number = case.number
    perform(case, "issue", by=cast.coordinator)
    extension = make_extension(cast, make_recommendation(cast, "in_progress"))
    User.objects.filter(pk=cast.rector.pk).update(full_name="Чынара Өмүрова (test)")
    User.objects.get(pk=cast.rector.pk).save()
    assert shown(leader, person="aig") == ids(actor=cast.coordinator)
    assert shown(leader, person="омурова") == ids(actor=cast.rector)
    assert shown(leader, person="nobody") == shown(leader, person="!!!") == []
    assert shown(leader, organisation="uni") == ids(organisation_id=cast.university.pk)
    assert shown(leader, organisation="DEP (test") == ids(organisation_id=cast.department.pk)
    assert shown(leader, number=case.number.lower()) == ids(subject_type="recommendation", subject_id=case.pk)
    assert shown(leader, number=draft_number) == shown(leader, number=case.number)
    of_extension = ids(subject_type="extension")
    assert len(of_extension) == 1
    assert set(shown(leader, number=extension.recommendation.number)) >= set(of_extension)
    assert shown(leader, number=extension.number) == of_extension
    assert shown(leader, action="recommendation.create") == ids(subject_type="recommendation", action="create")
    assert shown(leader, action="extension.create") == of_extension
    assert shown(leader, action=".add_person") == ids(action="add_person")
    assert shown(leader, action=".deactivate_person") == []
    both = shown(leader, person="aigul", action="recommendation.issue", number=case.number)
    assert both == ids(action="issue", subject_id=case.pk)


def test_times_are_those_of_bishkek_and_the_minute_named_is_within(leader: Client, cast: Cast) -> None:
    make_recommendation(cast, "closed")
    old, new = Event.objects.earliest("pk").pk, ids(action="close")[0]
    at = timezone.now() - timedelta(days=400)
    tamper("UPDATE workflow_event SET at = %s WHERE id = %s", at.replace(second=59), old)
    local = timezone.localtime(at)
    minute, before = f"{local:%Y-%m-%dT%H:%M}", f"{local - timedelta(minutes=1):%Y-%m-%dT%H:%M}"
    assert shown(leader, until=minute) == [old]
    assert shown(leader, until=before) == []
    assert shown(leader, since=minute) == ids()
    after = f"{local + timedelta(minutes=1):%Y-%m-%dT%H:%M}"
    assert shown(leader, since=after) == [pk for pk in ids() if pk != old]
    assert shown(leader, since=f"{timezone.localtime():%Y-%m-%d}")[0] == new


@pytest.mark.parametrize(
    "filters",
    [
        {"since": "yesterday"},
        {"since": "0001-01-01T00:00"},
        {"until": "9999-12-31T23:59"},
        {"action": "recommendation.fly"},
        {"number": "x" * 41},
        {"person": "\x00"},
    ],
)
def test_a_filter_that_cannot_be_understood_is_named_and_left_out(
    leader: Client, cast: Cast, filters: dict[str, str]
) -> None:
    make_recommendation(cast, "issued")
    response = leader.get("/trail/", filters)
    assert "There is a problem" in response.content.decode()
    assert shown(leader, **filters) == ids()
    assert [int(row["Event"]) for row in csv_rows(leader, **filters)] == ids()


@pytest.mark.parametrize("after", ["_x", "x_1", "_99999999999999999999", "1", "_-1", "_٣"])
def test_a_mangled_cursor_leads_to_a_page(leader: Client, cast: Cast, after: str) -> None:
    make_recommendation(cast, "issued")
    assert set(shown(leader, after=after)) <= set(ids())


def test_long_trails_come_in_pages_that_keep_the_filter(leader: Client, cast: Cast) -> None:
    record([Entry("test", 1, "T-1", "create", by=cast.coordinator) for _ in range(120)])
    make_recommendation(cast, "issued")
    seen: list[int] = []
    query = "?person=aigul"
    while query:
        seen += shown(leader, query)
        page = leader.get(f"/trail/{query}").content.decode()
        following = re.search(r'href="(\?[^"]*)" rel="next"', page)
        query = following[1].replace("&amp;", "&") if following else ""
    assert seen == ids(actor=cast.coordinator)
    assert len(seen) == 122


@pytest.mark.parametrize("many", [2, 12])
def test_the_list_takes_the_same_queries_whatever_its_length(
    leader: Client, cast: Cast, many: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(many):
        make_extension(cast)
    with django_assert_max_num_queries(12):
        leader.get("/trail/", {"person": "a", "organisation": "dep", "until": "2099-01-01T00:00"})


def test_the_state_of_the_chain_at_the_last_verification_stands_on_top(leader: Client, cast: Cast) -> None:
    case = make_recommendation(cast, "issued")
    assert "has not been verified yet" in leader.get("/trail/").content.decode()
    check = verify_and_record()
    page = leader.get("/trail/").content.decode()
    assert f"no tampering detected: {timezone.localtime(check.at):%d.%m.%Y %H:%M}, " in page
    assert f"{check.events} events in {check.chains} chains" in page
    assert check.seal in page
    tamper("UPDATE workflow_event SET target = 'closed' WHERE position = 2 AND subject_id = %s", case.pk)
    verify_and_record()
    page = leader.get("/trail/").content.decode()
    changed = Event.objects.get(subject_type="recommendation", position=2)
    assert "was found broken" in page
    assert f"Event {changed.pk} ({case.number}, step 2, issue): it was changed after it was written." in page
    assert f'<a href="/trail/{changed.pk}/">Show the event</a>' in page


def test_the_csv_holds_exactly_what_the_filter_shows_on_all_its_pages(leader: Client, cast: Cast) -> None:
    record([Entry("test", 1, "T-1", "create", by=cast.coordinator) for _ in range(60)])
    case = make_recommendation(cast, "disputed")
    assert [int(row["Event"]) for row in csv_rows(leader)] == ids()
    rows = csv_rows(leader, person="aigul")
    assert [int(row["Event"]) for row in rows] == ids(actor=cast.coordinator)
    [row] = csv_rows(leader, action="recommendation.dispute")
    event = Event.objects.get(action="dispute")
    assert row == {
        "Event": str(event.pk),
        "Time": f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}",
        "Person": "Chynara (test)",
        "Role": "Head of institution",
        "Organisation": "UNI (test)",
        "Kind": "Recommendation",
        "Case": case.number,
        "Action": "Dispute",
        "State before": "Answer awaited",
        "State after": "Disputed",
        "Step": "3",
        "Hash": event.hash,
    } | {key: row[key] for key in row if key.startswith("Time")}
    assert row["Time"].startswith(f"{timezone.localtime(event.at):%Y-%m-%d %H:%M}")


def test_no_cell_of_the_csv_is_run_by_a_spreadsheet(leader: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.coordinator.pk).update(full_name="=HYPERLINK(1)")
    record([Entry("test", 1, "@T-1", "+create", by=cast.coordinator)])
    [row] = csv_rows(leader, number="@T-1")
    assert (row["Person"], row["Case"], row["Action"]) == ("'=HYPERLINK(1)", "'@T-1", "'+create")


def test_the_export_for_verification_holds_whole_chains_of_what_the_filter_shows(
    leader: Client, cast: Cast, tmp_path: Path
) -> None:
    case = make_recommendation(cast, "disputed")
    make_recommendation(cast, "issued")
    make_extension(cast)
    file = tmp_path / "trail.jsonl"
    file.write_text(downloaded(leader, "/trail/export.jsonl"), encoding="utf-8")
    chains = ChainHead.objects.count()
    assert run_verifier(file) == (0, f"Sound: {Event.objects.count()} events in {chains} chains.")
    file.write_text(downloaded(leader, "/trail/export.jsonl", action="recommendation.dispute"), encoding="utf-8")
    assert run_verifier(file) == (0, "Sound: 3 events in 1 chains.")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert {line["subject_id"] for line in lines if "subject_id" in line} == {str(case.pk)}
    file.write_text(downloaded(leader, "/trail/export.jsonl", person="nobody"), encoding="utf-8")
    assert run_verifier(file) == (0, "Sound: 0 events in 0 chains.")


def test_the_program_is_handed_out_as_it_is(leader: Client, cast: Cast) -> None:
    response = leader.get("/trail/verify.py")
    assert response.content == PROGRAM.read_bytes()
    assert response["Content-Disposition"] == 'attachment; filename="verify.py"'


def test_an_event_shows_inputs_changes_and_its_place_in_the_chain(leader: Client, cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    extension = make_extension(cast, case)
    perform(extension, "grant", by=cast.head, text="<b>Bold</b>")
    granted = Event.objects.get(action="grant")
    page = leader.get(f"/trail/{granted.pk}/").content.decode()
    for text in ("Bakyt (test)", "Head of department", "DEP (test)", "Grant", "Requested → Granted", granted.hash):
        assert text in page
    assert granted.previous in page
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    moved = Event.objects.get(action="move_due")
    page = leader.get(f"/trail/{moved.pk}/").content.decode()
    assert f"{extension.due_before:%d.%m.%Y}" in page
    assert f"{extension.until:%d.%m.%Y}" in page
    before = Event.objects.get(subject_type="recommendation", position=moved.position - 1)
    assert f'href="/trail/{before.pk}/" rel="prev"' in page
    assert 'rel="next"' not in page


def test_erased_details_are_marked(leader: Client, cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    event = perform(case, "issue", by=cast.coordinator)
    assert "erased" not in leader.get(f"/trail/{event.pk}/").content.decode()
    erase(event, by=cast.leader, reason="By law")
    assert "The details were erased by law" in leader.get(f"/trail/{event.pk}/").content.decode()


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999999", "x"])
def test_an_event_that_is_not_there_is_not_found(leader: Client, cast: Cast, pk: str) -> None:
    assert leader.get(f"/trail/{pk}/").status_code == 404


@pytest.mark.parametrize("url", ["/trail/", "/trail/export.csv"])
def test_the_trail_is_only_read(leader: Client, cast: Cast, url: str) -> None:
    assert leader.post(url).status_code == 405
