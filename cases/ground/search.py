"""Text search that forgives Kyrgyz letters, and their order: texts are folded before they are compared."""

import re
from collections.abc import Iterable

from django.contrib.postgres.search import SearchQuery
from django.db import connection, models

FOLDED = str.maketrans({"ё": "е", "ө": "о", "ү": "у", "ң": "н"})
AFTER = str.maketrans({"ё": "е\uf8ff", "ң": "н\uf8ff", "ө": "о\uf8ff", "ү": "у\uf8ff"})
"""Written after all words that go on with the plain letter, as the Kyrgyz alphabet has them."""


UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZАБВГДЕЁЖЗИЙКЛМНОӨПРСТУҮФХЦЧШЩЪЫЬЭЮЯҢёөүң"
PLAIN = "abcdefghijklmnopqrstuvwxyzабвгдеежзийклмноопрстууфхцчшщъыьэюянеоун"
"""What fold() does to letters, written out: how the database lowers them depends on how it was made."""

FEW = 1_000
NEWEST, OFTEN = 2_000, 20
"""With so many hits among the newest rows, enough rows are found soon in any order."""
FEW_ROWS = f"""
WITH near AS (
    SELECT count(*) FROM (SELECT search_vector FROM {{table}} ORDER BY id DESC LIMIT {NEWEST}) AS newest
    WHERE search_vector @@ to_tsquery('simple', %(query)s)
), hits AS MATERIALIZED (
    SELECT id FROM {{table}}
    WHERE search_vector @@ to_tsquery('simple', %(query)s) AND (SELECT count FROM near) < {OFTEN}
)
SELECT (SELECT count FROM near), ARRAY(SELECT id FROM hits LIMIT {FEW + 1})
"""  # noqa: S608 - the names are ours
"""MATERIALIZED makes the planner use the index, as if all were wanted; only as many are read as are taken."""
LONGEST_QUERY, LONGEST_WORD = 300, 100
"""Characters that are looked at; nobody types more into a search box, and each word costs the database a search."""


def fold(text: str) -> str:
    """Lower case, with ё, ө, ү, ң written as е, о, у, н."""
    return text.casefold().translate(FOLDED)


def folded(text: models.expressions.Combinable) -> models.Func:
    """What `fold()` makes of a text, computed by the database: for lists that are too short for an index of words."""
    letters = models.Value(UPPER), models.Value(PLAIN)
    return models.Func(text, *letters, function="translate", output_field=models.TextField())


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
    """The rows that `prefix_query(text)` finds in the model's `search_vector`; None where they are many.

    Where few or none are expected, the index of words is asked first. The planner takes words to occur independently
    of each other: for two that never stand together it would read every row in the order of the page.
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
    words: list[str] = [word[:LONGEST_WORD] for word in re.findall(r"\w+", fold(text[:LONGEST_QUERY]))]
    return " & ".join(f"{word}:*" if len(word) > 1 else word for word in words)
