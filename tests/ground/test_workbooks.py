"""Workbooks made to take memory and time: they take it from a process of their own, and little of it."""

import io
import os
import resource
import zipfile
from collections.abc import Callable, Iterator

import pytest
from xlsxwriter import Workbook

from cases.ground import tables, uploaded_workbook, workbook
from cases.ground.archives import MEGABYTE
from cases.ground.cells import TableError
from cases.ground.tables import Row, read_table
from tests.ground.test_tables import repacked
from tests.ground.test_tables import workbook as made

pytestmark = pytest.mark.slow
TOO_MUCH = "The file would unpack to far more than a table needs; it is not read."
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
LARGEST = 300 * MEGABYTE
"""That this process may grow by; what a workbook unpacks to would be more."""


def refusal(content: bytes) -> str:
    with pytest.raises(TableError) as refused:
        read_table("x.xlsx", content, ["code"])
    return refused.value.sentence


def with_strings() -> bytes:
    """A workbook whose texts are shared, as Excel writes them."""
    file = io.BytesIO()
    with Workbook(file) as book:
        book.add_worksheet().write_column(0, 0, ["code", "A"])
    return file.getvalue()


def inside(xml: bytes, closing: bytes, more: bytes) -> bytes:
    return xml.replace(closing, more + closing)


def padded(content: bytes) -> bytes:
    """With a picture that packs badly, so that the whole is no denser than other workbooks."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/media/picture.png", os.urandom(2 * MEGABYTE))
    return out.getvalue()


HOSTILE: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "millions of empty shared strings": (STRINGS, lambda xml: inside(xml, b"</sst>", b"<si/>" * 15_000_000)),
    "one member beyond its limit": (STRINGS, lambda xml: inside(xml, b"</sst>", b" " * workbook.TABLE[0])),
    "styles as large as a table": (STYLES, lambda xml: xml + b" " * workbook.REST[0]),
    "millions of styles": (STYLES, lambda xml: inside(xml, b"</cellXfs>", b"<xf/>" * 1_500_000)),
    "strings inside of one another": (STRINGS, lambda xml: inside(xml, b"</sst>", b"<si>" * 2_900_000)),
}


@pytest.fixture(autouse=True)
def memory() -> Iterator[None]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < LARGEST


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_with_a_sentence(name: str) -> None:
    member, change = HOSTILE[name]
    content = padded(repacked(with_strings(), member, change))
    assert 2 * MEGABYTE < len(content) < tables.MAX_SIZE
    assert read_table("x.xlsx", with_strings(), ["code"]) == [Row(2, {"code": "A"})]
    assert refusal(content) in (TOO_MUCH, "The file is damaged: it cannot be read as .xlsx.")


def test_a_workbook_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploaded_workbook, "PATIENCE", 0.01)
    assert refusal(made(["code"], ["A"])) == TOO_MUCH
    monkeypatch.undo()
    assert read_table("x.xlsx", made(["code"], ["A"]), ["code"]) == [Row(2, {"code": "A"})]


def test_a_table_of_contents_with_hundreds_of_thousands_of_members_is_not_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(30_000):
            archive.writestr(f"{number}", b"")
    assert refusal(out.getvalue()) == "The file is damaged: it cannot be read as .xlsx."


def test_a_full_table_is_within_all_limits() -> None:
    columns = [f"c{number}" for number in range(workbook.MAX_COLUMNS)]
    content = made(["code", *columns[1:]], *([f"text {row}-{place}" for place in range(50)] for row in range(2_000)))
    assert len(read_table("x.xlsx", content, ["code"])) == 2_000


def test_the_child_has_nothing_of_ours_and_ends_with_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    children = []
    popen = uploaded_workbook.subprocess.Popen

    def noted(*args: object, **options: object) -> object:
        children.append((popen(*args, **options), options))  # type: ignore[call-overload]
        return children[-1][0]

    monkeypatch.setattr(uploaded_workbook.subprocess, "Popen", noted)
    assert "formula" in refusal(made(["code"], ["=A1"], *(["A"] for _row in range(5_000))))
    [(child, options)] = children
    assert options["env"] == {}
    assert child.returncode is not None
