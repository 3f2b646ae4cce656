"""What a route is: steps that follow one another, and in each the seats that are asked at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Mode(TextChoices):
    """When a step is settled. One return settles the whole round."""

    ALL = "all", _("all agree")
    ANY = "any", _("one of them agrees")
    QUORUM = "quorum", _("a certain number of them agree")


class Answer(TextChoices):
    """What a seat says."""

    AGREED = "agreed", _("Agreed")
    WITH_REMARKS = "with_remarks", _("Agreed with remarks")
    RETURNED = "returned", _("Returned")
    NOT_NEEDED = "not_needed", _("No longer needed")


class RoundOutcome(TextChoices):
    """How a round ended."""

    OPEN = "", _("Under way")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    RECALLED = "recalled", _("Recalled")


AGREEING = frozenset({Answer.AGREED, Answer.WITH_REMARKS})


@dataclass(frozen=True)
class PlannedSeat:
    """Who is asked: a role in an organisation, or one person who holds it there; `days` are working days to answer."""

    role: str
    organisation_id: int
    days: int
    person_id: int | None = None


@dataclass(frozen=True)
class RoundStep:
    """Seats that are asked at once. The seats of an `approves` step decide; those of the others agree."""

    seats: Sequence[PlannedSeat]
    mode: str = Mode.ALL
    quorum: int = 0
    approves: bool = False

    def __post_init__(self) -> None:
        if not self.seats:
            raise ValueError("A step needs a seat.")
        if self.mode == Mode.QUORUM and not 1 <= self.quorum <= len(self.seats):
            raise ValueError(f"{self.quorum} of {len(self.seats)} cannot agree.")

    @property
    def rule(self) -> str:
        """What is done in it, and when it is settled, in words."""
        return rule_of(self.mode, self.quorum, len(self.seats), approves=self.approves)


Route = Sequence[RoundStep]


def rule_of(mode: str, quorum: int, seats: int, *, approves: bool) -> str:
    """What a step of so many seats does, and when it is settled, in words."""
    what = gettext("approval") if approves else gettext("agreement")
    if seats == 1:
        return what
    rule = {
        Mode.ALL: gettext("%(what)s: %(n)d are asked at once, all have to agree"),
        Mode.ANY: gettext("%(what)s: %(n)d are asked at once, one is enough"),
        Mode.QUORUM: gettext("%(what)s: %(n)d are asked at once, %(quorum)d have to agree"),
    }[Mode(mode)]
    return rule % {"what": what, "n": seats, "quorum": quorum}


def needed(mode: str, quorum: int, seats: int) -> int:
    """How many of the seats of a step have to agree."""
    return {Mode.ALL: seats, Mode.ANY: 1, Mode.QUORUM: quorum}[Mode(mode)]
