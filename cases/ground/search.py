"""Text search that forgives Kyrgyz letters, and their order: texts are folded before they are compared."""

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchQuery

FOLDED = str.maketrans({"ё": "е", "ө": "о", "ү": "у", "ң": "н"})
AFTER = str.maketrans({"ё": "е\uf8ff", "ң": "н\uf8ff", "ө": "о\uf8ff", "ү": "у\uf8ff"})
"""Written after all words that go on with the plain letter, as the Kyrgyz alphabet has them."""


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
    words: list[Any] = [word[:LONGEST_WORD] for word in re.findall(r"\w+", fold(text[:LONGEST_QUERY]))]
    return SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw") if words else None
