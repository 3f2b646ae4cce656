"""Where a case is on its way: the states that it passed with their dates, the present one, and those ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cases.desk.kinds import StepDates
from workflow.case import Case


@dataclass(frozen=True)
class StepShown:
    """One step: behind, the present one, or ahead."""

    label: str
    note: str = ""
    is_done: bool = False
    is_present: bool = False


def steps_of(case: Case, way: Sequence[str], dates: StepDates, due: date | None) -> list[StepShown]:
    """`due` says when the present step is expected to end.

    A state off the way is shown where the case is in it. Of an ended case only the steps that it took are shown.
    """
    state, entered = str(case.follow("state")), dates.entered
    steps = [str(step) for step in way]
    if state not in steps:
        passed = [place for place, step in enumerate(steps) if entered.get(step)]
        steps.insert(max(passed, default=-1) + 1, state)
    is_ended = state in case.ended_states()
    if is_ended:
        steps = [step for step in steps if step == state or entered.get(step)]
    here = steps.index(state)
    return [_shown(case, step, dates, place - here, None if is_ended else due) for place, step in enumerate(steps)]


def _shown(case: Case, step: str, dates: StepDates, ahead: int, due: date | None) -> StepShown:
    label, day = str(case.STATES(step).label), dates.entered.get(step)
    if ahead > 0:
        planned = dates.planned.get(step)
        return StepShown(label, _("planned %(date)s") % {"date": f"{planned:%d.%m.%Y}"} if planned else "")
    if ahead < 0 or step in case.ended_states():
        return StepShown(label, f"{day:%d.%m.%Y}" if day else "", is_done=True)
    return StepShown(label, _("by %(date)s") % {"date": f"{due:%d.%m.%Y}"} if due else "", is_present=True)
