"""Text search that forgives Kyrgyz letters: what is searched and what is typed are folded alike."""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery

FOLDED = str.maketrans({"ё": "е", "ө": "о", "ү": "у", "ң": "н"})


def fold(text: str) -> str:
    """Lower case, with ё, ө, ү, ң written as е, о, у, н."""
    return text.casefold().translate(FOLDED)


def prefix_query(text: str) -> SearchQuery | None:
    """A query that finds every word of `text` as the beginning of a word; None when nothing can be searched."""
    words: list[Any] = re.findall(r"\w+", fold(text))
    return SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw") if words else None
