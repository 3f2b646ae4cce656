"""The page on which a draft is entered and edited: everything is kept, wrong and outdated forms lose nothing."""

import re
from datetime import date, timedelta

import pytest

from cases.followup.models import Contributor, InterimDeadline, Recommendation, SourceDocument
from cases.followup.verbs import Draft, draft_recommendation
from cases.registry.models import LegalAct
from tests.cast import Cast, organisation, person
from tests.factories import make_recommendation, make_source
from tests.followup.draft_forms import DUE, LEAST, NEW, editing, fields, school
from tests.followup.pages import Opened, footprint, text_of
from workflow.door import Refused, perform
from workflow.models import Event
from workflow.roles import Role

pytestmark = pytest.mark.slow


def test_a_coordinator_enters_a_draft_with_all_that_belongs_to_it(as_: Opened, cast: Cast) -> None:
    act = LegalAct.objects.create(kind="law", title="On education (test)")
    client = as_("coordinator")
    assert fields(text_of(client.get(NEW)))["coordinator"] == str(cast.coordinator.pk)
    sent = LEAST | {
        "text_ru": "Провести <мониторинг>", "text_en": "Carry\x00 out\r\nmonitoring", "authoritative_language": "ru",
        "source_kind": "audit", "source_title": "Audit (test)", "source_number": "12", "source_date": "2026-01-31",
        "source_issuer": "Chamber", "source_legal_act": act.pk, "item": "2.1", "cause": "Criterion 5", "risk": "high",
        "classification": "improvement", "is_priority": "on", "due": str(DUE), "controller": "Vice-rector",
        "contributors": " Library \r\n\r\nDean's office", "coordinator": cast.second_coordinator.pk, "rows": "3",
        "interim_due_2": "31.12.2026", "interim_topic_2": "First report",
    }  # fmt: skip
    response = client.post(NEW, sent)
    case = Recommendation.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, case.get_absolute_url())
    assert {key: one.text for key, one in case.current_texts().items()} == {
        "ky": "Мониторинг жүргүзүлсүн", "ru": "Провести <мониторинг>", "en": "Carry out\nmonitoring",
    }  # fmt: skip
    source = case.source
    assert source is not None
    assert (source.kind, source.title, source.number, source.date) == ("audit", "Audit (test)", "12", date(2026, 1, 31))
    assert (source.issuer, source.legal_act, source.department) == ("Chamber", act, cast.department)
    assert (case.institution, case.department, case.ministry) == (cast.university, cast.department, cast.ministry)
    assert (case.first_due, case.current_due, case.controller, case.item) == (DUE, DUE, "Vice-rector", "2.1")
    assert (case.risk, case.classification, case.is_priority) == ("high", "improvement", True)
    assert (case.authoritative_language, case.coordinator, case.state) == ("ru", cast.second_coordinator, "draft")
    assert list(Contributor.objects.values_list("name", flat=True)) == ["Library", "Dean's office"]
    assert list(InterimDeadline.objects.values_list("due", "topic")) == [(date(2026, 12, 31), "First report")]
    assert [event.action for event in Event.objects.of("recommendation", case.pk)] == ["create"]
    perform(case, "issue", by=cast.second_coordinator)


def test_the_least_that_is_stored_and_what_it_lacks_to_be_issued(as_: Opened, cast: Cast) -> None:
    client = as_("coordinator")
    assert client.post(NEW, LEAST).status_code == 302
    case = Recommendation.objects.get()
    page = text_of(client.get(editing(case)))
    for sentence in ("Say which finding or criterion", "Name the source document first", "Add a due date first"):
        assert sentence in page
    assert "Write the text of the recommendation first" not in page


WRONG: list[tuple[dict[str, str], str, str]] = [
    ({"institution": " "}, "institution", "Say which institution is accountable."),
    ({"institution": "no such"}, "institution", "No active institution has this code or name."),
    ({"institution": "DEP"}, "institution", "No active institution has this code or name."),
    ({"institution": "&|!:*"}, "which_group", "Several institutions fit: choose one."),
    ({"text_ky": "\x00 "}, "text_ky", "Write the text in the authoritative language."),
    ({"authoritative_language": "ru"}, "text_ru", "Write the text in the authoritative language."),
    ({"authoritative_language": "xx"}, "authoritative_language", "Select a valid choice."),
    ({"text_en": "x" * 10_001}, "text_en", "at most 10000 characters"),
    ({"risk": "none"}, "risk", "Select a valid choice."),
    ({"due": "31.02.2026"}, "due", "This is not a date."),
    ({"due": str(DUE), "no_due_reason": "Always"}, "no_due_reason", "not both"),
    ({"source": "77777"}, "source", "Select a valid choice."),
    ({"source_title": "Only a title"}, "source_kind", "Choose the kind of the new document."),
    ({"source_kind": "audit"}, "source_title", "Give the title of the new document."),
    ({"rows": "3", "interim_topic_1": "Report"}, "interim_due_1", "Give the date of the interim deadline."),
    ({"contributors": "x" * 301}, "contributors", "longer than 300 characters"),
    ({"coordinator": "77777"}, "coordinator", "Select a valid choice."),
    ({"controller": "x" * 201}, "controller", "at most 200 characters"),
]


@pytest.mark.parametrize(("wrong", "field", "sentence"), WRONG)
def test_what_is_wrong_is_said_at_its_field_and_all_typed_comes_back(
    as_: Opened, cast: Cast, wrong: dict[str, str], field: str, sentence: str
) -> None:
    sent = LEAST | {"text_en": "Typed <b>with</b> care", "item": "7"} | wrong
    response = as_("coordinator").post(NEW, sent)
    shown = text_of(response)
    assert response.status_code == 422
    assert re.search(rf'<a href="#id_{field}">[^<]*{re.escape(sentence)}', shown)
    again = fields(shown)
    assert {name: again[name] for name in ("item", "text_en")} == {name: sent[name] for name in ("item", "text_en")}
    assert not Recommendation.objects.exists()
    assert not SourceDocument.objects.exists()


def test_an_institution_is_found_by_code_name_or_choice(as_: Opened, cast: Cast) -> None:
    one = school("S-17", "Ош шаардык №17 орто мектеп (test)", name_ru="Школа №17 города Ош (test)")
    two = school("S-18", "Ош шаардык №18 орто мектеп (test)")
    school("S-19", "Ош шаардык №19 орто мектеп (test)", is_active=False)
    client = as_("coordinator")
    for typed in ("s-17", "S-17 – anything", "школа №17 города ош (TEST)"):
        assert client.post(NEW, LEAST | {"institution": typed}).status_code == 302, typed
        assert Recommendation.objects.latest("pk").institution == one
    for typed in ("№17 мектеп", "мектеп 17 ОШ"):
        asked = client.post(NEW, LEAST | {"institution": typed})
        assert (asked.status_code, text_of(asked).count('type="radio" name="which"')) == (422, 1), "nobody is guessed"
        assert "One organisation fits: choose it if it is meant." in text_of(asked)
        assert client.post(NEW, LEAST | {"institution": typed, "which": str(one.pk)}).status_code == 302
        assert Recommendation.objects.latest("pk").institution == one
    several = client.post(NEW, LEAST | {"institution": "орто мектеп", "item": "Kept"})
    shown = text_of(several)
    assert (several.status_code, shown.count('type="radio" name="which"')) == (422, 2)
    assert fields(shown)["item"] == "Kept"
    chosen = LEAST | {"institution": "орто мектеп", "which": str(two.pk)}
    assert client.post(NEW, chosen).status_code == 302
    assert Recommendation.objects.latest("pk").institution == two
    changed = client.post(NEW, LEAST | {"institution": "UNI", "which": str(two.pk)})
    assert changed.status_code == 302
    assert Recommendation.objects.latest("pk").institution == cast.university
    forged = client.post(NEW, LEAST | {"institution": "орто мектеп", "which": str(cast.college.pk)})
    assert forged.status_code == 422


def test_many_institutions_of_one_name_are_not_all_listed(as_: Opened, cast: Cast) -> None:
    for number in range(30):
        school(f"K-{number}", "Балдар бакчасы (test)")
    shown = text_of(as_("coordinator").post(NEW, LEAST | {"institution": "бакча"}))
    assert shown.count('type="radio" name="which"') == 20
    assert "More than 20 institutions fit; these are the first." in shown


def test_looking_for_an_institution_and_adding_rows_store_nothing(as_: Opened, cast: Cast) -> None:
    client = as_("coordinator")
    half = {"institution": "UNI", "text_ky": "Half a <text>", "due": "some day", "is_priority": "on", "rows": "3"}
    found = client.post(NEW, half | {"find": "1"})
    assert (found.status_code, "Found: UNI – UNI (test)" in text_of(found)) == (200, True)
    more = client.post(NEW, half | {"more_rows": "1", "interim_topic_3": "Third"})
    again = fields(text_of(more))
    assert (more.status_code, again["text_ky"], again["due"]) == (200, "Half a <text>", "some day")
    assert (again["rows"], again["interim_topic_3"], again["is_priority"]) == ("6", "Third", "on")
    assert "error-summary" not in text_of(found) + text_of(more)
    assert "No active institution" in text_of(client.post(NEW, {"institution": "nowhere", "find": "1"}))
    assert not Recommendation.objects.exists()


def test_a_document_is_chosen_or_entered_once(as_: Opened, cast: Cast) -> None:
    source = make_source(cast.department)
    foreign = SourceDocument.objects.create(kind="audit", title="Foreign (test)", department=cast.other_department)
    client = as_("coordinator")
    page = text_of(client.get(NEW))
    assert str(source) in page
    assert "Foreign (test)" not in page
    assert client.post(NEW, LEAST | {"source": foreign.pk}).status_code == 422
    both = client.post(NEW, LEAST | {"source": source.pk, "source_title": "Other"})
    assert "Choose a document or enter a new one, not both." in text_of(both)
    assert client.post(NEW, LEAST | {"source": source.pk}).status_code == 302
    same = {"source_kind": source.kind, "source_title": source.title, "source_number": source.number,
            "source_date": str(source.date)}  # fmt: skip
    assert client.post(NEW, LEAST | same).status_code == 302
    assert {case.source for case in Recommendation.objects.all()} == {source}


def test_who_may_not_draft_gets_the_reason_and_strangers_nothing(as_: Opened, cast: Cast) -> None:
    case = make_recommendation(cast, "draft")
    before = footprint(case)
    for who in ("leader", "observer", "head", "rector", "registrar", "stranger"):
        for answer in (as_(who).get(NEW), as_(who).post(NEW, LEAST)):
            assert (answer.status_code, "Only a coordinator" in text_of(answer)) == (403, True)
    for who in ("leader", "observer", "head"):
        assert "You may not do this: it is for Coordinator." in text_of(as_(who).get(editing(case)))
    other = as_("second_coordinator")
    assert "This case is assigned to Aigul (test)." in text_of(other.get(editing(case)))
    assert other.post(editing(case), LEAST | {"version": str(case.version)}).status_code == 422
    for who in ("rector", "officer", "director", "registrar", "stranger"):
        assert {as_(who).get(editing(case)).status_code, as_(who).post(editing(case), LEAST).status_code} == {404}
    assert footprint(case) == before


def test_who_coordinates_for_two_departments_says_for_which(as_: Opened, cast: Cast) -> None:
    both = person("Both", (cast.department, Role.COORDINATOR), (cast.other_department, Role.COORDINATOR))
    client = as_(both)
    assert 'name="department"' in text_of(client.get(NEW))
    assert client.post(NEW, LEAST).status_code == 422
    assert client.post(NEW, LEAST | {"department": cast.other_department.pk}).status_code == 302
    assert Recommendation.objects.get().department == cast.other_department
    source = make_source(cast.department)
    mixed = client.post(NEW, LEAST | {"department": cast.other_department.pk, "source": source.pk})
    assert (mixed.status_code, "belongs to another department" in text_of(mixed)) == (422, True)


def test_the_verb_itself_checks_what_a_draft_belongs_to(cast: Cast) -> None:
    least = {"department": cast.department, "texts": {"ky": "Текст"}}
    closed = organisation("OLD", "institution", institution_type="college", is_active=False)  # type: ignore[arg-type]
    for more, sentence in [
        ({"institution": cast.contractor}, "not an active institution"),
        ({"institution": closed}, "not an active institution"),
        ({"institution": cast.university, "coordinator": cast.rector}, "not a coordinator of this department"),
        (
            {"institution": cast.university, "due": DUE, "interim": [(DUE + timedelta(days=1), "")]},
            "later than the final",
        ),
    ]:
        with pytest.raises(Refused, match=sentence):
            draft_recommendation(Draft(**least, **more), by=cast.coordinator)  # type: ignore[arg-type]
    assert not Recommendation.objects.exists()
