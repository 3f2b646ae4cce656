"""Uploaded tables are read as rows of text, or refused with a sentence that names the place."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from xlsxwriter import Workbook

from cases.ground import cells, tables, uploaded_workbook
from cases.ground.archives import MEGABYTE
from cases.ground.cells import TableError
from cases.ground.tables import Row, read_table, read_upload


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def workbook(*rows: list[Any], change: Callable[[Any], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its members rewritten."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            body = old.read(member)
            new.writestr(member, change(body) if member == name else body)
    return file.getvalue()


def refusal(name: str, content: bytes, *columns: str) -> str:
    with pytest.raises(TableError) as caught:
        read_table(name, content, columns)
    return caught.value.sentence


GOOD = [
    pytest.param('Code,Name\nA,Алма\n\nB,"Б\nВ"\n'.encode(), id="utf-8, commas"),
    pytest.param('\ufeffCode;Name\r\nA;Алма\r\n\r\nB;"Б\r\nВ"\r\n'.encode(), id="utf-8 with its mark, semicolons"),
    pytest.param('Code;Name\nA;Алма\n\nB;"Б\nВ"\n'.encode("cp1251"), id="cp1251"),
    pytest.param('Code\tName\nA\tАлма\n\nB\t"Б\nВ"\n'.encode("utf-16"), id="utf-16, tabs"),
]


@pytest.mark.parametrize("content", GOOD)
def test_csv_is_read_whatever_its_letters_and_delimiter(content: bytes) -> None:
    assert read_table("list.CSV", content, ["code", "NAME"]) == [
        Row(2, {"code": "A", "name": "Алма"}),
        Row(4, {"code": "B", "name": "Б\nВ"}),
    ]


def test_xlsx_gives_the_same_rows_with_dates_and_numbers_as_text() -> None:
    content = workbook(
        [" Code ", "Date   of\nbirth", "Number", "Moment", "Time", "Yes"],
        ["A", date(2026, 11, 21), 12.0, datetime(2026, 11, 21, 9, 30), time(9, 30), True],  # noqa: DTZ001
        [None, None],
        ["Ө", None, 0.5],
    )
    first, second = read_table("list.xlsx", content, ["code"])
    assert first == Row(
        2,
        {"code": "A", "date of birth": "2026-11-21", "number": "12", "moment": "2026-11-21 09:30", "time": "09:30:00",
         "yes": "True"},
    )  # fmt: skip
    assert second.number == 4
    assert second.cells["code"] == "Ө"
    assert second.cells["number"] == "0.5"


def test_a_table_written_by_another_program_is_read_too() -> None:
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["code", "name"])
        sheet.write_row(1, 0, ["A", "Алма"])
    assert read_table("x.xlsx", file.getvalue(), ["code"]) == [Row(2, {"code": "A", "name": "Алма"})]


def test_what_our_own_csv_export_guarded_is_read_back_without_the_guard() -> None:
    [row] = read_table("x.csv", b"code,name\n'-5,'=1+1\n", ["code"])
    assert row.cells == {"code": "-5", "name": "=1+1"}


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "+cmd|'/c calc'!A1", "-2+3+cmd|' /C calc'!A0", '"=HYPERLINK(""http://x"")"']
)
def test_a_formula_in_csv_is_refused_with_its_place(text: str) -> None:
    content = f"code;name\nA;B\nC;{text}\n".encode()
    assert refusal("x.csv", content) == "Row 3, column B: there is a formula. Replace it by its value."


@pytest.mark.parametrize("text", ["+996 555 123456", "- пункт (а)", "-", "-5", "a=b", "e@mail.example"])
def test_what_only_looks_like_a_formula_is_read(text: str) -> None:
    assert read_table("x.csv", f"code\n{text}\n".encode(), ["code"])[0].cells["code"] == text


def test_a_formula_in_xlsx_is_refused_with_its_place() -> None:
    assert refusal("x.xlsx", workbook(["code", "name"], ["A", "B"], ["C", "=1+1"])) == (
        "Row 3, column B: there is a formula. Replace it by its value."
    )
    text_only = workbook(["code"], ["x"], change=lambda sheet: setattr(sheet["A2"], "data_type", "s"))
    assert read_table("x.xlsx", text_only, ["code"])


def test_an_error_value_is_refused_with_its_place() -> None:
    assert refusal("x.xlsx", workbook(["code"], ["#REF!"])) == "Row 2, column A: there is the error value #REF!."


@pytest.mark.parametrize("mark", ["\x07", "\x1b", "\x7f"])
def test_control_characters_are_refused_with_their_place(mark: str) -> None:
    sentence = "Row 2, column A: there is a control character, which no text should have."
    assert refusal("x.csv", f"code\nA{mark}\n".encode()) == sentence


BAD_CSV = [
    pytest.param(b"", "The file is empty.", id="nothing"),
    pytest.param(b"\n\n", "The table has no rows.", id="empty lines"),
    pytest.param(b"code,name\n", "The table has no rows.", id="heading alone"),
    pytest.param(b"code,title\nA,B\n", "These columns are missing: name.", id="a column missing"),
    pytest.param(b"code,name,Code\nA,B,C\n", "The heading “code” appears twice in the table.", id="a heading twice"),
    pytest.param(
        b"code,name\nA,B,C\n",
        "Row 2, column C: there is a value, but the column has no heading.",
        id="more cells than headings",
    ),
    pytest.param(
        b'code,name\nA,"B\n',
        "Row 2 cannot be read: its quotation marks do not match, or a cell is too long.",
        id="an open quotation mark",
    ),
    pytest.param(
        b"code,name\nA," + b"x" * 140_000,
        "Row 2 cannot be read: its quotation marks do not match, or a cell is too long.",
        id="a giant cell",
    ),
    pytest.param(
        b"code,name\nA,\x98\xff\n",
        "The letters of the file cannot be read. Save it as “CSV UTF-8”.",
        id="letters of no known alphabet",
    ),
    pytest.param(b"code,name\nA,\0B\n", "The file is called .csv, but it is no text.", id="a zero byte"),
    pytest.param(b"%PDF-1.7\n", "The file is called .csv, but it is no text.", id="a PDF"),
    pytest.param(workbook(["code", "name"]), "The file is called .csv, but it is no text.", id="a workbook"),
    pytest.param(b"," * 20_000, "The table has more than 50 columns.", id="a very wide line"),
    pytest.param(",".join(f"c{n}" for n in range(51)).encode(), "The table has more than 50 columns.", id="51 columns"),
]


@pytest.mark.parametrize(("content", "sentence"), BAD_CSV)
def test_a_bad_csv_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    assert refusal("x.csv", content, "code", "name") == sentence


def test_the_limit_of_rows_counts_filled_ones() -> None:
    most = b"code\n" + b"A\n\n" * cells.MAX_ROWS
    assert len(read_table("x.csv", most, ["code"])) == cells.MAX_ROWS
    assert refusal("x.csv", most + b"A\n") == "The table has more than 20000 rows. Split it."
    assert refusal("x.csv", b"code\n" + b"\n" * cells.LOWEST_LINE) == "The table has more than 20000 rows. Split it."


def test_a_workbook_with_too_many_rows_or_columns_is_refused() -> None:
    assert refusal("x.xlsx", workbook([f"c{n}" for n in range(51)], ["A"])) == "The table has more than 50 columns."
    many = io.BytesIO()
    with Workbook(many, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number in range(cells.MAX_ROWS + 2):
            sheet.write_string(number, 0, "A")
    assert refusal("x.xlsx", many.getvalue()) == "The table has more than 20000 rows. Split it."


def test_a_row_far_below_the_last_possible_one_does_not_keep_the_reader_busy() -> None:
    far = repacked(
        workbook(["code"], ["A"]), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="2"', b'r="99999999999"')
    )
    assert refusal("x.xlsx", far) == "The table has more than 20000 rows. Split it."


def test_other_kinds_of_files_are_refused_with_a_sentence() -> None:
    old = uploaded_workbook.OLD_OFFICE + b"\0" * 600
    xls = "Files of the old Excel (.xls) cannot be read. Save it as .xlsx and upload that."
    assert refusal("x.xls", old) == xls
    assert refusal("x.xlsx", old) == xls
    assert refusal("x.xlsx", old + uploaded_workbook.ENCRYPTED) == (
        "The file is protected by a password. Remove it and upload the file again."
    )
    assert refusal("x.xlsx", b"code,name\nA,B\n") == "The file is called .xlsx, but it is none."
    assert refusal("x.docx", workbook(["code"])) == "Upload a table as .xlsx or .csv."
    assert refusal("x", b"code\nA") == "Upload a table as .xlsx or .csv."


def test_a_damaged_workbook_is_refused_with_a_sentence() -> None:
    damaged = "The file is damaged: it cannot be read as .xlsx."
    good = workbook(["code"], ["A"])
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("a.txt", "nothing of Excel")
    assert refusal("x.xlsx", good[: len(good) // 2]) == damaged
    assert refusal("x.xlsx", empty.getvalue()) == damaged
    assert refusal("x.xlsx", repacked(good, "xl/worksheets/sheet1.xml", lambda xml: xml[:-40])) == damaged
    assert refusal("x.xlsx", repacked(good, "xl/workbook.xml", lambda xml: b"<a/>")) == damaged


def test_entities_that_grow_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    grown = repacked(
        workbook(["code"], ["A"]), "xl/worksheets/sheet1.xml", lambda xml: bomb + xml.replace(b"<v>", b"<v>&b;", 1)
    )
    assert refusal("x.xlsx", grown) == "The file is damaged: it cannot be read as .xlsx."


def test_a_workbook_that_unpacks_to_far_too_much_is_not_unpacked() -> None:
    far_too_much = "The file would unpack to far more than a table needs; it is not read."
    good = workbook(["code"], ["A"])
    dense = repacked(good, "xl/styles.xml", lambda xml: xml + b" " * 6 * MEGABYTE)
    assert refusal("x.xlsx", dense) == far_too_much


def test_a_file_that_is_too_large_is_not_even_read() -> None:
    class Unread(SimpleUploadedFile):
        def read(self, *args: Any) -> bytes:
            raise AssertionError("read")

    upload = Unread("x.csv", b"code\nA")
    upload.size = tables.MAX_SIZE + 1
    with pytest.raises(TableError, match="larger than 20 MB"):
        read_upload(upload, ["code"])
    assert read_upload(SimpleUploadedFile("x.csv", b"code\nA"), ["code"]) == [Row(2, {"code": "A"})]
