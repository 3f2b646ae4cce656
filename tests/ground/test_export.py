"""Exported tables open in Excel as what they are, and run nothing."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.http import FileResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy

from cases.ground import tables
from cases.ground.export import csv_response, guarded, xlsx_response

MOMENT = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
ROWS: list[list[Any]] = [
    ['Ө, "ү"', date(2026, 11, 21), MOMENT, 5, Decimal("-1.50"), None],
    ["=1+1", "+7", "-x", "@a", "\tb", "\rc"],
]


def body(response: StreamingHttpResponse) -> bytes:
    return b"".join(response)  # type: ignore[arg-type]


def test_csv_is_guarded_and_carries_the_mark_that_excel_looks_for() -> None:
    response = csv_response("тизме.csv", ["=head", gettext_lazy("Name")], ROWS)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    text = body(response).decode()
    assert text == (
        "\ufeff'=head,Name\r\n"
        '"Ө, ""ү""",2026-11-21,2026-11-21 02:00:00+06:00,5,-1.50,\r\n'
        "'=1+1,'+7,'-x,'@a,'\tb,\"'\rc\"\r\n"
    )


HELD = [
    "x;'=HYPERLINK(1)",
    "x; '=1",
    "x\n'=1",
    "x\t'@SUM(A1)",
    "x;'+cmd|' /C calc'!A0",
    "x;'-СУММ(A1;A2)",
    "x;\"'=1",
    "x;;'=1",
    "'=a;'=b",
]
FREE = ["биринчи; - экинчи", "- a\n- b", "5, -3; +7", "a;b=c", "x ; y", "a@b.kg; c@d.kg", "-5;+996 555"]


@pytest.mark.parametrize("held", HELD)
def test_no_part_of_a_cell_is_run_where_semicolons_or_tabs_part_cells(held: str) -> None:
    """Excel of a country that writes 1,5 opens our files so; even quotation marks do not keep a cell together then."""
    line = body(csv_response("x.csv", ["n"], [["first", held.replace("'=", "=").replace("'+", "+").replace("'-", "-")
                                                .replace("'@", "@")]])).decode()  # fmt: skip
    [_head, [_first, cell]] = csv.reader(io.StringIO(line.removeprefix("\ufeff"), newline=""))
    assert cell == held
    parts = re.split(r"[;\t\r\n]", line)
    assert not [part for part in parts if re.match(r'[ "]*([=@]|[+-].*[(|!])', part)]


@pytest.mark.parametrize("text", FREE)
def test_ordinary_texts_are_handed_out_as_they_are(text: str) -> None:
    assert guarded(f"A {text}") == f"A {text}"


def test_csv_is_sent_as_the_rows_come() -> None:
    taken: list[int] = []

    def rows() -> Any:
        for number in range(1000):
            taken.append(number)
            yield [number]

    lines = iter(csv_response("x.csv", ["n"], rows()))
    assert next(lines) == b"\xef\xbb\xbfn\r\n"
    assert taken == []
    assert next(lines) == b"".join(b"%d\r\n" % number for number in range(100))
    assert len(taken) == 100
    assert b"".join(lines) == b"".join(b"%d\r\n" % number for number in range(100, 1000))


def test_xlsx_keeps_dates_as_dates_and_formulas_as_texts() -> None:
    response: FileResponse = xlsx_response("x.xlsx", ["a", "b", "c", "d", "e", "f"], iter(ROWS))
    assert response["Content-Disposition"] == 'attachment; filename="x.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(body(response))).active
    assert sheet is not None
    rows: Any = list(sheet.iter_rows())
    assert [cell.value for cell in rows[1]] == [
        "Ө, \"ү\"", datetime(2026, 11, 21), datetime(2026, 11, 21, 2, 0), 5, -1.5, None  # noqa: DTZ001
    ]  # fmt: skip
    assert {cell.data_type for cell in rows[2]} == {"s"}
    assert rows[2][0].value == "=1+1"


def test_an_exported_table_can_be_imported_again() -> None:
    rows = [["a", "-5 words"], ["b", "two\nlines"]]
    read = tables.read_table("x.csv", body(csv_response("x.csv", ["Code", "Text"], rows)), ["code"])
    assert [list(row.cells.values()) for row in read] == rows
    read = tables.read_table("x.xlsx", body(xlsx_response("x.xlsx", ["Code", "Text"], rows)), ["code"])
    assert [list(row.cells.values()) for row in read] == rows


def test_no_temporary_file_stays_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    body(xlsx_response("x.xlsx", ["a"], [["b"]]))

    def broken() -> Any:
        yield ["a"]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        xlsx_response("x.xlsx", ["a"], broken())
    assert list(tmp_path.iterdir()) == []
