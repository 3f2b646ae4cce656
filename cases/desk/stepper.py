"""Where a case is on its way: the states that it passed with their dates, the present one, and those ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from workflow.case import Case


@dataclass(frozen=True)
class StepShown:
    """One step; `status` is done, now or todo."""

    label: str
    note: str
    status: str


def steps_of(case: Case, way: Sequence[str], entered: Mapping[str, date | None], due: date | None) -> list[StepShown]:
    """`entered` says when the case came into each state, `due` when the present step is expected to end.

    A state beside the way is shown where the case is in it. Of an ended case only the steps that it took are shown.
    """
    state = str(case.follow("state"))
    steps = [str(step) for step in way]
    if state not in steps:
        passed = [place for place, step in enumerate(steps) if entered.get(step)]
        steps.insert(max(passed, default=-1) + 1, state)
    is_ended = state in case.ended_states()
    if is_ended:
        steps = [step for step in steps if step == state or entered.get(step)]
    here = steps.index(state)
    return [
        _shown(case, step, entered.get(step), place - here, None if is_ended else due)
        for place, step in enumerate(steps)
    ]


def _shown(case: Case, step: str, day: date | None, ahead: int, due: date | None) -> StepShown:
    label = str(case.STATES(step).label)
    if ahead > 0:
        return StepShown(label, "", "todo")
    if ahead < 0 or step in case.ended_states():
        return StepShown(label, f"{day:%d.%m.%Y}" if day else "", "done")
    return StepShown(label, _("by %(date)s") % {"date": f"{due:%d.%m.%Y}"} if due else "", "now")
