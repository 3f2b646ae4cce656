"""How the cells of an imported table are parsed; an invalid cell gets a sentence that says why."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings
from django.db.models import Choices, TextChoices
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from cases.ground.search import fold
from cases.registry.models.organisations import Language
from workflow.texts import Text

DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


class InvalidCell(Exception):
    """Raised for an invalid cell; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class ImportColumn:
    """One column of a table: its heading, its name for people, its parser and its possible values."""

    name: str
    label: Text
    parse: Callable[[str], object]
    choices: type[TextChoices] | None = None
    is_required: bool = False


def text(cell: str) -> str:
    return cell


def lowered(cell: str) -> str:
    return cell.lower()


def choice_of(choices: type[TextChoices]) -> Callable[[str], str]:
    """The code of a choice, or its name in any of the languages."""

    def parse(cell: str) -> str:
        value = named(choices).get(plain(cell))
        if value is None:
            raise InvalidCell(
                _("“%(text)s” is not known here. Known are: %(values)s.")
                % {"text": _short(cell), "values": ", ".join(choices.values)}
            )
        return value

    return parse


def languages(cell: str) -> list[str]:
    parse = choice_of(Language)
    codes = {parse(part) for part in re.split(r"[,;/\s]+", cell) if part}
    return [code for code in Language.values if code in codes]


def day(cell: str) -> date:
    """2026-11-21 or 21.11.2026."""
    match = DOTTED.fullmatch(cell)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(cell)
    except ValueError:
        raise InvalidCell(
            _("“%(text)s” is not a valid date. Use the form 2026-11-21 or 21.11.2026.") % {"text": _short(cell)}
        ) from None


def printed_date(cell: str) -> str:
    """The date of an act as the registry keeps it; 21.11.2026 becomes 2026-11-21."""
    return day(cell).isoformat() if DOTTED.fullmatch(cell) else cell


@cache
def named(choices: type[Choices]) -> dict[str, str]:
    """What people may write for a value, as `plain()` compares it: the value, or its name in any of the languages."""
    values = {plain(str(value)): str(value) for value in choices.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            values |= {plain(str(label)): str(value) for value, label in choices.choices}
    return values


def _short(cell: str) -> str:
    """A wrong cell as it is repeated in sentences: there may be twenty thousand of them."""
    return Truncator(cell).chars(100)


def plain(label: str) -> str:
    """As names are compared: lower case, letters and digits only."""
    return " ".join(re.findall(r"\w+", fold(label).replace("_", " ")))
