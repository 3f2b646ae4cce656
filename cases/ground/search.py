"""Text search that forgives Kyrgyz letters, and their order: texts are folded before they are compared."""

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection, models

FOLDED = str.maketrans({"ё": "е", "ө": "о", "ү": "у", "ң": "н"})
AFTER = str.maketrans({"ё": "е\uf8ff", "ң": "н\uf8ff", "ө": "о\uf8ff", "ү": "у\uf8ff"})
"""Written after all words that go on with the plain letter, as the Kyrgyz alphabet has them."""


FEW = 1_000
NEWEST, OFTEN = 2_000, 20
"""What is found so often among the newest rows is found soon in any order."""
FEW_ROWS = f"""
WITH near AS (
    SELECT count(*) FROM (SELECT search_vector FROM {{table}} ORDER BY id DESC LIMIT {NEWEST}) AS newest
    WHERE search_vector @@ to_tsquery('simple', %(query)s)
), found AS MATERIALIZED (
    SELECT id FROM {{table}}
    WHERE search_vector @@ to_tsquery('simple', %(query)s) AND (SELECT count FROM near) < {OFTEN}
)
SELECT (SELECT count FROM near), ARRAY(SELECT id FROM found LIMIT {FEW + 1})
"""  # noqa: S608 - the names are ours
"""MATERIALIZED: planned as if all were wanted, so by the index; yet only as many are read as are taken."""
LONGEST_QUERY, LONGEST_WORD = 300, 100
"""Characters that are looked at; nobody types more into a search box, and each word costs the database a search."""


def fold(text: str) -> str:
    """Lower case, with ё, ө, ү, ң written as е, о, у, н."""
    return text.casefold().translate(FOLDED)


def searchable(texts: Iterable[str | None]) -> str:
    """The folded words of the texts: e-mail addresses, dates and numbers are found by each of their parts."""
    return " ".join(re.findall(r"\w+", fold(" ".join(text for text in texts if text))))


def sort_key(text: str) -> str:
    """What sorts as the Kyrgyz alphabet does where texts are compared byte by byte (collation "C")."""
    return " ".join(text.casefold().split()).translate(AFTER)


def prefix_query(text: str) -> SearchQuery | None:
    """A query that finds every word of `text` as the beginning of a word; None when nothing can be searched."""
    raw = _raw_query(text)
    return SearchQuery(raw, config="simple", search_type="raw") if raw else None


def ids_of_few(model: type[models.Model], text: str) -> list[int] | None:
    """The rows that `prefix_query(text)` finds in the model's `search_vector`; None of those that are many.

    Where few are expected or none, the index of words is asked before all else: the planner takes words to stand
    together as often as by chance, and would look for two that never do in every row, in the order of the page.
    """
    raw = _raw_query(text)
    if not raw:
        return None
    with connection.cursor() as cursor:
        cursor.execute(FEW_ROWS.format(table=connection.ops.quote_name(model._meta.db_table)), {"query": raw})
        near, ids = cursor.fetchone()
    return ids if near < OFTEN and len(ids) <= FEW else None


def _raw_query(text: str) -> str:
    """A single letter is a whole word, such as an initial: as a beginning it would find nearly everything."""
    words: list[Any] = [word[:LONGEST_WORD] for word in re.findall(r"\w+", fold(text[:LONGEST_QUERY]))]
    return " & ".join(f"{word}:*" if len(word) > 1 else word for word in words)
