"""What a cell of an uploaded table may contain, and how large a table may be, whatever its format."""

import re

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from cases.ground.workbook import LOWEST_LINE, MAX_COLUMNS, plain

MAX_ROWS = 20_000
WIDEST_LINE = 16_384
"""Cells of a row. Empty ones at the end do not count as columns, but nothing beyond this many is looked at."""
LONGEST_CELL = 32_767
"""Characters, as in Excel."""
FORMULA = re.compile(r"\A(?:[=@]|[+-]\S*[A-Za-z][(|!])")
"""How a text begins that a spreadsheet would run; "+996 555 …" and "- text" are none."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class TableError(Exception):
    """The file cannot be read; `sentence` says why, and where."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def text_of(value: object, row: int, column: int) -> str:
    """A cell as text; control characters and formulas are refused with their place."""
    text = clean(value, row, column)
    if FORMULA.match(text):
        raise formula_error(row, column)
    return text


def clean(value: object, row: int, column: int) -> str:
    text = plain(value)
    if len(text) > LONGEST_CELL:
        raise TableError(
            _("Row %(row)d, column %(column)s: the text has more than %(most)d characters.")
            % {"row": row, "column": get_column_letter(column), "most": LONGEST_CELL}
        )
    if CONTROL.search(text):
        raise TableError(
            _("Row %(row)d, column %(column)s: there is a control character, which no text should have.")
            % {"row": row, "column": get_column_letter(column)}
        )
    return text


def formula_error(row: int, column: int) -> TableError:
    return TableError(
        _("Row %(row)d, column %(column)s: there is a formula. Replace it by its value.")
        % {"row": row, "column": get_column_letter(column)}
    )


def check_extent(row: int, cells: int) -> None:
    if row > LOWEST_LINE:
        raise TableError(_("The table has more than %(rows)d rows. Split it.") % {"rows": MAX_ROWS})
    if cells > WIDEST_LINE:
        raise TableError(_("The table has more than %(columns)d columns.") % {"columns": MAX_COLUMNS})
