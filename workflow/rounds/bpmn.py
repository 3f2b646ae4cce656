"""The diagram of a round as a BPMN 2.0 file, to be opened and printed in any tool that draws BPMN."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from django.utils.translation import gettext as _

from workflow.rounds.diagram import Box, Diagram, DiagramLine, Shape, diagram

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
POINTS = "http://www.omg.org/spec/DD/20100524/DI"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
PREFIXES = {"bpmn": MODEL, "bpmndi": DI, "dc": BOUNDS, "di": POINTS, "xsi": INSTANCE}
ELEMENTS = {
    Shape.START: "startEvent",
    Shape.GATEWAY: "exclusiveGateway",
    Shape.SEATS: "userTask",
    Shape.END: "endEvent",
}
PROCESS = "approval"


def bpmn() -> bytes:
    """The file, in the language that is active."""
    for prefix, uri in PREFIXES.items():
        ElementTree.register_namespace(prefix, uri)
    drawn = diagram()
    root = Element(f"{{{MODEL}}}definitions", {"id": "definitions", "targetNamespace": "urn:baikoo:procedures"})
    process = _part(root, "process", id=PROCESS, name=_("How a version is agreed and approved"), isExecutable="false")
    for box in drawn.boxes.values():
        _node(process, box, drawn)
    for line in drawn.lines:
        _flow(process, line)
    _drawing(root, drawn)
    ElementTree.indent(root)
    text: str = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _node(process: Element, box: Box, drawn: Diagram) -> None:
    node = _part(process, ELEMENTS[box.shape], id=box.node, name=box.name)
    if box.shape is Shape.GATEWAY:
        node.set("gatewayDirection", "Mixed")
    for line in drawn.lines:
        if line.target == box:
            _part(node, "incoming").text = _id(line)
    for line in drawn.lines:
        if line.source == box:
            _part(node, "outgoing").text = _id(line)
    if box.shape is Shape.SEATS:
        each = _part(node, "multiInstanceLoopCharacteristics", isSequential="false")
        _expression(each, "completionCondition", _("all, one, or a certain number of them agreed, or one returned it"))


def _flow(process: Element, line: DiagramLine) -> None:
    flow = _part(process, "sequenceFlow", id=_id(line), sourceRef=line.source.node, targetRef=line.target.node)
    if line.name:
        flow.set("name", line.name)
        _expression(flow, "conditionExpression", line.name)


def _drawing(root: Element, drawn: Diagram) -> None:
    plane = SubElement(
        SubElement(root, f"{{{DI}}}BPMNDiagram", {"id": "diagram"}),
        f"{{{DI}}}BPMNPlane",
        {"id": "plane", "bpmnElement": PROCESS},
    )
    for box in drawn.boxes.values():
        shape = SubElement(plane, f"{{{DI}}}BPMNShape", {"id": f"shape-{box.node}", "bpmnElement": box.node})
        if box.shape is Shape.GATEWAY:
            shape.set("isMarkerVisible", "true")
        size = {"x": box.x, "y": box.y, "width": box.shape.width, "height": box.shape.height}
        SubElement(shape, f"{{{BOUNDS}}}Bounds", {name: str(value) for name, value in size.items()})
    for line in drawn.lines:
        edge = SubElement(plane, f"{{{DI}}}BPMNEdge", {"id": f"edge-{_id(line)}", "bpmnElement": _id(line)})
        for x, y in line.points:
            SubElement(edge, f"{{{POINTS}}}waypoint", {"x": str(x), "y": str(y)})


def _expression(parent: Element, name: str, text: str) -> None:
    part = _part(parent, name)
    part.set(f"{{{INSTANCE}}}type", "bpmn:tFormalExpression")
    part.text = text


def _part(parent: Element, tag: str, /, **attributes: str) -> Element:
    return SubElement(parent, f"{{{MODEL}}}{tag}", attributes)


def _id(line: DiagramLine) -> str:
    return f"{line.source.node}-{line.target.node}"
