"""What e-mails say: in the reader's language, with what is expected of them, and nothing that is nobody's business."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cases.desk.kinds import kinds
from cases.desk.talking import comment
from cases.followup.models import Recommendation
from cases.registry.models import Membership, User
from cases.registry.verbs import invite
from notifications.ahead import Ahead, expected_on
from notifications.letters import ACCESS_WITHDRAWN, duties, letter, subject
from notifications.models import Message
from notifications.worker import send_due_messages
from tests.cast import Cast, person
from tests.factories import TEXTS, make_extension, make_recommendation
from tests.notifications.outbox import rename
from workflow.door import perform
from workflow.lifecycles.recommendation import State
from workflow.models import Event, Expectation
from workflow.roles import Role
from workflow.terms import legal_date, working_days_from

pytestmark = pytest.mark.slow

TEMPLATES = sorted({rule.template for kind in kinds().values() for rule in kind.tells} | {"happened"})


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = "https://baikoo.example/"


def post(*, to: User) -> EmailMessage:
    """Sends what is due and gives the one e-mail to a person."""
    send_due_messages()
    [found] = [message for message in mail.outbox if message.to == [to.email]]
    return found


def speak(user: User, language: str) -> User:
    """As the database has it, so that memberships are asked afresh."""
    User.objects.filter(pk=user.pk).update(language=language)
    return User.objects.get(pk=user.pk)


def expected(case: Any) -> list[Expectation]:
    """As a letter that is written alone reads it."""
    case = type(case)._base_manager.get(pk=case.pk)
    ahead = Ahead([])
    ahead.expected = expected_on([case])
    return ahead.expected_of(case)


def duties_of(user: User, case: Any) -> list[tuple[str, date]]:
    with translation.override("en"):
        return [(duty.label, duty.due) for duty in duties(expected(case), User.objects.get(pk=user.pk))]


def test_a_letter_says_what_happened_what_is_expected_by_when_and_where(cast: Cast) -> None:
    case = make_recommendation(cast)
    speak(cast.rector, "en")
    perform(case, "issue", by=cast.coordinator)
    sent = post(to=cast.rector)
    due = working_days_from(legal_date(), 20)
    assert case.number in sent.subject
    assert "issued" in sent.body
    assert f"- Answer, by {due:%d.%m.%Y}" in sent.body
    assert f"https://baikoo.example/recommendations/{case.number}/" in sent.body
    assert cast.rector.full_name in sent.body
    assert sent.content_subtype == "plain"
    assert not sent.attachments


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_a_letter_is_in_the_language_of_its_reader(cast: Cast, language: str) -> None:
    rename(cast.university, **{code: f"University in {code} (test)" for code in ("ky", "ru", "en")})
    case = make_recommendation(cast)
    speak(cast.officer, language)
    with translation.override("en"):
        perform(case, "issue", by=cast.coordinator)
        sent = post(to=cast.officer)
        assert translation.get_language() == "en", "the language of the process stays"
    with translation.override(language):
        assert f"University in {language} (test)" in sent.body
        assert gettext("What is expected of you:") in sent.body
        assert (
            gettext("%(number)s: a recommendation to your institution, an answer is awaited") % {"number": case.number}
            == sent.subject
        )


def test_each_reader_gets_their_own_language_in_the_same_round(cast: Cast) -> None:
    rename(cast.university, **{code: f"University in {code} (test)" for code in ("ky", "ru", "en")})
    speak(cast.rector, "ru")
    english = person("Elena", (cast.university, Role.INSTITUTION_OFFICER), language="en")
    perform(make_recommendation(cast), "issue", by=cast.coordinator)
    assert send_due_messages() == 3
    letters = {message.to[0]: message for message in mail.outbox}
    said = {user: letters[user.email].body for user in (cast.rector, cast.officer, english)}
    assert "University in ru" in said[cast.rector]
    assert "University in ky" in said[cast.officer], "who has chosen nothing reads Kyrgyz"
    assert "University in en" in said[english]
    assert len({letters[user.email].subject for user in said}) == len(said)


def test_who_changes_the_language_before_the_letter_goes_out_gets_the_new_one(cast: Cast) -> None:
    case = make_recommendation(cast)
    speak(cast.rector, "ru")
    perform(case, "issue", by=cast.coordinator)
    speak(cast.rector, "en")
    assert "an answer is awaited" in post(to=cast.rector).subject


@pytest.mark.parametrize("template", TEMPLATES)
def test_subject_and_what_happened_are_said_in_three_languages(cast: Cast, template: str) -> None:
    case = make_recommendation(cast)
    message = Message(template=template, recipient=cast.rector, event=Event.objects.of("recommendation", case.pk).get())
    subjects, happenings = set(), set()
    for language in ("ky", "ru", "en"):
        with translation.override(language):
            subjects.add(subject(message, case))
            happenings.add(letter(message, case, Ahead([message])).split("\n\n")[1])
    assert len(subjects) == len(happenings) == 3
    assert all(case.number in one for one in subjects | happenings)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_makes_a_subject_of_one_line_and_a_letter(cast: Cast, template: str, language: str) -> None:
    case = make_recommendation(cast)
    speak(cast.rector, language)
    perform(case, "issue", by=cast.coordinator)
    Message.objects.update(template=template)
    sent = post(to=cast.rector)
    assert case.number in sent.subject
    assert "\n" not in sent.subject
    assert sent.subject == sent.subject.strip()
    addresses = 0 if template == ACCESS_WITHDRAWN else 1  # Who has no access any more gets no address.
    assert sent.body.count(case.number) >= 1 + addresses, "in what happened and in the address"
    assert "\n\n\n" not in sent.body
    assert "  " not in sent.body
    assert sent.message()["Message-ID"].endswith("@baikoo.example>")


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_a_link_for_the_password_comes_in_the_language_of_its_reader(cast: Cast, language: str) -> None:
    speak(cast.rector, language)
    invite(cast.rector, by=cast.registrar)
    letter = post(to=cast.rector)
    with translation.override(language):
        assert letter.subject == gettext("Set your password for Baikoo")
        assert gettext("Dear %(name)s,") % {"name": cast.rector.full_name} in letter.body
    assert re.search(r"https://baikoo\.example/registry/people/set-password/\S+/\n", letter.body)
    assert cast.rector.email in letter.body


def test_names_with_signs_stay_as_they_are(cast: Cast) -> None:
    rename(cast.university, ky="Р&D <институт> «Ө'нүгүү»")
    perform(make_recommendation(cast), "issue", by=cast.coordinator)
    assert "Р&D <институт> «Ө'нүгүү»" in post(to=cast.rector).body


def test_nothing_of_the_case_itself_is_told(cast: Cast) -> None:
    case = make_recommendation(cast, State.IN_PROGRESS)
    comment(case, "A secret of the department.", by=cast.head, is_internal=True)
    comment(case, "A word to the rector.", by=cast.coordinator, is_internal=False)
    perform(case, "withdraw", by=cast.leader, closing_reason="superseded", reason="A delicate reason.")
    send_due_messages()
    assert len(mail.outbox) > 4
    for sent in mail.outbox:
        for words in (*TEXTS.values(), case.cause, "secret", "word to the rector", "delicate", "Measure 1"):
            assert words not in f"{sent.subject} {sent.body}"


def test_the_institution_never_hears_of_an_internal_comment(cast: Cast) -> None:
    comment(make_recommendation(cast, State.ISSUED), "Internal.", by=cast.head, is_internal=True)
    send_due_messages()
    assert {sent.to[0] for sent in mail.outbox} == {cast.coordinator.email, cast.second_head.email}


def test_what_is_expected_is_what_the_reader_owes_or_prepares(cast: Cast) -> None:
    case = make_recommendation(cast, State.ISSUED)
    answer = [("Answer", working_days_from(legal_date(), 20))]
    assert duties_of(cast.rector, case) == answer
    assert duties_of(cast.officer, case) == answer
    assert duties_of(cast.director, case) == duties_of(cast.coordinator, case) == []


def test_of_several_coordinators_the_assigned_one_and_who_stands_in_owe_it(cast: Cast) -> None:
    case = make_recommendation(cast, State.UNDER_REVIEW)
    review = [("Review the answer and the plan", working_days_from(legal_date(), 10))]
    assert duties_of(cast.coordinator, case) == review
    assert duties_of(cast.second_coordinator, case) == []
    Membership.objects.create(
        person=cast.second_coordinator,
        organisation=cast.department,
        role=Role.COORDINATOR,
        substitutes_for=cast.coordinator,
        starts=legal_date(),
        ends=legal_date(),
    )
    assert duties_of(cast.second_coordinator, case) == review


def test_nobodys_case_is_owed_by_every_coordinator(cast: Cast) -> None:
    case = make_recommendation(cast, State.UNDER_REVIEW, coordinator=None)
    assert duties_of(cast.second_coordinator, case) == duties_of(cast.coordinator, case) != []


def test_each_action_is_named_once_by_its_earliest_term(cast: Cast) -> None:
    case = make_recommendation(cast, State.UNDER_REVIEW, measures=3)
    perform(case, "agree_plan", by=cast.coordinator)
    due = case.current_due
    assert due
    assert duties_of(cast.rector, case) == [("Add evidence", due - timedelta(days=30)), ("Report as done", due)]


def test_after_more_time_was_granted_the_new_date_is_told(cast: Cast) -> None:
    extension = make_extension(cast)
    speak(cast.rector, "en")
    perform(extension, "grant", by=cast.head)
    due = Recommendation.objects.get().current_due
    assert due == extension.until
    assert f"- Report as done, by {due:%d.%m.%Y}" in post(to=cast.rector).body


def test_who_owes_nothing_is_told_so(cast: Cast) -> None:
    case = make_recommendation(cast, State.VERIFIED)
    speak(cast.rector, "en")
    perform(case, "close", by=cast.head, closing_reason="implemented")
    assert "Nothing is expected of you at present." in post(to=cast.rector).body


def test_a_subject_is_plain_text_that_pages_escape(cast: Cast) -> None:
    case = make_recommendation(cast)
    case.number = "<b>"
    said = subject(Message(template="issued", event=Event(action="issue")), case)
    assert said.startswith("<b>: ")
    assert not isinstance(said, SafeString)
