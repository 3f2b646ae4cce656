"""One checkout of Baikoo with one database: does what its standard input asks for, and says how long it took.

Run by bench/__main__.py, in a process of its own; what it imports of Baikoo is the code of the checkout.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench.bulk import Bulk, bulks  # noqa: E402
from bench.data import World, add_recommendations, make_world  # noqa: E402
from bench.operations import Operation, client, operations  # noqa: E402
from cases.followup.models import Recommendation  # noqa: E402
from cases.ground.limits import Process, limit_connections  # noqa: E402


class Queries:
    """Counts the statements of a call."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


def timed(call: Callable[[], object]) -> dict[str, float]:
    """Milliseconds of wall time and of this process's CPU, and the number of queries."""
    queries = Queries()
    with connection.execute_wrapper(queries):
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        spent = {"wall": (time.perf_counter() - wall) * 1000, "cpu": (time.process_time() - cpu) * 1000}
    return {**spent, "queries": queries.count}


class Side:
    """Answers the questions of bench/__main__.py, one line of JSON each."""

    def __init__(self) -> None:
        logging.disable(logging.INFO)
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        self.operations: dict[str, Operation] = {}
        self.bulks: dict[str, Bulk] = {}

    def migrate(self) -> None:
        call_command("migrate", verbosity=0)

    def make_recommendations(self, first: int, last: int) -> None:
        world = make_world() if first == 1 else World.stored()
        add_recommendations(world, first, last)

    def make_monitorings(self, first: int, last: int) -> None:
        _monitorings().make_monitorings(first, last)

    def analyse(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def prepare_recommendations(self, size: int) -> list[list[str]]:
        """The names of the operations, and of those in bulk."""
        world = self._world()
        self.operations, self.bulks = operations(world), bulks(world, size)
        return [list(self.operations), list(self.bulks)]

    def prepare_monitorings(self, _size: int) -> list[list[str]]:
        """The names of the operations, and of acts."""
        world, parts = self._world(), _monitorings()
        self.operations, self.bulks = parts.monitoring_operations(world), parts.monitoring_bulks(world)
        return [list(self.operations), list(self.bulks)]

    def _world(self) -> World:
        limit_connections(Process.WEB)
        call_command("collectstatic", "--noinput", verbosity=0)
        return World.stored()

    def run(self, name: str, turn: int) -> dict[str, float]:
        return timed(lambda: self.operations[name](turn))

    def run_bulk(self, name: str) -> dict[str, float]:
        bulk = self.bulks[name]
        with bulk.undone() as ready:
            return {**timed(lambda: bulk.do(ready)), "rows": bulk.rows}

    def sign_in(self) -> list[str]:
        """The cookie of a coordinator, and the number of a case."""
        person = World.stored().coordinators[0]
        number = Recommendation.objects.exclude(state="draft").values_list("number", flat=True)[7]
        return [f"sessionid={client(person).cookies['sessionid'].value}", number]


def _monitorings() -> Any:
    """Imported when it is asked for: an older checkout may have no monitorings."""
    return import_module("bench.monitorings")


def main() -> None:
    side = Side()
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(getattr(side, name)(*arguments)), flush=True)


if __name__ == "__main__":
    main()
