"""Times calls many times: median and 95th percentile in milliseconds, and the number of queries."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection


@dataclass
class Figure:
    """What was measured of one thing; times in milliseconds."""

    name: str
    queries: int
    p50: float
    p95: float
    runs: int

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def measure(calls: Mapping[str, Sequence[Callable[[], object]]], warm: int = 3) -> Iterator[Figure]:
    """Run each call once and time it, one of each name in turn; of each the first `warm` are not counted.

    In turn, so that whatever else the machine does meanwhile falls on all alike.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    queries = dict.fromkeys(calls, 0)
    for place, round_ in enumerate(zip(*calls.values(), strict=True)):
        for name, call in zip(calls, round_, strict=True):
            spent, asked = _timed(call)
            if place >= warm:
                times[name].append(spent)
                queries[name] = max(queries[name], asked)
    for name, spent_each in times.items():
        p95 = statistics.quantiles(spent_each, n=20)[-1]
        yield Figure(name, queries[name], round(statistics.median(spent_each), 2), round(p95, 2), len(spent_each))


def _timed(call: Callable[[], object]) -> tuple[float, int]:
    counted = _Counter()
    with connection.execute_wrapper(counted):
        start = time.perf_counter()
        call()
        return (time.perf_counter() - start) * 1000, counted.count


class _Counter:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)
