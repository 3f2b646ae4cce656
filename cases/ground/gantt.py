"""Bars along a calendar, as SVG on the server: no script, no inline style, readable in print and in dark mode."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, LABELS, ROW, HEAD = 960, 260, 30, 26
"""Units of the picture: its width, the part of it that labels take, the height of a row and of the head."""
LETTERS = 38
"""How many letters of a label fit; the table beside the picture has the whole."""


@dataclass(frozen=True)
class Bar:
    """What lasts from `starts` to `ends`; `css` is the class of its colour, as of a badge."""

    label: str
    starts: date
    ends: date
    css: str = ""


@dataclass(frozen=True)
class Scale:
    """The days of the picture, both ends included, and the columns it is divided into."""

    first: date
    last: date

    @property
    def is_of_quarters(self) -> bool:
        """Longer than a year and a half, months would be too narrow."""
        return (self.last - self.first).days > 550

    def x(self, day: date) -> float:
        """Where a day begins."""
        days = (self.last - self.first).days + 1
        share = ((min(max(day, self.first), self.last + timedelta(days=1))) - self.first).days / days
        return round(LABELS + (WIDTH - LABELS) * share, 1)

    def columns(self) -> Iterator[tuple[date, str]]:
        """The first day of each month or quarter, and what it is called."""
        day = self.first.replace(day=1)
        while day <= self.last:
            if self.is_of_quarters and day.month % 3 == 1:
                yield day, f"{'I' * ((day.month + 2) // 3) if day.month < 10 else 'IV'} {day:%y}"
            elif not self.is_of_quarters:
                yield day, f"{day:%m.%y}"
            day += relativedelta(months=1)


def gantt(bars: Sequence[Bar], scale: Scale, title: str, today: date | None = None) -> SafeString:
    """The picture; `title` says what it shows to those who do not see it."""
    height = HEAD + ROW * len(bars) + 4
    return format_html(
        '<svg class="gantt" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        WIDTH,
        height,
        title,
        format_html_join("", *_columns(scale, height)),
        format_html_join("", *_bars(bars, scale)),
        _today(scale, height, today),
    )


def _columns(scale: Scale, height: int) -> tuple[str, list[tuple[Any, ...]]]:
    line = (
        '<line class="gantt-line" x1="{0}" y1="{2}" x2="{0}" y2="{3}"/>'
        '<text class="gantt-head" x="{4}" y="16">{1}</text>'
    )
    return line, [(scale.x(day), name, HEAD - 4, height, scale.x(day) + 3) for day, name in scale.columns()]


def _bars(bars: Sequence[Bar], scale: Scale) -> tuple[str, list[tuple[Any, ...]]]:
    row = (
        '<text class="gantt-label" x="0" y="{1}">{0}</text>'
        '<rect class="gantt-bar {6}" x="{2}" y="{3}" width="{4}" height="{5}" rx="3"/>'
    )
    return row, [
        (
            bar.label if len(bar.label) <= LETTERS else f"{bar.label[: LETTERS - 1]}…",
            HEAD + ROW * place + 19,
            scale.x(bar.starts),
            HEAD + ROW * place + 6,
            max(3, round(scale.x(bar.ends + timedelta(days=1)) - scale.x(bar.starts), 1)),
            ROW - 12,
            bar.css,
        )
        for place, bar in enumerate(bars)
    ]


def _today(scale: Scale, height: int, today: date | None) -> SafeString:
    if today is None or not scale.first <= today <= scale.last:
        return SafeString()
    x = scale.x(today)
    return format_html('<line class="gantt-today" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>', x, HEAD - 4, height)
