"""However long a case's history and comments are, its page stays short, and all of it can be read."""

import re
from difflib import SequenceMatcher
from typing import Any

import pytest
from django.test import Client

from cases.desk.slices import COMMENTS, EFFORT, HISTORY
from cases.desk.talking import comment
from cases.followup.models import Recommendation
from cases.followup.verbs import MeasureDraft, write_plan
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.followup.pages import browser, text_of
from tests.kinds.toys import make_visit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MANY = 2 * HISTORY + 20


@pytest.fixture(params=["recommendation", "visit"])
def talkative(request: pytest.FixtureRequest, cast: Cast) -> Any:
    """A case of each kind of page with very many comments, each of which is a line of the history as well."""
    case = make_recommendation(cast, "issued") if request.param == "recommendation" else make_visit(cast, "running")
    for number in range(MANY):
        comment(case, f"Word {number}.", by=cast.coordinator, is_internal=False)
    return case


def walk(client: Client, address: str, name: str) -> list[str]:
    """That section of every page, by the links from one to the next."""
    sections = []
    while address:
        page = text_of(client.get(address))
        section = page.partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]
        sections.append(section)
        link = re.search(rf'href="(\?{name}=\d+)#{name}" rel="next"', section)
        address = address.partition("?")[0] + link[1] if link else ""
    return sections


def test_comments_and_lines_come_in_parts_and_none_is_left_out(talkative: Any, cast: Cast) -> None:
    client, address = browser(cast, "coordinator"), talkative.get_absolute_url()
    comments = walk(client, address, "comments")
    assert max(section.count("<article") for section in comments) == COMMENTS
    found = [int(number) for section in comments for number in re.findall(r"<p>Word (\d+)\.</p>", section)]
    assert sorted(found) == list(range(MANY))
    assert found[:COMMENTS] == list(range(MANY - COMMENTS, MANY)), "the newest come first, in the order of talking"
    history = walk(client, address, "history")
    assert max(section.count("<time") for section in history) == HISTORY
    lines = [int(number) for section in history for number in re.findall(r"Word (\d+)\.", section)]
    assert lines == list(range(MANY))[::-1]
    assert 'rel="first"' not in history[0]
    assert all('rel="first"' in section for section in history[1:])


@pytest.mark.parametrize("asked", ["0", "-1", "999999", "x", "²", "1" * 5000])
def test_a_part_that_is_not_there_is_the_first(cast: Cast, asked: str) -> None:
    case = make_recommendation(cast, "issued")
    client = browser(cast, "coordinator")
    response = client.get(case.get_absolute_url(), {"history": asked, "comments": asked})
    assert (response.status_code, 'aria-label="Pages"' in text_of(response)) == (200, False)


def test_a_page_compares_no_more_words_than_it_bears(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty long plans that were saved one after the other."""
    compared: list[int] = []

    class Counting(SequenceMatcher):  # type: ignore[type-arg]
        def __init__(self, isjunk: Any, a: Any, b: Any, autojunk: bool) -> None:
            super().__init__(isjunk, a, b, autojunk=autojunk)
            compared.append(len(a) * len(b))

    monkeypatch.setattr("cases.ground.differences.SequenceMatcher", Counting)
    case = make_recommendation(cast, "issued", measures=0)
    for round_ in range(30):
        measures = [MeasureDraft(f"word {round_} {number}" * 10, "Dean", case.current_due) for number in range(20)]
        write_plan(case, measures, by=cast.officer, version=case.version)
    page = text_of(browser(cast, "officer").get(case.get_absolute_url()))
    assert 0 < sum(compared) <= EFFORT
    assert all(f"word {round_} 19" in page for round_ in range(5)), "what is not compared is shown as a whole"
    compared.clear()
    form = {"rows": "1", "text_1": "Typed", "responsible_1": "Dean", "due_1": str(case.current_due), "version": "2"}
    stale = browser(cast, "officer").post(f"{case.get_absolute_url()}plan/", form)
    assert stale.status_code == 409
    assert 0 < sum(compared) <= EFFORT
    assert Recommendation.objects.get(pk=case.pk).version == case.version
