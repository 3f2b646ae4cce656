"""Rows of the registry as forms write them: the code, by which they are found, and the name that people know."""

from cases.registry.models import Organisation, ProgrammeArea

LONGEST = 340
"""A code, and a name."""
BETWEEN = " – "


def named(row: Organisation | ProgrammeArea) -> str:
    return f"{row.code}{BETWEEN}{row}"


def code_in(text: str) -> str:
    """The code of what may be followed by a name, which does not count."""
    return text.partition(BETWEEN)[0].strip()
