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
from workflow.door import perform
from workflow.many import perform_many
from workflow.terms import legal_date

ROUNDS = 203
"""The first three only warm up."""
ROW = (
    "SELECT r.*, o.code, o.name, u.full_name FROM followup_recommendation r JOIN registry_organisation o ON"
    " o.id = r.institution_id LEFT JOIN registry_user u ON u.id = r.coordinator_id"
)


def pages(world: World) -> Iterator[Figure]:
    """Inbox, list, search and case page, each asked for by different people."""
    choose = random.Random(1)
    today = legal_date()
    middle = Recommendation.objects.order_by("-id").values_list("pk", flat=True)[Recommendation.objects.count() // 2]
    coordinators = [choose.choice(world.coordinators) for _ in range(ROUNDS)]
    heads = [choose.choice(world.heads) for _ in range(ROUNDS)]
    leaders = [world.leader] * ROUNDS
    cases = "/recommendations/"
    place = f"{cases}?institution=i-{choose.randrange(300):03d}&state=open&sort=due"
    deep = f"{cases}?sort=due&after={today - timedelta(days=200)}_{middle}"
    numbers = _numbers(choose, ROUNDS)
    yield from measure(
        {
            "inbox, coordinator": _gets(coordinators, "/"),
            "inbox, institution": _gets(heads, "/"),
            "inbox, ministry, waiting": _gets(leaders, "/?show=waiting"),
            "list, first page, coordinator": _gets(coordinators, cases),
            "list, first page, ministry": _gets(leaders, cases),
            "list, first page, institution": _gets(heads, cases),
            "list, filtered by state and risk": _gets(coordinators, f"{cases}?state=in_progress&risk=high&sort=due"),
            "list, overdue by due date": _gets(leaders, f"{cases}?overdue=on&sort=due"),
            "list, one institution": _gets(leaders, place),
            "list, deep page by number": _gets(leaders, f"{cases}?after=_{middle}"),
            "list, deep page by due date": _gets(leaders, deep),
            "search, common word": _gets(coordinators, f"{cases}?q=мониторинг"),
            "search, two words, folded": _gets(leaders, f"{cases}?q=орт+коопсуздугу"),
            "search, number": [_get(world.leader, f"{cases}?q={number}") for number in numbers],
            "case page, coordinator": [_get(world.coordinators[0], f"{cases}{number}/") for number in numbers],
        }
    )


def acts(world: World) -> Iterator[Figure]:
    """`perform()` beside a bare get-and-save of other rows like them, by people whose roles are known, as on a page."""
    rows = list(Recommendation.objects.filter(state="claimed").values_list("pk", flat=True)[: 2 * ROUNDS])
    people = {one.pk: one for one in world.coordinators if one.role_map}
    yield from measure(
        {
            "get and save": [partial(_get_and_save, pk) for pk in rows[::2]],
            "perform()": [partial(_perform, pk, people) for pk in rows[1::2]],
        }
    )


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
    yield from measure({name: [_runs(*statement)] * ROUNDS for name, statement in statements.items()})


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
