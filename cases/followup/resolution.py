"""Reading a resolution: its items from a table (.csv, .xlsx) or from pasted lines, as they stand, nothing decided."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cases.ground.cells import TableError
from cases.ground.tables import Row

REQUIRED = ("item", "text_ky", "deadline")
MOST_ITEMS = 500
MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
LONGEST_LINE = 20_000
"""Characters of one pasted item."""
LONGEST_DATE = 200
"""Characters of what may be a date with the words around it."""
# They are matched with texts whose runs of white space were made single spaces; every quantifier has an upper bound.
DIGITS = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})$|(?P<d2>\d{1,2})[./](?P<m2>\d{1,2})[./](?P<y2>\d{4})$")
KYRGYZ = re.compile(r"(?P<y>\d{4}) ?[-–]? ?жыл\w{0,9} (?P<d>\d{1,2}) ?[-–]? ?(?P<m>[а-я]{2,20})", re.IGNORECASE)
RUSSIAN = re.compile(r"(?P<d>\d{1,2}) (?P<m>[а-я]{2,20}) (?P<y>\d{4})", re.IGNORECASE)
ITEM = re.compile(r"(?P<item>\d{1,6}(?:\.\d{1,6}){0,9})\.?\)? ")
DASH = re.compile(" [-–—] ")


@dataclass(frozen=True)
class Item:
    """One item as it stands in the source; dates as printed when they cannot be read."""

    row: int
    item: str
    text_ky: str
    addressees: str = ""
    deadline: str = ""
    interim: str = ""
    controller: str = ""
    note: str = ""
    text_ru: str = ""
    text_en: str = ""


def items_of_table(rows: Iterable[Row]) -> list[Item]:
    """The items of a table with the columns item, text_ky, addressees_ky, deadline and so on. Raises TableError."""
    items = [_item(row) for row in rows]
    _check_number(items)
    return items


def items_of_text(text: str) -> list[Item]:
    """The items of pasted lines, each "item text - addressees - deadline"; what is missing stays empty.

    Raises TableError.
    """
    lines = [(number, " ".join(line.split())) for number, line in enumerate(text.splitlines(), start=1)]
    items = [_line(number, line) for number, line in lines if line]
    _check_number(items)
    return items


def parse_date(text: str) -> date | None:
    """2025-09-10, 10.09.2025, “2025-жылдын 10-сентябрына чейин” or «до 10 сентября 2025 года»; None when it is none."""
    stripped = " ".join(text[:LONGEST_DATE].split()).rstrip(".;,")
    if len(text) > LONGEST_DATE:
        return None
    match = DIGITS.match(stripped)
    if match:
        groups = match.groupdict()
        return _date(groups["y"] or groups["y2"], groups["m"] or groups["m2"], groups["d"] or groups["d2"])
    match = KYRGYZ.search(stripped) or RUSSIAN.search(stripped)
    month = _month(match["m"]) if match else 0
    return _date(match["y"], str(month), match["d"]) if match and month else None


def _item(row: Row) -> Item:
    cells = row.cells
    return Item(
        row=row.number,
        item=cells.get("item", ""),
        text_ky=cells.get("text_ky", ""),
        addressees=cells.get("addressees_ky", "") or cells.get("addressees", ""),
        deadline=cells.get("deadline", ""),
        interim=cells.get("interim_deadline", ""),
        controller=cells.get("controller_ky", "") or cells.get("controller", ""),
        note=cells.get("note", ""),
        text_ru=cells.get("text_ru", ""),
        text_en=cells.get("text_en", ""),
    )


def _line(number: int, line: str) -> Item:
    if len(line) > LONGEST_LINE:
        raise TableError(
            _("Line %(line)d has more than %(most)d characters. Split it.") % {"line": number, "most": LONGEST_LINE}
        )
    match = ITEM.match(line)
    item, rest = (match["item"], line[match.end() :]) if match else ("", line)
    parts = DASH.split(rest)
    deadline = parts.pop() if len(parts) > 1 and (parse_date(parts[-1]) or len(parts) > 2) else ""
    addressees = parts.pop() if len(parts) > 1 else ""
    return Item(row=number, item=item, text_ky=" - ".join(parts), addressees=addressees, deadline=deadline)


def _check_number(items: list[Item]) -> None:
    if not items:
        raise TableError(_("There is no item in it."))
    if len(items) > MOST_ITEMS:
        raise TableError(_("There are more than %(most)d items. Import them in parts.") % {"most": MOST_ITEMS})


def _month(word: str) -> int:
    lower = word.lower()
    starts = [number for number, start in enumerate(MONTHS, start=1) if lower.startswith(start)]
    return starts[0] if starts else 0


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
