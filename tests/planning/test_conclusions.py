"""An expert's conclusion on a direction, criterion by criterion (REG-11.4b, REG-11.4c)."""

import io
from datetime import date
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from cases.planning.models import Deliverable
from cases.planning.papers.filling import paper_of
from cases.registry.catalogues import load_catalogues
from cases.registry.models import Catalogue, Criterion
from tests.cast import Cast
from tests.conftest import Opened
from tests.kinds.engagements import make_engagement
from tests.planning.lines import address, lines_of
from tests.planning.pages import page
from workflow.door import Refused, perform
from workflow.lifecycles.engagement import State

pytestmark = pytest.mark.django_db

FIRST, SECOND = "REG-8-1: 1.1", "REG-8-1: 1.2"
LINE = {"criterion": FIRST, "level": "most", "conclusion": "Программалар шайкеш келет (test).\nБирок эскирген."}


@pytest.fixture
def conclusion(cast: Cast) -> Deliverable:
    """The conclusion on education programmes, asked of an expert."""
    load_catalogues()
    make_engagement(cast, State.CONCLUSIONS)
    return Deliverable.objects.get(row__kind="expert_conclusion", direction=1)


def send(at: Opened, cast: Cast, deliverable: Deliverable, **typed: str) -> Any:
    deliverable.refresh_from_db()
    sent = {**LINE, **typed, "version": deliverable.version}
    return at(cast.expert).post(address("line_add", deliverable), sent, follow=True)


def test_an_expert_concludes_on_a_criterion_of_the_direction(cast: Cast, at: Opened, conclusion: Deliverable) -> None:
    form = page(at(cast.expert), address("line_add", conclusion))
    assert '<option value="REG-8-1: 1.1">' in form
    assert 'value="REG-8-1: 2.1"' not in form
    shown = send(at, cast, conclusion).content.decode()
    assert "Mostly complies" in shown
    assert "Fit of the programmes to the state education standards" in shown
    assert lines_of(conclusion) == [LINE]
    conclusion.refresh_from_db()
    perform(conclusion, "submit", by=cast.expert)
    assert conclusion.versions.get().read()["lines"] == [LINE]
    page(at(cast.lead), f"/deliverables/{conclusion.number}/act/agree/")
    papers = {
        language: Document(io.BytesIO(paper_of(conclusion, language))).tables[1].rows[1].cells
        for language in ("ky", "ru")
    }
    assert [cell.text for cell in papers["ky"]][2:] == ["Негизинен шайкеш келет", LINE["conclusion"]]
    assert papers["ru"][1].text.startswith("1.1 Соответствие программ")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"criterion": "REG-8-1: 2.1"}, "“REG-8-1: 2.1” is none of the criteria that can be chosen here."),
        ({"criterion": "REG-8-1: 1"}, "“REG-8-1: 1” is none of the criteria"),
        ({"criterion": "<b>"}, "“&lt;b&gt;” is none of the criteria"),
        ({"criterion": ""}, "This field is required."),
        ({"level": "perfect"}, "perfect is not one of the available choices."),
        ({"conclusion": " \n "}, "This field is required."),
        ({"conclusion": "ү" * 10_001}, "at most 10000 characters"),
    ],
)
def test_what_does_not_fit_comes_back(
    cast: Cast, at: Opened, conclusion: Deliverable, wrong: dict[str, str], sentence: str
) -> None:
    response = send(at, cast, conclusion, **wrong)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert lines_of(conclusion) == []


def test_one_criterion_has_one_conclusion(cast: Cast, at: Opened, conclusion: Deliverable) -> None:
    send(at, cast, conclusion)
    shown = send(at, cast, conclusion, level="none").content.decode()
    assert "“REG-8-1: 1.1” has several conclusions" in shown
    conclusion.refresh_from_db()
    with pytest.raises(Refused, match="The lines do not fit: “REG-8-1: 1.1” has several conclusions."):
        perform(conclusion, "submit", by=cast.expert)


def test_a_table_names_criteria_by_their_codes_and_comes_back_as_it_went(
    cast: Cast, at: Opened, conclusion: Deliverable
) -> None:
    client = at(cast.expert)
    rows = ("Критерий\tШайкештик деңгээли\tКорутунду", "1.1\tНегизинен шайкеш келет\tЖакшы (test)", "1.2\tComplies\tA")
    pasted = "\n".join(rows)
    sent = {"pasted": pasted, "version": conclusion.version}
    assert client.post(address("lines_import", conclusion), sent).status_code == 302
    before = lines_of(conclusion)
    assert [(line["criterion"], line["level"]) for line in before] == [(FIRST, "most"), (SECOND, "full")]
    sheet: Any = load_workbook(io.BytesIO(b"".join(client.get(address("lines_export", conclusion))))).active  # type: ignore[arg-type]
    handed_out = ["\t".join(str(cell) for cell in row) for row in sheet.iter_rows(values_only=True)]
    conclusion.refresh_from_db()
    sent = {"pasted": "\n".join(handed_out), "version": conclusion.version, "replaces": "on"}
    assert client.post(address("lines_import", conclusion), sent).status_code == 302
    assert lines_of(conclusion) == before


def test_a_code_that_several_catalogues_have_is_not_guessed(cast: Cast, at: Opened, conclusion: Deliverable) -> None:
    twin = Criterion.objects.get(code="1.1", catalogue__code="REG-8")
    other = Catalogue.objects.create(code="TWIN", version=1, kind="criteria", in_force_from=date(2026, 1, 1))
    twin.pk, twin.catalogue, twin.parent = None, other, None
    twin.save(force_insert=True)
    response = send(at, cast, conclusion, criterion="1.1")
    assert "Several catalogues have “1.1”; name one of: REG-8-1: 1.1, TWIN-1: 1.1." in response.content.decode()


def test_the_page_asks_as_much_of_the_database_with_many_lines(
    cast: Cast, at: Opened, conclusion: Deliverable, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = at(cast.expert)
    counts = []
    for criterion in (FIRST, SECOND):
        send(at, cast, conclusion, criterion=criterion)
        with django_assert_max_num_queries(100) as asked:
            client.get(conclusion.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]
