"""What is measured, by name: each takes the number of the round, so that many people and cases have their turn."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import cache, partial
from itertools import combinations
from typing import Any

from django.db import connection, transaction
from django.template import engines
from django.test import Client

from bench.data import World
from cases.followup.models import Recommendation
from cases.registry.models import User
from workflow.door import perform
from workflow.terms import legal_date

Operation = Callable[[int], object]
CASES = "/recommendations/"
FILTERS = ("state=open", "state=in_progress", "state=verified", "state=draft", "risk=high", "classification=condition",
           "region=osh", "priority=on", "mine=on", "overdue=on", "sort=due", "sort=due_last")  # fmt: skip
WORDS = {
    "common": "мониторинг",
    "rare": "орт коопсуздугу",
    "common and rare": "талаптар 123",
    "two common": "лицензиялык мониторинг",
    "never meeting": "мониторинг рейтинг",
    "three letters": "м о ж",
}
ROW = (
    "SELECT r.number, r.version, r.state, r.risk, r.is_priority, r.current_due, o.name_ky, t.text"
    " FROM followup_recommendation r JOIN registry_organisation o ON o.id = r.institution_id"
    " JOIN followup_recommendationtext t ON t.recommendation_id = r.id"
)
BY_HAND = {
    "list, first page, ministry": f"{ROW} ORDER BY r.id DESC LIMIT 51",
    "list, filtered by state and risk": f"{ROW} WHERE r.department_id = %(department)s AND r.state = 'in_progress'"
    " AND r.risk = 'high' ORDER BY r.current_due, r.id LIMIT 51",
    "search, rare": f"{ROW} WHERE r.search_vector @@ to_tsquery('simple', 'орт:* & коопсуздугу:*')"
    " ORDER BY r.id DESC LIMIT 51",
    "inbox, institution": "SELECT * FROM workflow_expectation WHERE closed_at IS NULL AND organisation_id = %(head)s"
    " AND role = 'institution_head' ORDER BY due, id LIMIT 51",
}
BARE = """<!doctype html><html><body><table>{% for number, version, state, risk, priority, due, name, text in rows %}
<tr><td><a href="/recommendations/{{ number }}/">{{ number }}</a></td><td>{{ text }}</td><td>{{ name }}</td>
<td>{{ risk }}</td><td>{{ state }}</td><td>{{ due }}</td></tr>{% endfor %}</table></body></html>"""


def operations(world: World) -> dict[str, Operation]:
    choose = random.Random(1)
    return {
        **pages(world, choose),
        **searches(world),
        **{f"filters {both}": gets([world.coordinators[7]], f"{CASES}?{both}") for both in pairs()},
        **{f"by hand: {name}": partial(_run, sql, world) for name, sql in BY_HAND.items()},
        "bare Django page of the list": partial(_bare, world),
        **acts(world),
    }


def pages(world: World, choose: random.Random) -> dict[str, Operation]:
    numbers, first, anybody = list(_numbers(choose)), client(world.coordinators[0]), Client()
    heads = choose.sample(world.heads, 20)
    middle = Recommendation.objects.order_by("-id").values_list("pk", flat=True)[Recommendation.objects.count() // 2]
    deep = f"{legal_date() - timedelta(days=200)}_{middle}"
    lists = {
        "first page, coordinator": (world.coordinators, ""),
        "first page, ministry": ([world.leader], ""),
        "first page, institution": (heads, ""),
        "filtered by state and risk": (world.coordinators, "state=in_progress&risk=high&sort=due"),
        "overdue by due date": ([world.leader], "overdue=on&sort=due"),
        "mine, overdue, by due date": (world.coordinators, "mine=on&overdue=on&sort=due"),
        "one institution": ([world.leader], "institution=i-007&state=open&sort=due"),
        "due in one month": ([world.leader], f"due_from={legal_date()}&due_to={legal_date() + timedelta(days=30)}"),
        "deep page by number": ([world.leader], f"after=_{middle}"),
        "deep page by due date": ([world.leader], f"sort=due&after={deep}"),
    }
    return {
        "sign-in page": lambda _turn: _ask(anybody, "/login/"),
        "inbox, coordinator": gets(world.coordinators, "/"),
        "inbox, institution": gets(heads, "/"),
        "inbox, ministry, waiting": gets([world.leader], "/?show=waiting"),
        **{f"list, {name}": gets(people, f"{CASES}?{query}") for name, (people, query) in lists.items()},
        "case page, coordinator": lambda turn: _ask(first, f"{CASES}{numbers[turn % len(numbers)]}/"),
    }


def searches(world: World) -> dict[str, Operation]:
    found = {f"search, {name}": gets([world.leader], f"{CASES}?q={words}") for name, words in WORDS.items()}
    by_due = {
        f"search, {name}, by due date": gets([world.leader], f"{CASES}?q={words}&sort=due")
        for name, words in WORDS.items()
    }
    return {**found, **by_due}


def pairs() -> Iterator[str]:
    """Each filter alone, and each two that do not name the same field."""
    yield from FILTERS
    for one, other in combinations(FILTERS, 2):
        if one.split("=")[0] != other.split("=")[0]:
            yield f"{one}&{other}"


def acts(world: World) -> dict[str, Operation]:
    """`perform()`, and a bare get-and-save of other rows like them, by people whose roles are known, as on a page."""
    rows = list(Recommendation.objects.filter(state="claimed").values_list("pk", flat=True)[:1000])
    people = {person.pk: person for person in world.coordinators if person.role_map}
    return {
        "get and save": lambda turn: _get_and_save(rows[2 * turn % len(rows)]),
        "perform()": lambda turn: _perform(rows[(2 * turn + 1) % len(rows)], people),
    }


def gets(people: Sequence[User], url: str) -> Operation:
    browsers = [client(person) for person in people]
    return lambda turn: _ask(browsers[turn % len(browsers)], url)


@cache
def client(person: User) -> Client:
    """A browser in which the person is signed in; loading the middleware is not part of its first page."""
    browser = Client()
    browser.handler.load_middleware()
    browser.force_login(person)
    return browser


def _ask(browser: Client, url: str) -> None:
    response = browser.get(url)
    if response.status_code != 200:
        raise RuntimeError(f"{url}: {response.status_code}")


def _run(sql: str, world: World, _turn: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"department": world.department.pk, "head": world.institutions[7]})
        return cursor.fetchall()


def _bare(world: World, turn: int) -> str:
    """The rows of the first page by one template without forms, by hand-written SQL."""
    return _bare_template().render({"rows": _run(BY_HAND["list, first page, ministry"], world, turn)})


@cache
def _bare_template() -> Any:
    return engines["django"].from_string(BARE)


def _numbers(choose: random.Random) -> Iterator[str]:
    highest = Recommendation.objects.order_by("-id").values_list("pk", flat=True)[0]
    for _place in range(200):
        rows = Recommendation.objects.filter(pk__gte=choose.randrange(highest - 100)).exclude(state="draft")
        yield rows.order_by("pk").values_list("number", flat=True)[0]


def _get_and_save(pk: int) -> None:
    with transaction.atomic():
        row = Recommendation.objects.get(pk=pk)
        row.controller = "-"
        row.save()


def _perform(pk: int, people: dict[int, User]) -> None:
    """Undone, as a claim is refused but once."""
    row = Recommendation.objects.get(pk=pk)
    with transaction.atomic():
        perform(row, "not_confirmed", by=people[row.coordinator_id or 0], reason="Evidence is missing (demo)")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
