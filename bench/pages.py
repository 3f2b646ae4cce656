"""What is measured: pages as people ask for them, acts, and hand-written SQL for the same rows beside them."""

import itertools
import random
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.test import Client

from bench.data import World
from bench.measure import Figure, measure
from cases.followup.models import Recommendation
from cases.registry.models import User
from workflow.calendar import legal_date
from workflow.lifecycle import perform, perform_many

RUNS = 200
ROW = (
    "SELECT r.*, o.code, o.name, u.full_name FROM followup_recommendation r JOIN registry_organisation o ON"
    " o.id = r.institution_id LEFT JOIN registry_user u ON u.id = r.coordinator_id"
)


def pages(world: World) -> Iterator[Figure]:
    """Inbox, list, search and case page, each asked for by different people."""
    choose = random.Random(1)
    today = legal_date()
    middle = Recommendation.objects.order_by("-id").values_list("pk", flat=True)[Recommendation.objects.count() // 2]
    coordinators = [choose.choice(world.coordinators) for _ in range(RUNS + 3)]
    heads = [choose.choice(world.heads) for _ in range(RUNS + 3)]
    leaders = [world.leader] * (RUNS + 3)
    yield measure("inbox, coordinator", _gets(coordinators, "/"))
    yield measure("inbox, institution", _gets(heads, "/"))
    yield measure("inbox, ministry, waiting", _gets(leaders, "/?show=waiting"))
    yield measure("list, first page, coordinator", _gets(coordinators, "/recommendations/"))
    yield measure("list, first page, ministry", _gets(leaders, "/recommendations/"))
    yield measure("list, first page, institution", _gets(heads, "/recommendations/"))
    filters = "state=in_progress&risk=high&sort=due"
    yield measure("list, filtered by state and risk", _gets(coordinators, f"/recommendations/?{filters}"))
    yield measure("list, overdue by due date", _gets(leaders, "/recommendations/?overdue=on&sort=due"))
    place = f"/recommendations/?institution=i-{choose.randrange(300):03d}&state=open&sort=due"
    yield measure("list, one institution", _gets(leaders, place))
    yield measure("list, deep page by number", _gets(leaders, f"/recommendations/?after=_{middle}"))
    deep = f"/recommendations/?sort=due&after={today - timedelta(days=200)}_{middle}"
    yield measure("list, deep page by due date", _gets(leaders, deep))
    yield measure("search, common word", _gets(coordinators, "/recommendations/?q=мониторинг"))
    yield measure("search, two words, folded", _gets(leaders, "/recommendations/?q=орт+коопсуздугу"))
    numbers = _numbers(choose, RUNS + 3)
    yield measure("search, number", [_get(world.leader, f"/recommendations/?q={number}") for number in numbers])
    yield measure(
        "case page, coordinator", [_get(world.coordinators[0], f"/recommendations/{one}/") for one in numbers]
    )


def acts(world: World) -> Iterator[Figure]:
    """`perform()` beside a bare get-and-save of the same rows, by people whose roles are known, as on a page."""
    rows = list(Recommendation.objects.filter(state="claimed").values_list("pk", flat=True)[: 2 * (RUNS + 3)])
    people = {one.pk: one for one in world.coordinators if one.role_map}
    bare, acted = rows[::2], rows[1::2]
    yield measure("get and save", [partial(_get_and_save, pk) for pk in bare])
    yield measure("perform()", [partial(_perform, pk, people) for pk in acted])


def issue_many(world: World, first: int) -> dict[str, float]:
    """Seconds that issuing the drafts from number `first` on takes, all by one coordinator."""
    drafts = Recommendation.objects.filter(
        state="draft", draft_number__gte=f"D-2026-{first}", draft_number__regex=r"\d{7}"
    )
    drafts.update(coordinator=world.coordinators[0])
    start = time.perf_counter()
    outcome = perform_many(drafts, "issue", by=User.objects.get(pk=world.coordinators[0].pk))
    seconds = time.perf_counter() - start
    return {"issued": len(outcome.events), "refused": len(outcome.refused), "seconds": round(seconds, 2)}


def by_hand(world: World) -> Iterator[Figure]:
    """The rows of the pages by hand-written SQL, one statement each."""
    head, department = world.institutions[7], world.department.pk
    statements: dict[str, tuple[str, list[Any]]] = {
        "list, first page, ministry": (f"{ROW} ORDER BY r.id DESC LIMIT 51", []),
        "list, first page, institution": (
            f"{ROW} WHERE r.institution_id = %s AND r.state <> 'draft' ORDER BY r.id DESC LIMIT 51",
            [head],
        ),
        "list, filtered by state and risk": (
            f"{ROW} WHERE r.department_id = %s AND r.state = 'in_progress' AND r.risk = 'high'"
            " ORDER BY r.current_due, r.id LIMIT 51",
            [department],
        ),
        "search, two words, folded": (
            f"{ROW} WHERE r.search_vector @@ to_tsquery('simple', 'орт:* & коопсуздугу:*') ORDER BY r.id DESC LIMIT 51",
            [],
        ),
        "inbox, institution": (
            "SELECT * FROM workflow_expectation WHERE closed_at IS NULL AND organisation_id = %s"
            " AND role = 'institution_head' ORDER BY due, id LIMIT 51",
            [head],
        ),
    }
    for name, (sql, parameters) in statements.items():
        yield measure(name, [_runs(sql, parameters)] * (RUNS + 3))


def _gets(people: list[User], url: str) -> list[Callable[[], object]]:
    return [_get(person, url) for person in people]


_CLIENTS: dict[int, Client] = {}


def _get(person: User, url: str) -> Callable[[], object]:
    if person.pk not in _CLIENTS:
        _CLIENTS[person.pk] = Client()
        _CLIENTS[person.pk].force_login(person)

    def ask() -> None:
        response = _CLIENTS[person.pk].get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url}: {response.status_code}")

    return ask


def _runs(sql: str, parameters: list[Any]) -> Callable[[], object]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            cursor.fetchall()

    return run


def _numbers(choose: random.Random, count: int) -> list[str]:
    highest = Recommendation.objects.order_by("-id").values_list("pk", flat=True)[0]
    found = (
        Recommendation.objects.filter(pk__gte=choose.randrange(highest)).exclude(state="draft").order_by("pk").first()
        for _ in itertools.count()
    )
    return [one.number for one in itertools.islice((one for one in found if one), count)]


def _get_and_save(pk: int) -> None:
    with transaction.atomic():
        row = Recommendation.objects.get(pk=pk)
        row.controller = "-"
        row.save()


def _perform(pk: int, people: dict[int, User]) -> None:
    row = Recommendation.objects.get(pk=pk)
    person = people[row.coordinator_id or 0]
    perform(row, "not_confirmed", by=person, reason="Evidence is missing (demo)")
