"""Lines of a deliverable brought as a table and handed out as one."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from cases.planning.models import Deliverable
from cases.planning.stages import FILE
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import make_engagement
from tests.kinds.planning import legal_act
from tests.planning.lines import add, address, lines_of, of_kind
from workflow.lifecycles.engagement import State

pytestmark = pytest.mark.django_db


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file.getvalue()


def bring(client: Client, deliverable: Deliverable, **sent: object) -> Any:
    deliverable.refresh_from_db()
    return client.post(address("lines_import", deliverable), {"version": deliverable.version, **sent})


def test_an_estimate_is_taken_from_a_workbook_and_handed_out_as_one(cast: Cast, at: Opened) -> None:
    deliverable = of_kind(make_engagement(cast, State.PREPARATION, stages=FILE), "cost_estimate")
    client = at(cast.coordinator)
    add(client, deliverable)
    table = workbook(
        ("№", "Year", "Name", "Quantity", "Price, som", "Source of finance"),
        (1, 2099, "Forms", 10, 99.5, "Grant"),
        (2, 2099, "=cmd", "2,5", "1 000", None),
    )
    refused = bring(client, deliverable, table=SimpleUploadedFile("a.xlsx", table))
    assert "Row 3, column C: there is a formula." in refused.content.decode()
    assert len(lines_of(deliverable)) == 1
    table = workbook(("name", "quantity", "price", "year"), ("Forms", 10, 99.5, 2099), ("Ink", "2,5", "1 000", 2099))
    assert bring(client, deliverable, table=SimpleUploadedFile("a.xlsx", table)).status_code == 302
    assert [line["name"] for line in lines_of(deliverable)] == ["Printing of forms (test)", "Forms", "Ink"]
    response = client.get(address("lines_export", deliverable))
    sheet: Any = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == ["№", "Name", "Unit", "Quantity", "Price, som", "Amount, som", "Source of finance", "Year"]
    assert rows[3] == [3, "Ink", None, 2.5, 1000, 2500, None, 2099]
    before = lines_of(deliverable)
    file = SimpleUploadedFile("b.xlsx", workbook(*map(tuple, rows)))
    assert bring(client, deliverable, table=file, replaces="on").status_code == 302
    assert lines_of(deliverable) == before


def test_a_table_in_kyrgyz_is_pasted(cast: Cast, at: Opened) -> None:
    deliverable = of_kind(make_engagement(cast, State.PREPARATION, stages=FILE), "national_team")
    pasted = "Толук аты-жөнү\tУюм\tМилдети\tБагыт\tДайындаган акт\nА. Асанов\tАкадемия\tКоординациялоо\t4\t{}\n"
    act = legal_act()
    response = bring(at(cast.coordinator), deliverable, pasted=pasted.format(act.reference))
    assert response.status_code == 302, response.content.decode()
    assert lines_of(deliverable) == [
        {"full_name": "А. Асанов", "organisation": "Академия", "duty": "coordination", "direction": "4",
         "legal_act": act.code}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("", "Paste the rows, or choose a file."),
        ("Title\tKind", "The table has no rows."),
        ("Title\tColour\nVisit\tred", "The heading “colour” is not known. Known are: Kind, Title, Begins"),
        ("Title\tKind\nVisit\tvisit", "These columns are missing: Begins, Ends."),
        (
            "Kind\tTitle\tBegins\tEnds\nvisit\tGood\t05.02.2099\t06.02.2099\nfeast\tBad\t05.02.2099\t6.2.",
            "Row 3, column “Ends”: This is not a date.",
        ),
        (
            "Kind\tTitle\tBegins\tEnds\nvisit\tBad\t05.02.2098\t06.02.2099",
            "Row 2, column “Begins”: The stages of the monitoring last from",
        ),
    ],
)
def test_of_a_wrong_table_nothing_is_stored(cast: Cast, at: Opened, pasted: str, sentence: str) -> None:
    deliverable = of_kind(make_engagement(cast, State.PREPARATION, stages=FILE), "calendar_plan")
    response = bring(at(cast.lead), deliverable, pasted=pasted)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert lines_of(deliverable) == []


def test_a_table_of_more_lines_than_a_deliverable_has_is_refused(cast: Cast, at: Opened) -> None:
    deliverable = of_kind(make_engagement(cast, State.PREPARATION, stages=FILE), "cost_estimate")
    client = at(cast.coordinator)
    head, row = "name;quantity;price;year\n", "Forms;1;1;2099\n"
    content = (head + row * 1000).encode()
    assert bring(client, deliverable, table=SimpleUploadedFile("a.csv", content)).status_code == 302
    refused = bring(client, deliverable, table=SimpleUploadedFile("a.csv", (head + row).encode()))
    assert "A deliverable has at most 1000 lines." in refused.content.decode()
    assert len(lines_of(deliverable)) == 1000
