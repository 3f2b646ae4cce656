"""Times one call many times: median and 95th percentile in milliseconds, and the number of queries."""

import statistics
import time
from collections.abc import Callable, Iterable
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


def measure(name: str, calls: Iterable[Callable[[], object]], warm: int = 3) -> Figure:
    """Run each call once and time it; the first `warm` are not counted."""
    times: list[float] = []
    queries = 0
    for place, call in enumerate(calls):
        counted = _Counter()
        with connection.execute_wrapper(counted):
            start = time.perf_counter()
            call()
            spent = (time.perf_counter() - start) * 1000
        if place >= warm:
            times.append(spent)
            queries = max(queries, counted.count)
    p95 = statistics.quantiles(times, n=20)[-1]
    return Figure(name, queries, round(statistics.median(times), 2), round(p95, 2), len(times))


class _Counter:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)
