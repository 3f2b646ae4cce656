"""The list: filters in the URL, forgiving search, pages by key, exports of exactly what it shows."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.test import Client

from cases.followup.models import Recommendation
from cases.followup.verbs import translate
from cases.ground.paging import SIZE
from cases.registry.verbs import change_organisation
from tests.cast import Cast
from tests.factories import make_recommendation
from workflow.door import perform
from workflow.terms import legal_date

pytestmark = pytest.mark.slow

TODAY = legal_date()


def numbers(client: Client, query: str) -> list[str]:
    response = client.get(f"/recommendations/?{query}")
    assert response.status_code == 200
    return [row.number for row in response.context["page"].rows]


@pytest.fixture
def three(cast: Cast, client: Client) -> dict[str, str]:
    """An issued one, one in progress that is overdue, a closed one of the college."""
    client.force_login(cast.leader)
    late = TODAY - timedelta(days=10)
    issued = make_recommendation(cast, "issued", risk="high", texts={"ky": "Өрт коопсуздугун күчөтүү"})
    overdue = make_recommendation(cast, "in_progress", risk="low", first_due=late, current_due=late)
    closed = make_recommendation(cast, "closed", institution=cast.college, is_priority=True)
    for one in (issued, overdue, closed):
        one.fill_search(text.text for text in one.texts.all())
        one.save()
    return {"issued": issued.number, "overdue": overdue.number, "closed": closed.number}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["closed", "overdue", "issued"]),
        ("sort=old", ["issued", "overdue", "closed"]),
        ("state=issued", ["issued"]),
        ("state=open", ["overdue", "issued"]),
        ("risk=high", ["issued"]),
        ("overdue=on", ["overdue"]),
        ("overdue=on&state=closed", []),
        ("region=osh", ["closed"]),
        ("institution=col", ["closed"]),
        ("priority=on", ["closed"]),
        ("q=орт+коопсуз", ["issued"]),
        ("q=ӨРТ", ["issued"]),
        ("q=nothing", []),
        (f"due_to={TODAY - timedelta(days=1)}", ["overdue"]),
        (f"due_from={TODAY}&state=issued", ["issued"]),
        ("state=nonsense&risk=high", ["issued"]),
    ],
)
def test_a_filter_leaves_what_fits(client: Client, three: dict[str, str], query: str, expected: list[str]) -> None:
    assert numbers(client, query) == [three[name] for name in expected]


def test_a_case_is_found_by_its_number_and_by_the_beginning_of_it(
    client: Client, cast: Cast, three: dict[str, str]
) -> None:
    number = three["issued"]
    provisional = Recommendation.objects.get(number=number).draft_number
    assert numbers(client, f"q={number}") == numbers(client, f"q=+{number.lower()}+") == [number]
    assert numbers(client, f"q={provisional}") == [number], "as it was called before it was issued"
    assert set(numbers(client, f"q={number[:7]}")) == set(three.values()), "the year alone"
    assert numbers(client, f"q={number}9") == []
    standard = make_recommendation(cast, "issued", texts={"ky": "ISO-9001-2015 талаптары"})
    assert numbers(client, "q=ISO-9001-2015") == [standard.number], "a number of something else is a word"
    client.force_login(cast.director)
    assert numbers(client, f"q={number}") == [], "of another institution"


def test_an_institution_sees_its_own_and_no_drafts(client: Client, cast: Cast, three: dict[str, str]) -> None:
    make_recommendation(cast, "draft")
    client.force_login(cast.rector)
    assert set(numbers(client, "")) == {three["issued"], three["overdue"]}
    client.force_login(cast.registrar)
    assert numbers(client, "") == []


@pytest.mark.parametrize("sort", ["new", "old", "due", "due_last"])
def test_pages_by_key_show_every_row_once(client: Client, cast: Cast, sort: str) -> None:
    total = SIZE + 7
    for day in range(total):
        due = TODAY + timedelta(days=day % 5)
        fields = {"first_due": due, "current_due": due}
        if day % 11 == 0:
            fields = {"first_due": None, "current_due": None, "no_due_reason": "Standing duty"}  # type: ignore[dict-item]
        make_recommendation(cast, "issued", measures=0, **fields)
    client.force_login(cast.leader)
    first = client.get(f"/recommendations/?sort={sort}").context["page"]
    second = client.get(f"/recommendations/{first.next_url}").context["page"]
    seen = [row.number for row in [*first.rows, *second.rows]]
    assert (len(seen), len(set(seen)), second.next_url) == (total, total, "")


def test_the_exports_hold_exactly_what_the_filter_shows(client: Client, three: dict[str, str]) -> None:
    shown = numbers(client, "state=open")
    text = b"".join(client.get("/recommendations/export.csv?state=open")).decode("utf-8-sig")  # type: ignore[arg-type]
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == shown
    response = client.get("/recommendations/export.xlsx?state=open")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == shown


def test_an_export_tells_of_each_row_what_its_record_says(client: Client, cast: Cast) -> None:
    texts = {"ky": "Өрт коопсуздугу", "ru": "=1"}
    full = make_recommendation(cast, "closed", is_priority=True, controller="-x", item="4.2", texts=texts)
    for version, text in enumerate(["First", "Second"], start=1):
        full.texts.create(language="en", version=version, text=text)
    bare = make_recommendation(cast, "draft")
    Recommendation.objects.filter(pk=bare.pk).update(coordinator=None, source=None)
    client.force_login(cast.leader)
    lines = b"".join(client.get("/recommendations/export.csv").streaming_content)  # type: ignore[attr-defined]
    second, first = csv.DictReader(io.StringIO(lines.decode("utf-8-sig")))
    full.refresh_from_db()
    assert first | {"Number": full.number, "State": "Closed", "Code": full.institution.code} == first
    assert (
        first | {"Coordinator": "Aigul (test)", "Source document": str(full.source), "closing reason": "Implemented"}
        == first
    )
    assert first | {"priority for leadership": "yes", "controller": "'-x", "item of the source": "4.2"} == first
    assert first | {"closed on": str(full.closed_on), "verified degree": "Fully", "times extended": "0"} == first
    assert [first[f"Text ({name})"] for name in ("Kyrgyz", "Russian", "English")] == [texts["ky"], "'=1", "Second"]
    assert (second["Coordinator"], second["Source document"], second["closed on"]) == ("", "", "")


@pytest.mark.parametrize("sort", ["new", "old", "due", "due_last"])
def test_an_export_has_the_order_of_the_pages(client: Client, cast: Cast, sort: str) -> None:
    for due in (date(2030, 1, 1), None, date(2031, 1, 1), None, date(2030, 1, 1)):
        make_recommendation(cast, "issued", first_due=due, current_due=due, no_due_reason="" if due else "Always")
    client.force_login(cast.coordinator)
    shown = [row.number for row in client.get(f"/recommendations/?sort={sort}").context["page"].rows]
    lines = b"".join(client.get(f"/recommendations/export.csv?sort={sort}").streaming_content)  # type: ignore[attr-defined]
    assert [row[0] for row in csv.reader(io.StringIO(lines.decode("utf-8-sig")))][1:] == shown


def test_ticked_drafts_are_issued_together_and_the_others_named(client: Client, cast: Cast) -> None:
    good, bad = make_recommendation(cast, "draft"), make_recommendation(cast, "draft", cause="")
    client.force_login(cast.coordinator)
    response = client.post("/recommendations/issue/", {"draft": [f"{good.number}:1", f"{bad.number}:1"]}, follow=True)
    said = [str(message) for message in response.context["messages"]]
    assert said[0] == "1 recommendation is issued."
    assert bad.number in said[1]
    assert "finding" in said[1]
    assert Recommendation.objects.get(pk=good.pk).state == "issued"
    assert Recommendation.objects.get(pk=bad.pk).state == "draft"
    client.force_login(cast.rector)
    assert client.post("/recommendations/issue/", {"draft": [f"{bad.number}:1"]}).status_code == 404


def test_a_draft_that_was_changed_or_issued_since_the_list_was_shown_is_not_issued_unseen(
    client: Client, cast: Cast
) -> None:
    changed, issued, mangled = (make_recommendation(cast, "draft") for _ in range(3))
    seen = {one.pk: f"{one.number}:{one.version}" for one in (changed, issued)}
    client.force_login(cast.coordinator)
    page = client.get("/recommendations/").content.decode()
    assert all(f'name="draft" value="{value}"' in page for value in seen.values())
    translate(changed, "en", "Changed", by=cast.coordinator, is_checked=True)
    perform(issued, "issue", by=cast.coordinator)
    ticked = [*seen.values(), mangled.number, f"{mangled.number}:x", ":1", f"{mangled.number}:{'9' * 40}"]
    response = client.post("/recommendations/issue/", {"draft": ticked}, follow=True)
    said = [str(message) for message in response.context["messages"]]
    assert len(said) == 2
    assert "This case changed" in said[0]
    assert "the case is in the state “Answer awaited”" in said[1]
    assert set(Recommendation.objects.filter(state="draft")) == {changed, mangled}


@pytest.mark.parametrize("many", [2, 50])
def test_the_list_takes_the_same_queries_whatever_its_length(
    client: Client, cast: Cast, many: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(many):
        make_recommendation(cast, "issued", measures=0)
        make_recommendation(cast, "draft", measures=0, texts={})
    client.force_login(cast.coordinator)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/recommendations/?q=китеп&institution=uni&state=open&sort=due")
    # Two are for the roles, which takes 2 ms less; one says which institutions of the drafts could not answer.
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        assert len(client.get("/recommendations/").context["page"].rows) == min(2 * many, SIZE)


def test_a_renamed_institution_is_found_by_its_new_name_and_not_by_the_old_one(cast: Cast, client: Client) -> None:
    client.force_login(cast.leader)
    draft, issued = make_recommendation(cast), make_recommendation(cast)
    other = make_recommendation(cast, institution=cast.college)
    perform(issued, "issue", by=cast.coordinator)
    translate(issued, "en", "Glass roofs.", by=cast.coordinator, is_checked=True)
    change_organisation(cast.university, by=cast.registrar, name_ky="Жаңы академия", name_ru="Новая академия")
    cast.university.refresh_from_db()
    assert numbers(client, "q=жаны+академия") == [issued.number, draft.number]
    assert numbers(client, "q=новая&state=issued") == [issued.number]
    assert numbers(client, "q=glass+академия") == [issued.number]
    assert numbers(client, f"q={issued.number}") == [issued.number]
    assert numbers(client, "q=академия&institution=col") == []
    before = Recommendation.objects.get(pk=other.pk).search
    change_organisation(cast.college, by=cast.registrar, name_en="Lake College")
    assert Recommendation.objects.get(pk=other.pk).search != before
    assert numbers(client, "q=lake") == [other.number]
    change_organisation(cast.college, by=cast.registrar, name_en="Hill College")
    assert (numbers(client, "q=lake"), numbers(client, "q=hill")) == ([], [other.number])
