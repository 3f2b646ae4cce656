"""The diagram of a round as SVG: no script, no inline style, readable in print and in dark mode."""

from collections.abc import Collection, Sequence
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from workflow.rounds.diagram import Box, DiagramLine, Shape, diagram

LETTERS = {Shape.SEATS: 19, Shape.GATEWAY: 14, Shape.START: 11, Shape.END: 14}
"""How many letters a line of text in or under a box has."""
LETTERS_OF_WAY, LETTERS_BACK = 24, 60
SIZE, LEADING = 12, 15
"""Of letters, and from one line to the next."""
ARROW = 7


def flow_picture(title: str, here: Collection[str] = ()) -> SafeString:
    """The picture; `title` says what it shows to those who do not see it, `here` are the nodes that it has come to."""
    drawn = diagram()
    return format_html(
        '<svg class="flow" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        drawn.width,
        drawn.height,
        title,
        format_html_join("", "{}", ((_line(line),) for line in drawn.lines)),
        format_html_join("", "{}", ((_box(box, box.node in here),) for box in drawn.boxes.values())),
    )


def _box(box: Box, is_here: bool) -> SafeString:
    x, y = box.middle
    lines = wrap(box.name, LETTERS[box.shape], break_long_words=False)
    if box.shape is Shape.SEATS:
        first = y - LEADING * (len(lines) - 1) // 2 + SIZE // 3
        sides = format_html("{}", _rectangles(box))
    else:
        first = box.y + box.shape.height + LEADING
        sides = _gateway(box) if box.shape is Shape.GATEWAY else _event(box)
    css = "flow-box is-here" if is_here else "flow-box"
    return format_html('<g class="{}">{}{}</g>', css, sides, _text(lines, x, first, "middle"))


def _rectangles(box: Box) -> SafeString:
    """With the three strokes by which BPMN marks what is done once for each."""
    x, y = box.middle[0], box.y + box.shape.height
    strokes = [(x + shift, y - 12, y - 3) for shift in (-4, 0, 4)]
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="8"/>{}',
        box.x,
        box.y,
        box.shape.width,
        box.shape.height,
        format_html_join("", '<line x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>', strokes),
    )


def _gateway(box: Box) -> SafeString:
    (x, y), half = box.middle, box.shape.width // 2
    corners = f"{x},{y - half} {x + half},{y} {x},{y + half} {x - half},{y}"
    cross = [(x - 8, y - 8, x + 8, y + 8), (x - 8, y + 8, x + 8, y - 8)]
    return format_html(
        '<polygon points="{}"/>{}',
        corners,
        format_html_join("", '<line x1="{}" y1="{}" x2="{}" y2="{}"/>', cross),
    )


def _event(box: Box) -> SafeString:
    css = "flow-end" if box.shape is Shape.END else ""
    return format_html('<circle class="{}" cx="{}" cy="{}" r="{}"/>', css, *box.middle, box.shape.width // 2)


def _line(line: DiagramLine) -> SafeString:
    points = " ".join(f"{x},{y}" for x, y in line.points)
    (before_x, before_y), (x, y) = line.points[-2:]
    if x == before_x:
        head = f"{x},{y} {x - ARROW // 2},{y - ARROW} {x + ARROW // 2 + 1},{y - ARROW}"
    else:
        head = f"{x},{y} {x - ARROW},{y - ARROW // 2} {x - ARROW},{y + ARROW // 2 + 1}"
    texts = wrap(line.name, LETTERS_BACK if line.is_back else LETTERS_OF_WAY)
    (from_x, from_y), (to_x, _to_y) = line.points[1:3] if line.is_back else line.points[-2:]
    left = min(from_x, to_x) + (60 if line.is_back else 6)
    text = _text(texts, left, (from_y if line.is_back else before_y) - 6 - LEADING * (len(texts) - 1), "start")
    return format_html('<polyline class="flow-line" points="{}"/><polygon points="{}"/>{}', points, head, text)


def _text(lines: Sequence[str], x: int, y: int, anchor: str) -> SafeString:
    spans = [(x, y + LEADING * place, line) for place, line in enumerate(lines)]
    return format_html(
        '<text text-anchor="{}">{}</text>', anchor, format_html_join("", '<tspan x="{}" y="{}">{}</tspan>', spans)
    )
