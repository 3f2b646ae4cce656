"""The diagram of a round as boxes and lines on a plane: the one source of its picture and of its BPMN file.

What there is follows from the flow that rounds are walked by; here is only what each node is called and where it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from django.utils.translation import gettext_lazy as _
from viewflow.workflow import Node, flow

from workflow.rounds.flows import nodes
from workflow.texts import Text


class Shape(Enum):
    """What a node is: width and height of its box."""

    START = (36, 36)
    GATEWAY = (50, 50)
    SEATS = (160, 84)
    END = (37, 37)  # An enumeration would take two equal sizes for one shape.

    @property
    def width(self) -> int:
        return int(self.value[0])

    @property
    def height(self) -> int:
        return int(self.value[1])


SHAPES: Sequence[tuple[type[Node], Shape]] = (
    (flow.StartHandle, Shape.START),
    (flow.View, Shape.SEATS),
    (flow.End, Shape.END),
    (flow.Split, Shape.GATEWAY),
    (flow.Join, Shape.GATEWAY),
)
NAMES: Mapping[str, Text] = {
    "start": _("A version is submitted"),
    "ask": _("Whom does the next step ask?"),
    "agree": _("Those asked agree, or return it"),
    "approve": _("Those asked approve, or return it"),
    "gather": _("What did they answer?"),
    "approved": _("Approved"),
    "returned": _("Returned"),
}
WAYS: Mapping[tuple[str, str], Text] = {
    ("ask", "agree"): _("a step that agrees"),
    ("ask", "approve"): _("the step that approves"),
    ("gather", "ask"): _("enough agreed, and another step follows"),
    ("gather", "approved"): _("enough agreed, and it was the last step"),
    ("gather", "returned"): _("one of them returned it"),
}
MARGIN, ABOVE, ROW, NARROW, WIDE, ELBOW = 62, 60, 150, 60, 200, 30
"""Units of the plane: around it, for the line back above all, between rows, between columns, before a line bends."""

Point = tuple[int, int]


@dataclass(frozen=True)
class Box:
    """A node on the plane; x and y are its upper left corner."""

    node: str
    shape: Shape
    x: int
    y: int

    @property
    def name(self) -> str:
        return str(NAMES[self.node])

    @property
    def middle(self) -> Point:
        return self.x + self.shape.width // 2, self.y + self.shape.height // 2

    @property
    def right(self) -> int:
        return self.x + self.shape.width


@dataclass(frozen=True)
class DiagramLine:
    """A way from one node to another, through these points."""

    source: Box
    target: Box
    points: Sequence[Point]

    @property
    def name(self) -> str:
        return str(WAYS.get((self.source.node, self.target.node), ""))

    @property
    def is_back(self) -> bool:
        return self.target.x < self.source.x


@dataclass(frozen=True)
class Diagram:
    """All boxes, all lines, and the size of the plane."""

    boxes: Mapping[str, Box]
    lines: Sequence[DiagramLine]
    width: int
    height: int


@cache
def diagram() -> Diagram:
    columns = _columns()
    rows = max(map(len, columns.values()))
    centre = ABOVE + ROW * rows // 2
    boxes: dict[str, Box] = {}
    x = MARGIN
    for column in columns.values():
        shapes = {name: _shape(name) for name in column}
        width = max(shape.width for shape in shapes.values())
        for place, (name, shape) in enumerate(shapes.items()):
            middle = centre + int(ROW * (place - (len(column) - 1) / 2))
            boxes[name] = Box(name, shape, x + (width - shape.width) // 2, middle - shape.height // 2)
        x += width + (WIDE if any((name, target) in WAYS for name in column for target in _targets(name)) else NARROW)
    lines = [_line(boxes[name], boxes[target]) for name in boxes for target in _targets(name)]
    return Diagram(boxes, lines, max(box.right for box in boxes.values()) + MARGIN, ABOVE + ROW * rows)


def _columns() -> dict[int, list[str]]:
    """The nodes by how many steps they are from the start."""
    columns, seen = {0: ["start"]}, {"start"}
    while columns[max(columns)]:
        following = [target for name in columns[max(columns)] for target in _targets(name) if target not in seen]
        columns[max(columns) + 1] = list(dict.fromkeys(following))
        seen |= set(following)
    return {depth: column for depth, column in columns.items() if column}


def _targets(name: str) -> Iterator[str]:
    return (edge.dst.name for edge in nodes()[name]._outgoing())


def _shape(name: str) -> Shape:
    return next(shape for kind, shape in SHAPES if isinstance(nodes()[name], kind))


def _line(source: Box, target: Box) -> DiagramLine:
    (from_x, from_y), (to_x, to_y) = source.middle, target.middle
    if target.x < source.x:
        above = ABOVE // 2
        return DiagramLine(source, target, [(from_x, source.y), (from_x, above), (to_x, above), (to_x, target.y)])
    bend = source.right + ELBOW if source.shape is Shape.GATEWAY else target.x - ELBOW
    straight = [(source.right, from_y), (target.x, to_y)]
    return DiagramLine(
        source, target, straight if from_y == to_y else [straight[0], (bend, from_y), (bend, to_y), straight[1]]
    )
