"""A registrar who tries to become the minister: each way alone changes nothing, and others see the attempt."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.accounts.models import AccountChange
from cases.registry.imports.importing import import_upload, preview, store_upload
from cases.registry.models import Membership, Organisation, User
from cases.registry.verbs import fingerprint, invite
from cases.registry.verbs.memberships import end_membership
from cases.registry.verbs.recording import Action, Step, registrar, write
from notifications.models import Message
from notifications.worker import send_due_messages
from tests.cast import Cast, person
from workflow.door import Refused
from workflow.lifecycles.account_change import DECIDING
from workflow.models import Event
from workflow.roles import Role
from workflow.terms import legal_date

pytestmark = pytest.mark.django_db
TODAY = legal_date()
At = Callable[[User], Client]
Send = Callable[..., Any]


def edited(at: At, by: User, who: User, **values: str) -> Any:
    filled = {name: getattr(who, name) for name in User.FIELDS} | {"version": fingerprint(who)} | values
    return at(by).post(reverse("person_edit", args=[who.pk]), filled, follow=True)


def test_the_leader_keeps_their_address_and_password_whatever_one_registrar_does(
    cast: Cast, at: At, send: Send
) -> None:
    edited(at, cast.registrar, cast.leader, email="roza.second@test.example")
    change = AccountChange.objects.get()
    assert send(cast.registrar, change, "approve").status_code == 422
    at(cast.registrar).post(reverse("person_invite", args=[cast.leader.pk]))
    cast.leader.refresh_from_db()
    assert cast.leader.email == "leila@test.example"
    send_due_messages()
    links = [letter.to for letter in mail.outbox if "set-password" in letter.body]
    assert links == [["leila@test.example"]], "the link goes to the leader's own mailbox"


def test_a_second_account_gets_no_role_that_decides(cast: Cast, at: At, send: Send) -> None:
    own = person("Roza2")
    for role, place in (
        (Role.MINISTRY_LEADER, cast.ministry), (Role.REGISTRAR, cast.department), (Role.COORDINATOR, cast.department),
        (Role.DEPARTMENT_HEAD, cast.department), (Role.INSTITUTION_HEAD, cast.college),
        (Role.CONTRACTOR_LEAD, cast.contractor),
    ):  # fmt: skip
        filled = {"organisation": place.code, "role": role, "starts": f"{TODAY}"}
        at(cast.registrar).post(reverse("membership_add", args=[own.pk]), filled)
        for who in (cast.registrar, own):
            assert send(who, AccountChange.objects.latest("id"), "approve").status_code in (404, 422)
    assert AccountChange.objects.count() == len(DECIDING)
    assert not own.memberships.exists()


def test_a_second_account_does_not_stand_in_for_somebody_who_decides(cast: Cast, at: At) -> None:
    own = person("Roza2")
    absent = Membership.objects.get(person=cast.leader)
    filled = {"substitute": own.email, "starts": f"{TODAY}", "ends": f"{TODAY}"}
    at(cast.registrar).post(reverse("substitution_add", args=[absent.pk]), filled)
    assert AccountChange.objects.get().change == "substitution"
    assert not own.memberships.exists()


def test_a_thousand_people_by_a_table_get_no_role_that_decides(cast: Cast) -> None:
    rows = "\n".join(f"n{n}@x.example,N {n},MIN,ministry_leader" for n in range(1000))
    table = SimpleUploadedFile("people.csv", f"email,full_name,organisation,role\n{rows}".encode())
    upload = store_upload("people", table, by=cast.registrar)
    found = preview(upload, by=cast.registrar)
    assert found.counts()["asked"] == 1000
    import_upload(upload, by=cast.registrar, seen=found.fingerprint())
    assert Membership.objects.filter(role=Role.MINISTRY_LEADER).count() == 1
    assert AccountChange.objects.undecided().count() == 1000
    assert Event.objects.filter(subject_type="account_change", action="create").count() == 1000
    assert Message.objects.filter(recipient=cast.head, channel="in_app").count() == 1000


def test_requests_by_a_table_ask_the_same_queries_whatever_their_number(cast: Cast) -> None:
    asked = []
    for first, last in ((0, 2), (100, 150)):
        rows = "\n".join(f"n{n}@x.example,N {n},UNI,institution_head" for n in range(first, last))
        table = SimpleUploadedFile("people.csv", f"email,full_name,organisation,role\n{rows}".encode())
        upload = store_upload("people", table, by=cast.registrar)
        seen = preview(upload, by=cast.registrar).fingerprint()
        with CaptureQueriesContext(connection) as counted:
            import_upload(upload, by=cast.registrar, seen=seen)
        asked.append(len(counted))
    assert asked[0] == asked[1]


def test_a_table_does_not_prolong_a_role_that_decides(cast: Cast) -> None:
    Membership.objects.filter(person=cast.rector).update(ends=TODAY)
    table = f"email,organisation,role,starts,ends\n{cast.rector.email},UNI,institution_head,2020-01-01,2099-01-01"
    upload = store_upload("people", SimpleUploadedFile("people.csv", table.encode()), by=cast.registrar)
    import_upload(upload, by=cast.registrar, seen=preview(upload, by=cast.registrar).fingerprint())
    assert AccountChange.objects.get().change == "last_day"
    assert Membership.objects.get(person=cast.rector).ends == TODAY
    take_again = store_upload("people", SimpleUploadedFile("people.csv", table.encode()), by=cast.registrar)
    import_upload(take_again, by=cast.registrar, seen=preview(take_again, by=cast.registrar).fingerprint())
    assert AccountChange.objects.count() == 1, "what waits already is not asked for twice"


def test_an_address_in_a_table_never_changes_that_of_somebody_else(cast: Cast) -> None:
    table = f"email,full_name\nnew@x.example,{cast.leader.full_name}"
    upload = store_upload("people", SimpleUploadedFile("people.csv", table.encode()), by=cast.registrar)
    import_upload(upload, by=cast.registrar, seen=preview(upload, by=cast.registrar).fingerprint())
    cast.leader.refresh_from_db()
    assert cast.leader.email == "leila@test.example"
    assert User.objects.get(email="new@x.example").role_map == {}


def test_the_other_registrar_and_the_heads_are_not_put_out_of_the_way(cast: Cast, at: At, second: User) -> None:
    browser = at(cast.registrar)
    for one in (second, cast.head):
        browser.post(reverse("person_deactivate", args=[one.pk]), {"reason": "x"})
        membership = Membership.objects.get(person=one)
        browser.post(reverse("membership_end", args=[membership.pk]), {"last_day": f"{TODAY}"})
        one.refresh_from_db()
        membership.refresh_from_db()
        assert one.is_active
        assert membership.ends is None
        with pytest.raises(Refused, match="A second person"):
            end_membership(membership, TODAY, by=cast.registrar)
    browser.post(reverse("organisation_deactivate", args=["MIN"]), {"reason": "x"})
    assert Organisation.objects.get(code="MIN").is_active
    assert AccountChange.objects.undecided().count() == 5


def test_who_is_to_be_locked_out_does_not_withdraw_or_decide_the_request(
    cast: Cast, at: At, send: Send, second: User
) -> None:
    at(cast.registrar).post(reverse("person_deactivate", args=[second.pk]), {"reason": "left"})
    change = AccountChange.objects.get()
    for action in ("approve", "refuse", "withdraw"):
        assert send(second, change, action, reason="no").status_code == 422
    change.refresh_from_db()
    assert change.state == "requested"


def test_people_of_other_departments_and_roles_do_not_even_see_it(cast: Cast, at: At, send: Send) -> None:
    elsewhere = person("Rita", (cast.other_department, Role.REGISTRAR))
    edited(at, cast.registrar, cast.officer, email="x@test.example")
    change = AccountChange.objects.get()
    for who in (elsewhere, cast.coordinator, cast.rector, cast.officer, cast.expert, cast.stranger):
        assert at(who).get(change.get_absolute_url()).status_code == 404
        assert send(who, change, "approve").status_code == 404
    for who in (cast.leader, cast.observer):
        assert at(who).get(change.get_absolute_url()).status_code == 200
        assert send(who, change, "approve").status_code == 403


def test_no_code_writes_it_under_the_right_of_one_registrar(cast: Cast) -> None:
    right = registrar(cast.registrar)
    role = Membership(person=cast.stranger, organisation=cast.ministry, role=Role.MINISTRY_LEADER, starts=TODAY)
    for step in (
        Step(role, Action.GIVE_MEMBERSHIP),
        Step(cast.leader, Action.CHANGE_PERSON, {"email": ("a@x.example", "b@x.example")}),
        Step(cast.leader, Action.DEACTIVATE_PERSON, {"is_active": (True, False)}),
    ):
        with pytest.raises(Refused, match="A second person"):
            write([step], right)


def test_the_same_is_not_asked_for_twice(cast: Cast, at: At) -> None:
    for _time in range(2):
        response = edited(at, cast.registrar, cast.officer, email="x@test.example")
    assert response.status_code == 422
    assert "asked for already" in response.content.decode()
    assert AccountChange.objects.count() == 1


def test_what_cannot_be_is_refused_before_anybody_decides(cast: Cast, at: At) -> None:
    response = edited(at, cast.registrar, cast.officer, email=cast.leader.email, post="dean")
    assert response.status_code == 422
    assert "Somebody has this e-mail address already." in response.content.decode()
    cast.officer.refresh_from_db()
    assert (AccountChange.objects.count(), cast.officer.post) == (0, "")
    assert not Event.objects.of("person", cast.officer.pk).exists(), "what was tried left nothing"


def test_the_link_of_the_old_address_is_void_after_the_change(cast: Cast, at: At, send: Send) -> None:
    invite(cast.officer, by=cast.registrar)
    send_due_messages()
    [letter] = mail.outbox
    edited(at, cast.registrar, cast.officer, email="x@test.example")
    send(cast.head, AccountChange.objects.get(), "approve")
    link = next(word for word in letter.body.split() if "set-password" in word)
    page = Client(headers={"accept-language": "en"}).get("/registry" + link.partition("/registry")[2], follow=True)
    assert not page.context["validlink"]
