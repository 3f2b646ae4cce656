"""Bars along a calendar, as SVG on the server: no script, no inline style, readable in print and in dark mode."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, LABELS, ROW, HEAD = 960, 260, 30, 26
"""Units of the picture: its width, the part of it that labels take, the height of a row and of the head."""
LETTERS = 34
"""How many letters of a label fit; the table next to the picture has the whole."""
NAME = 40
"""Units that the name of a month or quarter takes."""


@dataclass(frozen=True)
class Bar:
    """What lasts from `starts` to `ends`; `css` is the class of its colour, as of a badge.

    `real` is how long it really lasted, drawn as a narrow bar beneath.
    """

    label: str
    starts: date
    ends: date
    css: str = ""
    real: tuple[date, date] | None = None


@dataclass(frozen=True)
class Scale:
    """The days of the picture, both ends included, and the columns it is divided into.

    With `is_working_day`, all other days are shaded, unless they would be too narrow to be seen.
    """

    first: date
    last: date
    is_working_day: Callable[[date], bool] | None = None

    @property
    def is_of_quarters(self) -> bool:
        """Longer than a year and a half, months would be too narrow."""
        return (self.last - self.first).days > 550

    def x(self, day: date) -> float:
        """The place at which a day begins."""
        days = (self.last - self.first).days + 1
        share = ((min(max(day, self.first), self.last + timedelta(days=1))) - self.first).days / days
        return round(LABELS + (WIDTH - LABELS) * share, 1)

    def width(self, starts: date, ends: date) -> float:
        """From the beginning of a day to the end of another; a day can always be seen."""
        return max(3, round(self.x(ends + timedelta(days=1)) - self.x(starts), 1))

    def rests(self) -> Iterator[tuple[date, date]]:
        """Runs of days on which nobody works."""
        first: date | None = None
        for number in range((self.last - self.first).days + 2):
            day = self.first + timedelta(days=number)
            is_rest = self.is_working_day is not None and day <= self.last and not self.is_working_day(day)
            if is_rest and first is None:
                first = day
            elif not is_rest and first is not None:
                yield first, day - timedelta(days=1)
                first = None

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
        '<svg class="gantt" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        WIDTH,
        height,
        title,
        _rests(scale, height),
        format_html_join("", *_columns(scale, height)),
        format_html_join("", "{}", ((_row(bar, HEAD + ROW * place, scale),) for place, bar in enumerate(bars))),
        _today(scale, height, today),
    )


def _rests(scale: Scale, height: int) -> SafeString:
    rest = '<rect class="gantt-rest" x="{}" y="{}" width="{}" height="{}"/>'
    if scale.is_of_quarters:
        return SafeString()
    return format_html_join(
        "", rest, ((scale.x(first), HEAD, scale.width(first, last), height - HEAD) for first, last in scale.rests())
    )


def _columns(scale: Scale, height: int) -> tuple[str, list[tuple[object, ...]]]:
    """A line where each begins, with its name where there is room for it."""
    line = (
        '<line class="gantt-line" x1="{0}" y1="{2}" x2="{0}" y2="{3}"/>'
        '<text class="gantt-head" x="{4}" y="16">{1}</text>'
    )
    columns = [(scale.x(day), name) for day, name in scale.columns()]
    ends = [*(x for x, _name in columns[1:]), float(WIDTH)]
    return line, [
        (x, name if end - x >= NAME else "", HEAD - 4, height, x + 3)
        for (x, name), end in zip(columns, ends, strict=True)
    ]


def _row(bar: Bar, top: int, scale: Scale) -> SafeString:
    label = bar.label if len(bar.label) <= LETTERS else f"{bar.label[: LETTERS - 1]}…"
    text = format_html('<text class="gantt-label" x="0" y="{}">{}</text>', top + 19, label)
    planned = _bar("gantt-bar", bar, (bar.starts, bar.ends), (top + 6, ROW - 12), scale)
    real = _bar("gantt-real", bar, bar.real, (top + ROW - 9, 5), scale) if bar.real else ""
    return format_html("{}{}{}", text, planned, real)


def _bar(css: str, bar: Bar, days: tuple[date, date], place: tuple[int, int], scale: Scale) -> SafeString:
    """A bar over these days, at this height and of this thickness; it says its label and days to a pointer."""
    return format_html(
        '<rect class="{} {}" x="{}" y="{}" width="{}" height="{}" rx="3"><title>{}, {} – {}</title></rect>',
        css,
        bar.css,
        scale.x(days[0]),
        place[0],
        scale.width(*days),
        place[1],
        bar.label,
        *(f"{day:%d.%m.%Y}" for day in days),
    )


def _today(scale: Scale, height: int, today: date | None) -> SafeString:
    if today is None or not scale.first <= today <= scale.last:
        return SafeString()
    x = scale.x(today)
    return format_html('<line class="gantt-today" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>', x, HEAD - 4, height)
