"""Papers as Word documents: made from their texts, filled with what is known, and never broken by what people wrote."""

import io
import zipfile
from typing import Any

import pytest
from django.urls import reverse
from docx import Document
from docx.document import Document as DocumentObject

from cases.planning import verbs
from cases.planning.models import Deliverable
from cases.planning.papers.filling import paper_of
from cases.planning.papers.making import make, template_of
from cases.planning.papers.texts import LANGUAGES, PAPERS
from cases.planning.stages import FILE
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import DATES, make_engagement
from workflow.lifecycles.engagement import State

NASTY = 'A {{ 7 * 7 }} {% for x in y %} {# c #} <w:p> & "quotes" ]]> \x07\x0b\x0c\x1b\ufffe\ud800 {{ "".__class__ }} ө'
SHOWN = 'A {{ 7 * 7 }} {% for x in y %} {# c #} <w:p> & "quotes" ]]>'
STARTS, ENDS = DATES["collection"]
LINES: dict[str, dict[str, Any]] = {
    "cost_estimate": {"name": NASTY, "quantity": 2, "price": 10, "unit": "<&>", "source_of_finance": "", "year": 2099},
    "calendar_plan": {"kind": "visit", "title": NASTY, "starts": STARTS, "ends": ENDS, "responsible": NASTY},
}


def words(document: DocumentObject) -> str:
    """All that it says, paragraph by paragraph and cell by cell."""
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def opened(deliverable: Deliverable, language: str) -> str:
    return words(Document(io.BytesIO(paper_of(deliverable, language))))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAPERS)
def test_the_templates_are_what_their_texts_say(kind: str, language: str) -> None:
    made = io.BytesIO()
    make(PAPERS[kind], language).save(made)
    kept = zipfile.ZipFile(template_of(kind, language))
    fresh = zipfile.ZipFile(made)
    assert kept.namelist() == fresh.namelist()
    assert [name for name in kept.namelist() if kept.read(name) != fresh.read(name)] == [], (
        "Run python -m cases.planning.papers.making"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAPERS)
def test_a_paper_says_what_is_known_and_takes_text_as_text(cast: Cast, kind: str, language: str) -> None:
    if kind == "expert_conclusion":
        engagement = make_engagement(cast, State.CONCLUSIONS)
    else:
        engagement = make_engagement(cast, State.PREPARATION, stages=FILE)
    deliverable = Deliverable.objects.filter(engagement=engagement, row__kind=kind).first()
    assert deliverable is not None
    engagement = deliverable.engagement
    engagement.title, engagement.goal = NASTY, f"First line\nsecond line {NASTY}"
    setattr(deliverable, f"text_{language}", NASTY * 3)
    if kind in LINES:
        model: Any = deliverable.line_model
        line = model(deliverable=deliverable, place=1, **LINES[kind])
        for name, value in LINES[kind].items():
            setattr(line, name, value.replace("\ud800", "") if isinstance(value, str) else value)
        line.save()
    said = opened(deliverable, language)
    place = LANGUAGES.index(language)
    assert PAPERS[kind].title[place] in said
    assert said.count(SHOWN) >= 2
    assert "49" not in said.replace("2049", "").replace(str(engagement.contract), ""), "nothing in a text is reckoned"
    assert "\u04e9" in said
    for known in (deliverable.number, engagement.number, "First line\nsecond line", str(engagement.contract)):
        assert known in said
    assert not any(character in said for character in "\x07\x0b\x0c\x1b\ufffe\ud800")
    if kind == "cost_estimate":
        assert ": 20,00" in said
    if kind == "programme":
        assert "UNI" in said


@pytest.mark.django_db
def test_a_paper_is_handed_out_to_those_who_see_the_deliverable(cast: Cast, at: Opened) -> None:
    engagement = make_engagement(cast, State.PREPARATION, stages=FILE)
    deliverable = Deliverable.objects.get(engagement=engagement, row__kind="cost_estimate")
    item = {**LINES["cost_estimate"], "name": "Бланктар (test)", "unit": "даана"}
    verbs.add_line(deliverable, item, by=cast.coordinator, version=deliverable.version)
    address = reverse("deliverable_form", args=[deliverable.number, "ky"])
    for user in (cast.coordinator, cast.leader, cast.lead, cast.expert):
        response = at(user).get(address)
        assert response["Content-Disposition"] == f'attachment; filename="{deliverable.number}-ky.docx"'
        assert response["Cache-Control"] == "private, no-store"
        said = words(Document(io.BytesIO(b"".join(response.streaming_content))))
        assert "ЧЫГЫМДАРДЫН СМЕТАСЫ" in said
        assert "Бланктар (test)" in said
    for user in (cast.stranger, cast.rector):
        assert at(user).get(address).status_code == 404
    page = at(cast.coordinator).get(deliverable.get_absolute_url()).content.decode()
    assert address in page
    client = at(cast.coordinator)
    assert client.get(reverse("deliverable_form", args=[deliverable.number, "en"])).status_code == 404
    other = Deliverable.objects.get(engagement=engagement, row__kind="national_team")
    assert client.get(reverse("deliverable_form", args=[other.number, "ky"])).status_code == 404
    assert ".docx" not in client.get(other.get_absolute_url()).content.decode()
