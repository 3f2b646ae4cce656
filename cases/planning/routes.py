"""Routes as data: who agrees and who approves, read from the cells of a table, and written in the same words.

`>` begins a next step, `+` joins those who are asked at once. All of them have to agree, unless it says
`any(a + b)`, or `2 of (a + b + c)`. `contractor_expert + contractor_expert` are two experts who are named for each
deliverable before it is submitted, and who both give their conclusion.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from workflow.lifecycles.deliverable import ANSWERING, REVIEWER
from workflow.rounds.routes import Mode

ANY = re.compile(r"any\s*\(([^()]*)\)")
SOME = re.compile(r"(\d+)\s+of\s*\(([^()]*)\)")


CONCLUDING = [REVIEWER, REVIEWER]
"""The roles of the one step in which experts may be asked (REG-11.1c)."""


class WrongLine(ValueError):
    """A line of the table cannot be read; the text says why."""


@dataclass(frozen=True)
class PlannedStep:
    """The roles that are asked at once, and how many of them have to agree."""

    roles: Sequence[str]
    mode: str = Mode.ALL
    quorum: int = 0

    def __str__(self) -> str:
        roles = " + ".join(self.roles)
        return {Mode.ALL: roles, Mode.ANY: f"any({roles})", Mode.QUORUM: f"{self.quorum} of ({roles})"}[Mode(self.mode)]


def read_route(text: str, known: Sequence[str] = ANSWERING) -> list[PlannedStep]:
    """The steps, of these roles alone; none of an empty text. Raises WrongLine."""
    return [_step(part.strip(), known) for part in text.split(">")] if text.strip() else []


def written(steps: Sequence[PlannedStep]) -> str:
    """The text that `read_route()` reads as these steps."""
    return " > ".join(map(str, steps))


def _step(text: str, known: Sequence[str]) -> PlannedStep:
    if match := ANY.fullmatch(text):
        return PlannedStep(list(_roles(match[1], known)), Mode.ANY)
    if match := SOME.fullmatch(text):
        roles, quorum = list(_roles(match[2], known)), int(match[1])
        if not 1 <= quorum <= len(roles):
            raise WrongLine(_("“%(step)s”: %(quorum)d of %(n)d cannot agree.") % {
                "step": text, "quorum": quorum, "n": len(roles)
            })  # fmt: skip
        return PlannedStep(roles, Mode.QUORUM, quorum)
    return PlannedStep(list(_roles(text, known)))


def _roles(text: str, known: Sequence[str]) -> Iterator[str]:
    for role in text.split("+"):
        if role.strip() not in known:
            raise WrongLine(_("“%(role)s” cannot agree or approve. Use: %(known)s.") % {
                "role": role.strip(), "known": ", ".join(known)
            })  # fmt: skip
        yield role.strip()
