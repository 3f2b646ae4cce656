"""Rows that are filled say what the template would say, escaped, in the reader's language."""

from pathlib import Path
from typing import Any

import pytest
from django.template.defaultfilters import truncatechars
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from cases.ground.patterns import Pattern, joined, shortened

TEMPLATE = """{% load i18n %}<td data-l="{% translate 'Number' %}" style="50%">
{% if is_late %}!{% endif %}{{ text }} {{ n }}</td>"""
TEXTS = ["<b>&\"'%", "%s %(text)s {x}", "", mark_safe("<i>5</i>"), 7, None]


@pytest.fixture
def row(settings: Any, tmp_path: Path) -> Pattern:
    (tmp_path / "row.html").write_text(TEMPLATE)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    return Pattern("row.html", ("text", "n"))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("is_late", [True, False])
def test_a_filled_row_is_what_the_template_makes_of_it(row: Pattern, text: Any, is_late: bool) -> None:
    for language in ("ky", "ru", "en"):
        with override(language):
            texts = {"text": text, "n": 3, "more": "is not asked for"}
            filled = row.filled(texts, is_late=is_late)
            assert filled == render_to_string("row.html", {**texts, "is_late": is_late})
            assert isinstance(joined([filled, filled]), SafeString)


@given(st.text(max_size=12))
def test_a_text_is_shortened_as_by_the_filter(text: str) -> None:
    assert shortened(text, 6) == truncatechars(text, 6)
