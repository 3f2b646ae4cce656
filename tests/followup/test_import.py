"""Importing the real resolution: as .csv, as .xlsx and pasted, with its undated and unaddressed items asked about."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.followup.models import Recommendation, SourceDocument
from cases.followup.resolution import LONGEST_LINE, items_of_text, parse_date
from cases.ground.cells import LONGEST_CELL, TableError
from cases.ground.tables import read_table
from cases.registry.models import Membership
from tests.cast import Cast
from workflow.roles import Role

pytestmark = pytest.mark.slow

FILE = Path(__file__).parents[1] / "data" / "resolution-2025.csv"
ROWS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
DOCUMENT = {
    "kind": "council_resolution",
    "title": "Resolution of the academic council, 2025",
    "institution": "UNI",
    "cause": "The report of the quality division",
    "classification": "condition",
    "risk": "medium",
}


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(list(ROWS[0]))
    for row in ROWS:
        sheet.append(list(row.values()))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def upload(client: Client, **given: Any) -> Any:
    return client.post("/recommendations/import/", given, headers={"accept-language": "en"})


def filled(response: Any, **changes: dict[str, str]) -> dict[str, str]:
    """What the preview's form would send: every field as shown, with `changes` by item."""
    items = response.context["items"]
    data = {"items-TOTAL_FORMS": str(len(items.forms)), "items-INITIAL_FORMS": str(len(items.forms)), **DOCUMENT}
    for form in items.forms:
        shown = {name: form[name].value() for name in form.fields}
        shown |= changes.get(f"item_{shown['item'].replace('.', '_')}", {})
        data |= {form.add_prefix(name): str(value) for name, value in shown.items() if value not in (None, False, "")}
    return data


ANSWERS = {
    "item_1": {"addressees": "Бөлүм башчысы", "no_due_reason": "Takes note only"},
    "item_5": {"addressees": "Бардык түзүмдүк бөлүмдөр"},
    "item_7": {"no_due_reason": "Holds until the resolution is carried out"},
}


@pytest.fixture
def preview(client: Client, cast: Cast) -> Any:
    client.force_login(cast.coordinator)
    return upload(client, file=SimpleUploadedFile("resolution.csv", FILE.read_bytes()))


def test_the_preview_shows_every_item_and_asks_what_the_document_leaves_open(preview: Any) -> None:
    assert preview.status_code == 200
    asked = {form["item"].value(): set(form.errors) for form in preview.context["wrong"]}
    assert asked == {"1": {"addressees", "deadline"}, "5": {"addressees"}, "7": {"deadline"}}
    assert not Recommendation.objects.exists()
    assert not SourceDocument.objects.exists()


def test_nothing_is_stored_while_an_item_is_wrong(client: Client, preview: Any) -> None:
    response = client.post("/recommendations/import/confirm/", filled(preview))
    assert response.status_code == 422
    assert [form["item"].value() for form in response.context["wrong"]] == ["1", "5", "7"]
    assert not Recommendation.objects.exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_real_resolution_gives_exactly_its_items(client: Client, cast: Cast, ending: str) -> None:
    client.force_login(cast.coordinator)
    content = FILE.read_bytes() if ending == "csv" else workbook()
    preview = upload(client, file=SimpleUploadedFile(f"resolution.{ending}", content))
    response = client.post("/recommendations/import/confirm/", filled(preview, **ANSWERS))
    assert response.status_code == 302
    drafts = {
        recommendation.item: recommendation
        for recommendation in Recommendation.objects.prefetch_related("texts", "contributors")
    }
    assert list(drafts) == [row["item"] for row in reversed(ROWS)]
    for row in ROWS:
        draft = drafts[row["item"]]
        texts = {language: text.text for language, text in draft.current_texts().items()}
        assert texts == {"ky": row["text_ky"], "ru": row["text_ru"], "en": row["text_en"]}
        assert draft.first_due == (date.fromisoformat(row["deadline"]) if row["deadline"] else None)
        assert [str(interim.due) for interim in draft.interim_deadlines.all()] == [row["interim_deadline"]] * bool(
            row["interim_deadline"]
        )
        assert draft.controller == row["controller_ky"]
        assert draft.institution == cast.university
        if row["addressees_ky"]:
            assert [contributor.name for contributor in draft.contributors.all()] == row["addressees_ky"].split("; ")
    assert SourceDocument.objects.count() == 1


def test_the_right_items_alone_are_taken_when_the_person_says_so(client: Client, preview: Any) -> None:
    client.post("/recommendations/import/confirm/", filled(preview) | {"only_right": "1"})
    assert Recommendation.objects.count() == len(ROWS) - 3
    again = client.post("/recommendations/import/confirm/", filled(preview, **ANSWERS), follow=True)
    assert Recommendation.objects.count() == len(ROWS)
    assert any("stay as they are" in str(message) for message in again.context["messages"])


def test_the_same_document_twice_changes_nothing(client: Client, preview: Any) -> None:
    for _ in range(2):
        client.post("/recommendations/import/confirm/", filled(preview, **ANSWERS))
    assert Recommendation.objects.count() == len(ROWS)
    assert SourceDocument.objects.count() == 1


def test_an_item_of_several_institutions_is_split_and_tied_together(client: Client, cast: Cast, preview: Any) -> None:
    shared = {"item_2_1": {"addressees": "UNI; COL (test); кафедра башчыларына"}}
    client.post("/recommendations/import/confirm/", filled(preview, **ANSWERS, **shared))
    tied = Recommendation.objects.filter(item="2.1").order_by("id")
    assert [one.institution for one in tied] == [cast.university, cast.college]
    assert len({one.source_id for one in tied}) == 1
    assert [[contributor.name for contributor in each.contributors.all()] for each in tied] == [
        ["кафедра башчыларына"]
    ] * 2


def test_an_item_that_is_not_ticked_is_left_out(client: Client, preview: Any) -> None:
    data = filled(preview, **ANSWERS)
    del data["items-0-take"]
    client.post("/recommendations/import/confirm/", data)
    assert not Recommendation.objects.filter(item="1").exists()
    assert Recommendation.objects.count() == len(ROWS) - 1


def test_pasted_lines_become_items() -> None:
    items = items_of_text(
        "2.1 Carry out monitoring - programme heads; heads of departments - 10.09.2025\n"
        "\n"
        "3. Draw up a plan – by all means – 2025-жылдын 30- июнуна чейин\n"
        "4.2 Prepare the list - до 10 апреля 2026 года\n"
        "5 Take note"
    )
    assert [(item.row, item.item, item.text_ky, item.addressees, item.deadline) for item in items] == [
        (1, "2.1", "Carry out monitoring", "programme heads; heads of departments", "10.09.2025"),
        (3, "3", "Draw up a plan", "by all means", "2025-жылдын 30- июнуна чейин"),
        (4, "4.2", "Prepare the list", "", "до 10 апреля 2026 года"),
        (5, "5", "Take note", "", ""),
    ]


def test_pasting_leads_to_the_same_preview(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)
    preview = upload(client, text="2.1 Carry out monitoring - programme heads - 10.09.2025")
    client.post("/recommendations/import/confirm/", filled(preview))
    draft = Recommendation.objects.get()
    assert (draft.item, draft.text, draft.first_due) == ("2.1", "Carry out monitoring", date(2025, 9, 10))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-09-10", date(2025, 9, 10)),
        ("10.09.2025", date(2025, 9, 10)),
        ("2025 –жылдын 30-сентябрына чейин", date(2025, 9, 30)),
        ("2026-жылдын 10–апрелине чейин", date(2026, 4, 10)),
        ("до 3 мая 2026 года", date(2026, 5, 3)),
        ("31.02.2025", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates_are_read_as_they_are_printed(text: str, expected: date | None) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"item,text_ky,deadline\n1,=SUM(A1),2025-01-01\n", "Row 2, column B"),
        ("a.csv", b"item,text\n1,a\n", "text_ky, deadline"),
        ("a.csv", b"", "empty"),
        ("a.xlsx", b"%PDF-1.4", "xlsx"),
        ("a.exe", b"MZ", ".csv"),
    ],
)
def test_a_bad_file_is_refused_with_the_place_and_nothing_is_stored(
    client: Client, cast: Cast, name: str, content: bytes, sentence: str
) -> None:
    client.force_login(cast.coordinator)
    response = upload(client, file=SimpleUploadedFile(name, content))
    assert response.status_code == 422
    assert sentence in str(response.context["form"].errors)
    assert not SourceDocument.objects.exists()


def test_only_coordinators_import(client: Client, cast: Cast) -> None:
    for person in (cast.head, cast.rector, cast.leader, cast.registrar, cast.stranger):
        client.force_login(person)
        assert client.get("/recommendations/import/").status_code == 404
        assert client.post("/recommendations/import/confirm/", {}).status_code == 404


def test_a_preview_that_is_reloaded_begins_anew(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)
    assert client.get("/recommendations/import/confirm/")["location"] == "/recommendations/import/"


def pasted(client: Client, cast: Cast, *lines: str) -> Any:
    client.force_login(cast.coordinator)
    return upload(client, text="\n".join(lines))


def test_a_document_of_many_items_is_taken_with_all_fields_that_a_browser_sends(client: Client, cast: Cast) -> None:
    preview = pasted(client, cast, *(f"{n} Item {n} - Unit {n} - 10.09.2030" for n in range(1, 121)))
    data = {form.add_prefix(name): "" for form in preview.context["items"].forms for name in form.fields}
    assert client.post("/recommendations/import/confirm/", data | filled(preview)).status_code == 302
    assert Recommendation.objects.count() == 120


def test_who_coordinates_for_two_departments_says_for_which(client: Client, cast: Cast) -> None:
    Membership.objects.create(
        person=cast.coordinator, organisation=cast.other_department, role=Role.COORDINATOR, starts=date(2020, 1, 1)
    )
    preview = pasted(client, cast, "1 Item - Unit - 10.09.2030")
    assert set(preview.context["document"].fields["department"].queryset) == {cast.department, cast.other_department}
    assert '<option value="" selected>– choose –</option>' in preview.content.decode()
    unsaid = client.post("/recommendations/import/confirm/", filled(preview))
    assert "department" in unsaid.context["document"].errors
    foreign = client.post("/recommendations/import/confirm/", filled(preview) | {"department": cast.university.pk})
    assert "department" in foreign.context["document"].errors
    client.post("/recommendations/import/confirm/", filled(preview) | {"department": cast.other_department.pk})
    assert Recommendation.objects.get().department == cast.other_department


def test_one_request_makes_no_more_drafts_than_it_can_in_time(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = pasted(client, cast, "1 Item - UNI; COL - 10.09.2030", "2 Item - UNI - 10.09.2030")
    monkeypatch.setattr("cases.followup.forms.imports.MOST_DRAFTS", 2)
    response = client.post("/recommendations/import/confirm/", filled(preview))
    assert response.status_code == 422
    assert "more than 2 drafts at once" in str(response.context["document"].errors)
    assert not Recommendation.objects.exists()
    monkeypatch.setattr("cases.followup.forms.imports.MOST_DRAFTS", 3)
    assert client.post("/recommendations/import/confirm/", filled(preview)).status_code == 302
    assert Recommendation.objects.count() == 3
    monkeypatch.setattr("cases.followup.forms.imports.MOST_DRAFTS", 0)
    again = client.post("/recommendations/import/confirm/", filled(preview))
    assert again.status_code == 302, "what is there already makes none"


def test_an_addressee_with_too_long_a_name_is_named_beside_its_item(client: Client, cast: Cast) -> None:
    preview = pasted(client, cast, f"1 Item - Unit; {'x' * 301} - 10.09.2030")
    response = client.post("/recommendations/import/confirm/", filled(preview))
    assert response.status_code == 422
    [form] = response.context["wrong"]
    assert form.errors["addressees"] == ["A line is longer than 300 characters."]


def test_imported_texts_lose_what_turns_or_hides_them(client: Client, cast: Cast) -> None:
    preview = pasted(client, cast, "1 Item \u202eturned\x07 - Unit\u202e - 10.09.2030")
    client.post("/recommendations/import/confirm/", filled(preview) | {"title": "A \u202e title"})
    draft = Recommendation.objects.get()
    assert (draft.text, str(draft.source)) == ("Item turned", "A title")
    assert [contributor.name for contributor in draft.contributors.all()] == ["Unit"]


def test_runs_of_white_space_in_pasted_lines_change_nothing() -> None:
    once = "1.1 Китепкана толукталсын - Ректор - 2025-жылдын 10-сентябрына чейин"
    assert items_of_text(once.replace(" ", " \t\u00a0  ")) == items_of_text(once)
    assert items_of_text(once)[0].item == "1.1"
    assert parse_date("2025-жылдын   10-сентябрына\u00a0\u00a0чейин") == date(2025, 9, 10)
    assert parse_date("до 10   сентября  2025 года") == date(2025, 9, 10)


def test_a_line_or_cell_that_is_far_too_long_is_named() -> None:
    with pytest.raises(TableError) as refused:
        items_of_text(f"1 Short - A - 10.09.2025\n2 {'x' * LONGEST_LINE}")
    assert "Line 2" in refused.value.sentence
    assert items_of_text(f"1{' ' * 100_000}Text")[0].text_ky == "Text"
    assert parse_date(" " * 100_000 + "10.09.2025") is None
    with pytest.raises(TableError) as refused:
        read_table("a.csv", f"item,text_ky,deadline\n1,{'x' * (LONGEST_CELL + 1)},\n".encode(), ["item"])
    assert "Row 2, column B" in refused.value.sentence
