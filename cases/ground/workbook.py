"""Reads the first sheet of an .xlsx in a process of its own, within limits of memory and time.

A program: the workbook comes as standard input, a file; each line of the sheet leaves as one line of JSON, a list of
cells: null, or what it is (see `CellKind`) and its text. The last line is "end" or an object that says what is wrong.
It knows nothing of Django, so it starts quickly and holds no secrets.
"""

import json
import os
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from enum import StrEnum
from typing import IO

MEGABYTE = 1024 * 1024
MEMORY = 768 * MEGABYTE
CPU = 60
"""Seconds of the processor; the largest table that is taken needs about ten."""
LOWEST_LINE = 100_000
MAX_COLUMNS = 50
TABLE_MEMBERS = ("xl/worksheets/", "xl/sharedStrings")
TABLE = (100 * MEGABYTE, 6_000_000)
"""Unpacked size and tags of one such member. A full table has a million cells of four tags each."""
REST = (10 * MEGABYTE, 300_000)
"""Of any other member, such as the styles."""


class CellKind(StrEnum):
    TEXT, FORMULA, ERROR = "t", "f", "e"


Read = tuple[CellKind, str] | None
"""What a cell is, and its text."""


class WorkbookFault(StrEnum):
    DAMAGED, TOO_LARGE = "damaged", "too large"


class TooLarge(Exception):
    """The workbook would take more than a table needs."""


def plain(value: object) -> str:
    """What a cell says, as text: dates as 2026-11-21, new lines as they are, no white space around it."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n").strip(" \n\t\u00a0\ufeff")


def check(file: IO[bytes]) -> None:
    """Raises TooLarge before anything is parsed: openpyxl would hold every shared string and style in memory."""
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels")):
                most, tags = TABLE if member.filename.startswith(TABLE_MEMBERS) else REST
                if member.file_size > most or _has_more_tags(archive, member, tags):
                    raise TooLarge(member.filename)


def lines(file: IO[bytes]) -> Iterator[list[Read]]:
    """One column and one line more than allowed is enough to see that there are too many."""
    import openpyxl  # noqa: PLC0415 - only the child needs it, and it takes a third of a second

    book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    for cells in sheet.iter_rows(max_col=MAX_COLUMNS + 1, max_row=LOWEST_LINE + 1):
        yield [None if cell.value is None else (_kind(cell.data_type), plain(cell.value)) for cell in cells]


def _has_more_tags(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bool:
    count = 0
    with archive.open(member) as content:
        while count <= most and (chunk := content.read(MEGABYTE)):
            count += chunk.count(b"<")
    return count > most


def _kind(data_type: str) -> CellKind:
    return {"f": CellKind.FORMULA, "e": CellKind.ERROR}.get(data_type, CellKind.TEXT)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU + 5))
    os.nice(10)
    end: str | dict[str, str] = "end"
    try:
        check(sys.stdin.buffer)
        for line in lines(sys.stdin.buffer):
            print(json.dumps(line))  # noqa: T201 - what the program is for
    except (TooLarge, MemoryError):
        end = {"fault": WorkbookFault.TOO_LARGE}
    except BrokenPipeError:
        os._exit(0)  # The reader has seen enough.
    except Exception as error:  # A broken workbook makes openpyxl raise nearly anything.
        end = {"fault": WorkbookFault.DAMAGED, "error": f"{type(error).__name__}: {error}"[:200]}
    print(json.dumps(end), flush=True)  # noqa: T201 - what the program is for


if __name__ == "__main__":
    main()
