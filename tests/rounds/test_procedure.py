"""The picture and the BPMN file show the flow that rounds are walked by: every node, every way, and nothing else."""

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from lxml import etree

from tests.cast import Cast
from tests.kinds.planning import make_plan
from workflow.door import perform
from workflow.lifecycles.plan_schedule import State
from workflow.rounds.bpmn import BOUNDS, DI, INSTANCE, MODEL, POINTS, bpmn
from workflow.rounds.diagram import NAMES, WAYS, Shape, diagram
from workflow.rounds.flows import nodes

GOLDEN = Path(__file__).with_name("nodes.txt")
NS = {"m": MODEL, "di": DI, "dc": BOUNDS, "p": POINTS}
EDGES = {(name, edge.dst.name) for name, node in nodes().items() for edge in node._outgoing()}
LANGUAGES = ("ky", "ru", "en")
SCHEMA = Path(__file__).parents[1] / "data" / "bpmn" / "BPMN20.xsd"


def file(language: str = "en") -> ElementTree.Element:
    with translation.override(language):
        return ElementTree.fromstring(bpmn())


def test_the_nodes_are_those_that_were_approved() -> None:
    """Tasks are stored with their names: a node that is renamed would not be found again."""
    drawn = diagram()
    ways = {name: [line.target.node for line in drawn.lines if line.source.node == name] for name in drawn.boxes}
    lines = [
        f"{name}: {box.shape.name.lower()}" + (f" -> {', '.join(ways[name])}" if ways[name] else "")
        for name, box in drawn.boxes.items()
    ]
    assert lines == GOLDEN.read_text(encoding="utf-8").splitlines()


def test_the_diagram_has_the_nodes_and_ways_of_the_flow() -> None:
    assert diagram().boxes.keys() == nodes().keys() == NAMES.keys()
    assert {(line.source.node, line.target.node) for line in diagram().lines} == EDGES
    assert WAYS.keys() <= EDGES


def test_no_two_boxes_lie_on_one_another_and_all_lie_on_the_plane() -> None:
    drawn, boxes = diagram(), list(diagram().boxes.values())
    for box in boxes:
        assert 0 < box.x < box.right < drawn.width
        assert 0 < box.y < box.y + box.shape.height < drawn.height
        for other in boxes:
            apart_x = box.right < other.x or other.right < box.x
            apart_y = box.y + box.shape.height < other.y or other.y + other.shape.height < box.y
            assert box is other or apart_x or apart_y


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_node_and_way_of_a_choice_has_a_name_of_the_language(language: str) -> None:
    names = {element.get("id"): element.get("name") for element in file(language).iterfind(".//m:process/*", NS)}
    assert all(names[name] for name in NAMES)
    assert all(names[f"{source}-{target}"] for source, target in WAYS)
    if language != "en":
        english = {element.get("id"): element.get("name") for element in file().iterfind(".//m:process/*", NS)}
        assert not {name for name in names if names[name] and names[name] == english[name]}


def test_ids_are_unique_and_references_lead_somewhere() -> None:
    root = file()
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    assert set(ids.values()) == {1}
    for flow in root.iterfind(".//m:sequenceFlow", NS):
        assert flow.get("sourceRef") in nodes()
        assert flow.get("targetRef") in nodes()
    for shown in root.iterfind(".//*[@bpmnElement]"):
        assert shown.get("bpmnElement") in ids


def test_what_comes_in_and_goes_out_of_a_node_are_the_ways_that_name_it() -> None:
    root = file()
    flows = list(root.iterfind(".//m:sequenceFlow", NS))
    assert {(flow.get("sourceRef"), flow.get("targetRef")) for flow in flows} == EDGES
    for name in nodes():
        node = root.find(f".//m:process/*[@id='{name}']", NS)
        assert node is not None
        coming = [flow.get("id") for flow in flows if flow.get("targetRef") == name]
        going = [flow.get("id") for flow in flows if flow.get("sourceRef") == name]
        assert [one.text for one in node.iterfind("m:incoming", NS)] == coming
        assert [one.text for one in node.iterfind("m:outgoing", NS)] == going
        order = [child.tag.rpartition("}")[2] for child in node]
        assert order == sorted(order, key=["incoming", "outgoing", "multiInstanceLoopCharacteristics"].index)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_valid_by_the_schema_of_the_omg(language: str) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    file = etree.fromstring(_in(language))
    schema.assertValid(file)
    for task in file.iter(f"{{{MODEL}}}userTask"):
        task.set("isAsked", "yes")
    assert not schema.validate(file)


def test_it_begins_once_ends_twice_and_asks_all_seats_at_once() -> None:
    root = file()
    process = root.find("m:process", NS)
    assert process is not None
    assert process.get("isExecutable") == "false"
    kinds = Counter(child.tag.rpartition("}")[2] for child in process)
    assert kinds == {"startEvent": 1, "endEvent": 2, "userTask": 2, "exclusiveGateway": 2, "sequenceFlow": len(EDGES)}
    for task in process.iterfind("m:userTask", NS):
        each = task.find("m:multiInstanceLoopCharacteristics", NS)
        assert each is not None
        assert each.get("isSequential") == "false"
        assert each.find("m:completionCondition", NS) is not None
    for gateway in process.iterfind("m:exclusiveGateway", NS):
        assert gateway.get("gatewayDirection") == "Mixed"
        for flow in process.iterfind(f"m:sequenceFlow[@sourceRef='{gateway.get('id')}']", NS):
            condition = flow.find("m:conditionExpression", NS)
            assert condition is not None
            assert condition.get(f"{{{INSTANCE}}}type") == "bpmn:tFormalExpression"


def test_every_node_has_its_place_and_every_way_its_points() -> None:
    root = file()
    bounds = {}
    for shape in root.iterfind(".//di:BPMNShape", NS):
        [size] = shape.iterfind("dc:Bounds", NS)
        x, y, width, height = (int(size.attrib[name]) for name in ("x", "y", "width", "height"))
        bounds[shape.attrib["bpmnElement"]] = (x, y, x + width, y + height)
    assert bounds.keys() == nodes().keys()
    edges = {edge.attrib["bpmnElement"]: edge for edge in root.iterfind(".//di:BPMNEdge", NS)}
    assert edges.keys() == {f"{source}-{target}" for source, target in EDGES}
    for source, target in EDGES:
        points = [
            (int(p.attrib["x"]), int(p.attrib["y"])) for p in edges[f"{source}-{target}"].iterfind("p:waypoint", NS)
        ]
        assert len(points) >= 2
        for (x, y), (left, top, right, bottom) in ((points[0], bounds[source]), (points[-1], bounds[target])):
            assert left <= x <= right
            assert top <= y <= bottom
            assert x in (left, right) or y in (top, bottom), "a line begins and ends at the edge of its box"


def test_shapes_differ_so_that_each_is_a_shape_of_its_own() -> None:
    assert len(Shape) == 4


def look(user: object, address: str, language: str = "en") -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(user)  # type: ignore[arg-type]
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_everybody_who_signed_in_reads_how_it_is_decided_and_takes_the_file_away(cast: Cast) -> None:
    for user in (cast.stranger, cast.rector, cast.coordinator):
        shown = look(user, reverse("procedure"))
        assert '<svg class="flow"' in shown
        assert "is-here" not in shown
        assert "style=" not in shown.partition("<svg")[2].partition("</svg>")[0]
    client = Client(headers={"accept-language": "ru"})
    client.force_login(cast.stranger)
    response = client.get(reverse("procedure_bpmn"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="approval.bpmn"'
    assert response.content == _in("ru")


def _in(language: str) -> bytes:
    with translation.override(language):
        return bpmn()


def here(cast: Cast, plan: object) -> list[str]:
    shown = look(cast.observer, reverse("plan_schedule_procedure", args=[plan.number]))  # type: ignore[attr-defined]
    boxes = re.findall(r'<g class="flow-box is-here">.*?</g>', shown)
    return [" ".join(re.findall(r"<tspan[^>]*>([^<]*)", box)) for box in boxes]


@pytest.mark.django_db
def test_of_a_case_the_picture_shows_where_it_is(cast: Cast) -> None:
    plan = make_plan(cast)
    assert here(cast, plan) == []
    perform(plan, "submit", by=cast.coordinator)
    assert here(cast, plan) == ["Those asked agree, or return it"]
    perform(plan, "agree", by=cast.head)
    perform(plan, "agree", by=cast.leader)
    assert here(cast, plan) == ["Those asked approve, or return it"]
    shown = look(cast.observer, reverse("plan_schedule_procedure", args=[plan.number]))
    assert "Round 1 is here: Those asked approve, or return it." in shown
    perform(plan, "decline", by=cast.leader, reason="Later (test).")
    assert here(cast, plan) == ["Returned"]
    perform(plan, "submit", by=cast.coordinator)
    perform(plan, "recall", by=cast.coordinator)
    assert here(cast, plan) == []
    assert here(cast, make_plan(cast, State.IN_FORCE, years=(2025, 2025))) == ["Approved"]


@pytest.mark.django_db
def test_where_a_case_is_only_those_see_who_see_how_it_is_decided(cast: Cast) -> None:
    plan = make_plan(cast, State.IN_FORCE)
    client = Client()
    client.force_login(cast.rector)
    assert client.get(reverse("plan_schedule_procedure", args=[plan.number])).status_code == 404
