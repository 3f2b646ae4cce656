"""Runs the measurements at each size, prints them, and leaves them in var/bench.json."""

import json
import os
import platform
import time
from datetime import UTC, datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBUG", "false")
os.environ.setdefault("SECRET_KEY", "only-for-measuring")
os.environ.setdefault("HTTPS", "false")
os.environ.setdefault("ALLOWED_HOSTS", "testserver")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("EMAIL_URL", "console:")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench.data import add_recommendations, make_world  # noqa: E402
from bench.measure import Figure  # noqa: E402
from bench.pages import acts, by_hand, issue_many, pages  # noqa: E402
from workflow.lifecycles.recommendation import State  # noqa: E402

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "10000,100000,1000000").split(",")]
DRAFTS = 10_000
FIRST_DRAFT = 1_000_001


def main() -> None:
    """In a database of its own, which is made anew and removed again."""
    call_command("collectstatic", "--noinput", verbosity=0)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        _measure_all()
    finally:
        connection.creation.destroy_test_db(str(settings.DATABASES["default"]["NAME"]), verbosity=0)


def _measure_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    result: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "postgresql": version},
        "sizes": {},
    }
    world, there, drafts = make_world(), 0, FIRST_DRAFT
    for size in SIZES:
        start = time.perf_counter()
        add_recommendations(world, there + 1, size)
        there = size
        print(f"\n{size:,} recommendations (written in {time.perf_counter() - start:.0f} s)")
        result["sizes"][size] = _measure(world, drafts)
        drafts += DRAFTS
        _keep(result)
    _compare(result)


def _measure(world: Any, drafts: int) -> dict[str, Any]:
    found: dict[str, Any] = {"pages": {}, "by_hand": {}}
    for kind, figures in (("pages", pages(world)), ("by_hand", by_hand(world)), ("pages", acts(world))):
        for figure in figures:
            found[kind][figure.name] = figure.as_row()
            _print(figure, kind)
    add_recommendations(world, drafts, drafts + DRAFTS - 1, State.DRAFT)
    found["perform_many"] = issue_many(world, drafts)
    print(f"  perform_many(): {found['perform_many']}")
    return found


def _print(figure: Figure, kind: str) -> None:
    by_hand = " (by hand)" if kind == "by_hand" else ""
    print(
        f"  {figure.name + by_hand:<46} {figure.queries:>3} queries  p50 {figure.p50:>8.2f}  p95 {figure.p95:>8.2f} ms"
    )


def _compare(result: dict[str, Any]) -> None:
    first, last = (result["sizes"][size]["pages"] for size in (SIZES[0], SIZES[-1]))
    print("\nThe largest beside the smallest (p95):")
    for name, figure in last.items():
        print(f"  {name:<46} {figure['p95'] / first[name]['p95']:.2f} times, {figure['p95']:.1f} ms")
    print(f"perform() is {last['perform()']['p50'] / last['get and save']['p50']:.1f} times get-and-save (p50)")


def _keep(result: dict[str, Any]) -> None:
    path = settings.VAR_DIR / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False))


main()
