"""A kind of case that is twelve files lives on the desk's pages: list, page, inbox, acts, trail, letters, export."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.desk.models import Comment, Document
from notifications.models import Message
from notifications.worker import send_due_messages
from tests.cast import Cast, person
from tests.followup.pages import act_links, browser, text_of
from tests.kinds.toys import make_note, make_visit, new_visit
from tests.toys.models import Note, Visit
from tests.toys.visit import State
from workflow.door import Refused, begin, perform
from workflow.matrix import matrix
from workflow.models import Event, Expectation
from workflow.roles import Role
from workflow.trail.verification import export_lines
from workflow.trail.verify import verify

TOYS = Path(__file__).parents[1] / "toys"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
pytestmark = pytest.mark.django_db


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return text_of(response)


def press(client: Client, case: Any, action: str, **inputs: Any) -> int:
    path = f"/{'notes' if isinstance(case, Note) else 'visits'}/{case.number}/act/{action}/"
    assert client.get(path).status_code == 200
    return client.post(path, {"version": case.version, **inputs}).status_code


def test_a_kind_takes_at_most_twelve_files_and_four_hundred_lines() -> None:
    files = [file for file in TOYS.rglob("*") if file.suffix in (".py", ".html") and file.name != "__init__.py"]
    own = [file for file in files if "migrations" not in file.parts and file.name != "note.py"]
    assert len(own) + 1 <= 12, "with its migration"
    assert sum(len(file.read_text(encoding="utf-8").splitlines()) for file in own) <= 400


def test_from_the_plan_to_the_end_everybody_finds_their_task_on_the_pages(cast: Cast) -> None:
    visit = make_visit(cast, contractor=None)
    coordinator, expert, lead = (browser(cast, who) for who in ("coordinator", "expert", "lead"))
    assert visit.number in page(coordinator, "/")
    assert "Start the visit" in page(coordinator, "/")
    blocked = page(coordinator, f"/visits/{visit.number}/")
    assert "Choose the contractor first." in blocked
    assert act_links_of(blocked) == set()
    Visit.objects.filter(pk=visit.pk).update(contractor=cast.contractor)
    assert "Start the visit" in page(coordinator, f"/visits/{visit.number}/")
    assert visit.number not in page(expert, "/")
    assert expert.get(f"/visits/{visit.number}/").status_code == 404

    assert press(coordinator, visit, "start") == 302
    visit = Visit.objects.get(pk=visit.pk)
    [owed] = Expectation.objects.open().of("visit", visit.pk)
    assert (owed.role, owed.assignee, owed.helper_role) == ("contractor_expert", cast.expert, "contractor_lead")
    assert "Close the visit" in page(expert, "/")
    assert "Close the visit" in page(lead, "/"), "who prepares it sees it too"
    assert "Close the visit" in page(coordinator, "/?show=waiting")

    assert press(lead, visit, "name_team", leader="Kunduz", size="3") == 302
    visit = Visit.objects.get(pk=visit.pk)
    assert (visit.leader, visit.size, visit.state) == ("Kunduz", 3, State.RUNNING)
    assert list(Expectation.objects.open().of("visit", visit.pk)) == [owed], "a term that goes on keeps its start"
    shown = page(browser(cast, "rector"), f"/visits/{visit.number}/")
    assert "Led by Kunduz" in shown
    assert "Name the team" in shown, "in the history"

    assert "Led by Kunduz" in page(expert, f"/visits/{visit.number}/act/close/"), "what is decided on"
    assert press(expert, visit, "close", summary="") == 422
    assert press(expert, visit, "close", summary="All is well.") == 302
    assert "Nothing: the case is closed." in page(coordinator, f"/visits/{visit.number}/")
    assert not Expectation.objects.open().of("visit", visit.pk).exists()
    assert verify(export_lines()).broken == ""


def act_links_of(html: str) -> set[str]:
    return act_links(html.replace("/visits/", "/recommendations/"))


def test_what_a_verb_takes_is_checked_like_what_a_transition_takes(cast: Cast) -> None:
    visit = make_visit(cast, State.RUNNING)
    for inputs, sentence in (({"leader": " "}, "Name the leader"), ({"leader": "K", "size": 10}, "At most nine")):
        with pytest.raises(Refused, match=sentence):
            perform(visit, "name_team", by=cast.lead, **inputs)
    with pytest.raises(Refused, match="it is for"):
        perform(visit, "name_team", by=cast.expert, leader="K")
    with pytest.raises(TypeError):
        perform(visit, "name_team", by=cast.lead, leader="K", state="closed")
    client = browser(cast, "lead")
    refused = client.post(f"/visits/{visit.number}/act/name_team/", {"version": 2, "leader": "Kept", "size": "10"})
    assert (refused.status_code, "At most nine people." in text_of(refused), "Kept" in text_of(refused)) == (
        422,
        True,
        True,
    )


def test_an_institution_sees_a_visit_through_the_sample_and_once(cast: Cast) -> None:
    visit = make_visit(cast, State.RUNNING)
    visit.sampled.add(cast.college)
    for who in (cast.rector, cast.officer, cast.director):
        assert list(Visit.objects.visible_to(who)) == [visit]
    for who in (cast.registrar, cast.stranger):
        assert not Visit.objects.visible_to(who).exists()
    visit.sampled.remove(cast.college)
    assert browser(cast, "director").get(f"/visits/{visit.number}/").status_code == 404


def test_each_sees_what_others_owe_on_the_cases_that_its_relation_gives_them(cast: Cast) -> None:
    visit = make_visit(cast, State.RUNNING)
    waiting = {who: page(browser(cast, who), "/?show=waiting") for who in ("rector", "officer", "director", "stranger")}
    assert {who: visit.number in shown for who, shown in waiting.items()} == {
        "rector": True, "officer": True, "director": False, "stranger": False,
    }  # fmt: skip
    planned = make_visit(cast)
    assert planned.number not in page(browser(cast, "rector"), "/?show=waiting"), "they do not see it yet"
    expert = browser(cast, "expert")
    assert "Settle the note" not in page(expert, "/?show=waiting")
    make_note(cast, visit=visit)
    assert "Settle the note" in page(expert, "/?show=waiting")
    assert "Settle the note" not in page(browser(cast, "rector"), "/?show=waiting"), "they see no notes"


def test_of_several_experts_the_assigned_one_carries_the_task_and_who_stands_in_for_them(cast: Cast) -> None:
    other = person("Other", (cast.contractor, Role.CONTRACTOR_EXPERT))
    make_visit(cast, State.RUNNING)
    [owed] = Expectation.objects.open().of("visit", Visit.objects.get().pk)
    assert owed.is_owed_by(cast.expert)
    assert not owed.is_owed_by(other)
    assert "Close the visit" not in page(browser(cast, other), "/")
    membership = other.memberships.get()
    membership.substitutes_for, membership.ends = cast.expert, membership.starts.replace(year=2100)
    membership.save()
    assert "Close the visit" in page(browser(cast, type(other).objects.get(pk=other.pk)), "/")


def test_comments_and_documents_of_any_kind(cast: Cast) -> None:
    visit = make_visit(cast, State.RUNNING)
    path = f"/visits/{visit.number}"
    expert, head = browser(cast, "expert"), browser(cast, "head")
    assert expert.post(f"{path}/comment/", {"audience": "institution", "text": "We come at nine."}).status_code == 302
    assert head.post(f"{path}/comment/", {"audience": "internal", "text": "Watch the costs."}).status_code == 302
    assert expert.post(f"{path}/comment/", {"audience": "internal", "text": "x"}).status_code == 422
    assert ("We come at nine." in page(expert, f"{path}/"), "Watch the costs." in page(expert, f"{path}/")) == (
        True,
        False,
    )
    assert "Watch the costs." in page(head, f"{path}/")
    assert Comment.objects.of(visit).count() == 2

    sent = {"file": SimpleUploadedFile("Отчёт.pdf", PDF), "note": "The plan"}
    assert expert.post(f"{path}/documents/", sent).status_code == 302
    first = Document.objects.get()
    again = {"file": SimpleUploadedFile("Отчёт 2.pdf", PDF), "replaces": first.pk}
    assert expert.post(f"{path}/documents/", again).status_code == 302
    newest = Document.objects.of(visit).newest().get()
    assert (newest.version, newest.replaces) == (2, first)
    response = browser(cast, "rector").get(f"{path}/documents/{newest.pk}/")
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert browser(cast, "stranger").get(f"{path}/documents/{newest.pk}/").status_code == 404
    assert head.get(f"{path}/documents/").status_code == 403
    assert "Отчёт 2.pdf" in page(expert, f"{path}/")
    other = make_visit(cast, State.RUNNING)
    assert expert.get(f"/visits/{other.number}/documents/{newest.pk}/").status_code == 404


def test_a_second_kind_is_shown_on_the_page_of_what_it_is_about(cast: Cast) -> None:
    visit = make_visit(cast, State.RUNNING)
    note = make_note(cast, visit=visit)
    coordinator = browser(cast, "coordinator")
    shown = page(coordinator, f"/visits/{visit.number}/")
    assert f'id="note-{note.pk}"' in shown
    assert f"/notes/{note.number}/act/settle/" in shown, "its button is in the box of what has to be done"
    inbox = page(coordinator, "/")
    assert f'href="/visits/{visit.number}/"' in inbox
    assert "Settle the note" in inbox
    assert "Settle the note" not in page(browser(cast, "rector"), f"/visits/{visit.number}/")
    response = coordinator.post(f"/notes/{note.number}/act/settle/", {"version": note.version})
    assert response.headers["Location"] == f"/visits/{visit.number}/#note-{note.pk}"
    event = Event.objects.of("note", note.pk).latest("id")
    assert (event.about_type, event.about_id, event.ministry_id) == ("visit", visit.pk, cast.ministry.pk)


def test_list_and_export_hold_what_the_reader_may_see(cast: Cast) -> None:
    seen, hidden = make_visit(cast, State.RUNNING), make_visit(cast)
    lead = browser(cast, "lead")
    assert (seen.number in page(lead, "/visits/"), hidden.number in page(lead, "/visits/")) == (True, False)
    assert hidden.number in page(browser(cast, "coordinator"), "/visits/?state=planned")
    assert seen.number not in page(browser(cast, "coordinator"), "/visits/?state=planned")
    text = b"".join(lead.get("/visits/export.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(StringIO(text)))
    assert rows == [["Number", "State", "Title", "People"], [seen.number, "Running", "Visit (test)", "0"]]
    assert lead.get("/visits/export.xlsx").status_code == 200
    assert lead.get("/visits/export.exe").status_code == 404
    assert "Visits" in page(browser(cast, "coordinator"), "/"), "in the menu"


def test_the_trail_names_it_and_finds_it_by_its_number_with_all_that_is_about_it(cast: Cast) -> None:
    visit = make_visit(cast, State.RUNNING)
    note = make_note(cast, "settled", visit)
    leader = browser(cast, "leader")
    shown = page(leader, f"/trail/?number={visit.number}")
    assert ("Start the visit" in shown, "Settle the note" in shown) == (True, True)
    assert f'href="/case/note/{note.pk}/"' in shown
    response = leader.get(f"/case/note/{note.pk}/")
    assert response.headers["Location"] == f"/visits/{visit.number}/#note-{note.pk}"


def test_letters_tell_whom_the_rules_name_and_say_what_it_is_about(cast: Cast) -> None:
    make_visit(cast, State.RUNNING)
    told = set(Message.objects.filter(event__action="start", channel="email").values_list("recipient", flat=True))
    assert told == {cast.lead.pk, cast.expert.pk, cast.rector.pk}
    cast.expert.__class__.objects.update(language="en")
    send_due_messages()
    [letter] = [message for message in mail.outbox if message.to == [cast.expert.email] and "Start" in message.subject]
    assert "Contractor: CON (test)" in letter.body
    assert "Close the visit, by" in letter.body
    assert Visit.objects.get().number in letter.body


def test_the_matrix_prints_it() -> None:
    text = matrix([Visit])
    assert "start: planned -> running" in text
    assert "contractor_lead      view, name_team, comment, document" in text


def test_a_case_that_nobody_can_owe_is_a_mistake_of_the_program_not_of_the_person(cast: Cast) -> None:
    visit = make_visit(cast)
    Visit.objects.filter(pk=visit.pk).update(contractor=None)
    with pytest.raises(Refused, match="Choose the contractor first"):
        perform(Visit.objects.get(), "start", by=cast.coordinator)


def test_a_person_who_may_not_begin_one_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="it is for"):
        begin(new_visit(cast), by=cast.expert)
