"""The page on which more time is asked for: dates, reasons, proof, and who decides."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from pytest_django import Settings

from cases.followup.models import Evidence, Extension, Recommendation
from cases.followup.verbs import attach, request_extension
from tests.cast import Cast
from tests.factories import make_extension, make_recommendation
from tests.followup.files import PROGRAM, upload
from tests.followup.pages import Opened, footprint, plain, text_of
from workflow.door import Refused
from workflow.models import Event, Expectation
from workflow.terms import legal_date

pytestmark = pytest.mark.slow

TODAY = legal_date()


@pytest.fixture(autouse=True)
def evidence_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


def address(case: Recommendation) -> str:
    return f"/recommendations/{case.number}/extend/"


def later(case: Recommendation, days: int = 20) -> str:
    assert case.current_due
    return str(case.current_due + timedelta(days=days))


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def table(html: str) -> list[list[str]]:
    """The rows of the table of who decides."""
    rows = re.findall(r"<tr>\s*<td>.*?</tr>", html, re.DOTALL)
    return [[plain(cell) for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)] for row in rows]


def test_the_officer_asks_for_more_time(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    proof = attach(case, upload("order.pdf"), by=cast.officer)
    client = as_("officer")
    assert "order.pdf (version 1, Received)" in text_of(client.get(address(case)))
    sent = {"until": later(case), "reason": " The supplier\x00 is late.\r\n", "evidence": proof.pk}
    response = client.post(address(case), sent)
    assert (response.status_code, response.headers["Location"]) == (302, f"{case.get_absolute_url()}#extensions")
    extension = Extension.objects.get()
    assert (str(extension.until), extension.reason, extension.evidence) == (later(case), "The supplier is late.", proof)
    assert (extension.level, extension.requested_by, extension.due_before) == (
        "coordinator",
        cast.officer,
        case.current_due,
    )
    assert Expectation.objects.open().of("extension", extension.pk).get().role == "coordinator"
    events = Event.objects.of("recommendation", case.pk).order_by("-pk")
    assert [event.action for event in events[:2]] == ["extend", "evidence"]


def test_a_new_file_is_kept_with_the_request(as_: Opened, cast: Cast, evidence_dir: Path) -> None:
    case = make_recommendation(cast, "in_progress")
    sent = {"until": later(case), "reason": "Late", "file": upload("letter.pdf")}
    assert as_("rector").post(address(case), sent).status_code == 302
    proof = Evidence.objects.get(name="letter.pdf")
    assert Extension.objects.get().evidence == proof
    assert files(evidence_dir) == [evidence_dir / proof.path]


REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"until": ""}, "Give the new due date."),
    ({"until": "soon"}, "This is not a date."),
    ({"until": "9999-12-31"}, "This is not a date."),
    ({"until": "20260-01-01"}, "This is not a date."),
    ({"reason": " \x00 "}, "Give the reason."),
    ({"reason": "x" * 5001}, "at most 5000 characters"),
    ({"evidence": "77777"}, "Select a valid choice."),
    ({"until": str(TODAY + timedelta(days=30))}, "The new date lies before the first due date"),
    ({"until": str(TODAY + timedelta(days=180))}, "The new date must be later than the present due date."),
]


@pytest.mark.parametrize(("wrong", "sentence"), REFUSALS)
def test_a_refused_request_leaves_nothing_and_keeps_what_was_typed(
    as_: Opened, cast: Cast, evidence_dir: Path, wrong: dict[str, Any], sentence: str
) -> None:
    case = make_recommendation(cast, "in_progress")
    before = footprint(case)
    sent = {"until": later(case), "reason": "Typed with care", "file": upload()} | wrong
    response = as_("officer").post(address(case), sent)
    shown = text_of(response)
    assert (response.status_code, sentence in shown) == (422, True)
    assert "reason" in wrong or "Typed with care" in shown
    assert f'value="{sent["until"]}"' in shown or not sent["until"]
    assert (footprint(case), Extension.objects.count(), files(evidence_dir)) == (before, 0, [])
    assert not Evidence.objects.filter(name="report.pdf").exists()


def test_a_file_of_the_wrong_kind_or_two_proofs_are_refused(as_: Opened, cast: Cast, evidence_dir: Path) -> None:
    case = make_recommendation(cast, "in_progress")
    client = as_("officer")
    liar = client.post(address(case), {"until": later(case), "reason": "Late", "file": upload("a.pdf", PROGRAM)})
    assert (liar.status_code, "not those of a .pdf file" in text_of(liar)) == (422, True)
    present = case.evidence.all()[0].pk
    both = client.post(address(case), {"until": later(case), "reason": "Late", "file": upload(), "evidence": present})
    assert (both.status_code, "not both" in text_of(both)) == (422, True)
    assert (Extension.objects.count(), files(evidence_dir)) == (0, [])


def test_evidence_of_another_case_proves_nothing(as_: Opened, cast: Cast) -> None:
    case, other = make_recommendation(cast, "in_progress"), make_recommendation(cast, "in_progress")
    foreign = other.evidence.all()[0]
    sent = {"until": later(case), "reason": "Late", "evidence": foreign.pk}
    assert as_("officer").post(address(case), sent).status_code == 422
    until = date.fromisoformat(later(case))
    with pytest.raises(Refused, match="another recommendation"):
        request_extension(case, until=until, reason="Late", by=cast.officer, evidence=foreign)
    assert Extension.objects.count() == 0


def test_a_date_that_has_passed_is_no_new_date(as_: Opened, cast: Cast) -> None:
    long_ago = TODAY - timedelta(days=100)
    case = make_recommendation(cast, "in_progress", first_due=long_ago, current_due=long_ago)
    for until in (TODAY - timedelta(days=1), TODAY):
        response = as_("officer").post(address(case), {"until": str(until), "reason": "Late"})
        assert (response.status_code, "The new date must lie ahead." in text_of(response)) == (422, True)


LEVELS = [
    ("high", 1, [("3", "Head of department"), ("", "Ministry leader")]),
    ("medium", 1, [("2", "Coordinator"), ("6", "Head of department"), ("", "Ministry leader")]),
    ("low", 1, [("4", "Coordinator"), ("9", "Head of department"), ("", "Ministry leader")]),
    ("high", -1, [("", "Ministry leader")]),
    ("medium", -1, [("2", "Head of department"), ("", "Ministry leader")]),
    ("low", -1, [("4", "Head of department"), ("", "Ministry leader")]),
]


@pytest.mark.parametrize(("risk", "days", "levels"), LEVELS)
def test_the_page_says_who_decides_on_which_date(
    as_: Opened, cast: Cast, risk: str, days: int, levels: list[tuple[str, str]]
) -> None:
    first = TODAY + timedelta(days=days)
    case = make_recommendation(cast, "in_progress", risk=risk, first_due=first, current_due=first)
    shown = text_of(as_("officer").get(address(case)))
    expected = []
    for months, role in levels:
        date_text = f"up to {first + relativedelta(months=int(months)):%d.%m.%Y}" if months else "later"
        expected.append([date_text if len(levels) > 1 else "any", role])
    assert table(shown) == expected
    assert ("goes one level up" in shown) == (days < 0)
    for (months, role), (_date, _role) in zip(levels, expected, strict=True):
        until = first + relativedelta(months=int(months or 24))
        asked = request_extension(case, until=until, reason="Late", by=cast.officer)
        assert str(asked.get_level_display()) == role
        Extension.objects.all().delete()


def test_levels_count_from_the_first_due_date(as_: Opened, cast: Cast) -> None:
    first = TODAY + timedelta(days=10)
    case = make_recommendation(
        cast, "in_progress", first_due=first, current_due=first + relativedelta(months=3), slips=1
    )
    until = f"up to {first + relativedelta(months=6):%d.%m.%Y}"
    assert table(text_of(as_("officer").get(address(case)))) == [
        [until, "Head of department"],
        ["later", "Ministry leader"],
    ]


def test_one_request_waits_at_a_time_and_three_are_the_most(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    make_extension(cast, case)
    client = as_("officer")
    opened = client.get(address(case))
    assert (opened.status_code, "still undecided" in text_of(opened)) == (403, True)
    sent = client.post(address(case), {"until": later(case), "reason": "Once more"})
    assert (sent.status_code, "still undecided" in text_of(sent), "Once more" in text_of(sent)) == (422, True, True)
    full = make_recommendation(cast, "in_progress")
    for _turn in range(3):
        make_extension(cast, full, "refused")
    assert "three times at most" in text_of(client.get(address(full)))
    assert client.post(address(full), {"until": later(full), "reason": "Once more"}).status_code == 422


def test_who_may_not_ask_gets_the_reason_and_strangers_nothing(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "in_progress")
    sent = {"until": later(case), "reason": "Late"}
    for who in ("leader", "observer", "head", "coordinator"):
        for answer in (as_(who).get(address(case)), as_(who).post(address(case), sent)):
            assert (answer.status_code, "You may not do this: it is for" in text_of(answer)) == (403, True)
    for who in ("director", "expert", "registrar", "stranger"):
        assert {as_(who).get(address(case)).status_code, as_(who).post(address(case), sent).status_code} == {404}
    undated = make_recommendation(cast, "in_progress", first_due=None, current_due=None, no_due_reason="Always")
    assert "no due date to be extended" in text_of(as_("officer").get(address(undated)))
    assert Extension.objects.count() == 0
