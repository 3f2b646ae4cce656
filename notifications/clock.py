"""Does what has become due by a date alone, for every kind of case: each case in a transaction of its own.

What is done is due no more, so it may run at any time, late, twice, or in several workers at once.
"""

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError

from cases.desk.kinds import ClockAct, kinds
from cases.ground.clock import database_now
from workflow.door import Refused
from workflow.terms import legal_date

log = logging.getLogger(__name__)

EVERY = 3600
"""Seconds between two rounds."""


def run_clock(at: datetime | None = None) -> int:
    """Everything that is due now, or was at the moment `at`; returns how many cases were acted on."""
    moment = at or database_now()
    return sum(_do_all(act, moment) for kind in kinds().values() for act in kind.clock)


def _do_all(act: ClockAct, at: datetime) -> int:
    """The rows are read again one by one: what one act changes may concern the next."""
    due = act.due(legal_date(at))
    return sum(_do(act, due.model, pk, at) for pk in list(due.order_by("pk").values_list("pk", flat=True)))


def _do(act: ClockAct, model: type, pk: int, at: datetime) -> bool:
    """Whether it was done. A failure is logged and tried again in the next round; no other case waits for it."""
    case = model._base_manager.get(pk=pk)  # type: ignore[attr-defined]
    try:
        act.do(case, at)
    except Refused as refused:
        log.info("%s: '%s' is not due any more: %s", case, act.action, refused.sentence)
    except (InterfaceError, OperationalError):
        raise  # The database is away, for the others as well.
    except Exception:
        log.exception("%s: '%s' is due, but could not be done.", case, act.action)
    else:
        return True
    return False
