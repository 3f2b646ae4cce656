"""Dates, lateness, states, sizes and differences as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import formats, timezone, translation

from cases.ground.templatetags import baikoo


def shown(source: str, **context: object) -> str:
    return Template("{% load baikoo %}" + source).render(Context(context))


def test_a_day_is_written_day_first() -> None:
    assert baikoo.day(date(2026, 11, 3)) == "03.11.2026"
    assert baikoo.day(None) == ""


def test_a_moment_late_in_the_evening_of_london_is_the_next_day_in_bishkek() -> None:
    at = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
    assert shown("{{ at|day }}", at=at) == "21.11.2026"
    assert shown("{{ at|moment }}", at=at) == "21.11.2026 03:30"


@pytest.mark.parametrize(
    ("days", "words", "css"),
    [
        (7, "7 days late", "late"),
        (1, "1 day late", "late"),
        (0, "due today", "soon"),
        (-1, "1 day left", "soon"),
        (-5, "5 days left", "soon"),
        (-6, "6 days left", ""),
    ],
)
def test_lateness_is_told_in_words_and_marked(days: int, words: str, css: str) -> None:
    due = timezone.localdate() - timedelta(days=days)
    with translation.override("en"):
        assert baikoo.days_late(due) == baikoo.days_late(days) == words
    assert baikoo.late_class(due) == baikoo.late_class(days) == css


def test_what_has_no_due_date_is_never_late() -> None:
    assert baikoo.days_late(None) == ""
    assert baikoo.late_class(None) == ""


def test_a_state_has_its_badge_and_an_unknown_one_is_plain() -> None:
    assert baikoo.badge("closed", "Closed") == '<span class="st st-done">Closed</span>'
    assert baikoo.badge("draft", "<Draft>") == '<span class="st ">&lt;Draft&gt;</span>'


@pytest.mark.parametrize(
    ("size", "en", "ky"),
    [(1, "1 byte", ""), (900, "900 bytes", ""), (751_616, "734 KB", "734"), (52_428_800, "50.0 MB", "50,0")],
)
def test_a_size_is_told_in_a_unit_that_people_read(size: int, en: str, ky: str) -> None:
    with translation.override("en"):
        assert baikoo.file_size(size) == en
    with translation.override("ky"):
        assert baikoo.file_size(size).startswith(ky)


def test_a_difference_escapes_what_people_wrote() -> None:
    shown_text = shown("{% diff old new %}", old="a <script>", new="a <b>&")
    assert "<script>" not in shown_text
    assert "<b>" not in shown_text
    assert "&amp;" in shown_text


@pytest.mark.parametrize(
    ("language", "day", "number"),
    [("ky", "2026-ж., 3-Ноябрь", "1,5"), ("ru", "3 ноября 2026 г.", "1,5"), ("en", "3 November 2026", "1.5")],
)
def test_each_language_writes_dates_and_numbers_its_own_way(language: str, day: str, number: str) -> None:
    with translation.override(language):
        assert formats.date_format(date(2026, 11, 3)) == day
        assert formats.date_format(date(2026, 11, 3), "SHORT_DATE_FORMAT") == "03.11.2026"
        assert formats.number_format(1.5) == number
