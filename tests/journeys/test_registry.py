"""The registrars' journeys: a new person gets a role and signs in by a link; two of them decide on accounts."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail

from cases.accounts.models import AccountChange
from cases.followup.demo.people import People
from cases.registry.models import LegalAct, Membership, Organisation, User
from notifications.worker import send_due_messages
from tests.journeys.walking import Town
from workflow.terms import legal_date

pytestmark = pytest.mark.browser
NEW = "a quite long new password"
TABLE = (
    "code,kind,institution_type,name_ky\n"
    "N-001,institution,college,Жаңы колледж\n"
    "N-002,empire,,Калп мекеме\n"
    "C-001,institution,college,Ош курулуш колледжи\n"
)


def approve(town: Town, made: People, path: str) -> None:
    """The second registrar finds the request in their inbox and approves it."""
    second = town.of(made["second_registrar"])
    second.go("/")
    assert second.follow(path) == 200
    assert second.act(f"{path}act/approve/") == 200


def test_another_address_takes_two_registrars(town: Town, made: People) -> None:
    registrar, officer = town.of(made["registrar"]), made["institution_officer"]
    registrar.go(f"/registry/people/{officer.pk}/")
    registrar.act(f"/registry/people/{officer.pk}/edit/", email="other@demo.example")
    change = AccountChange.objects.get()
    assert registrar.follow(change.get_absolute_url()) == 200, "the person's page leads to what waits"
    assert registrar.main.locator(f'a[href="{change.get_absolute_url()}act/approve/"]').count() == 0
    approve(town, made, change.get_absolute_url())
    officer.refresh_from_db()
    assert officer.email == "other@demo.example"
    registrar.go(f"/registry/people/{officer.pk}/")
    registrar.send(f'form[action="/registry/people/{officer.pk}/invite/"]')
    assert registrar.main.locator("[role=alert], .notice, .alert").count() > 0
    send_due_messages()
    assert not any("set-password" in letter.body for letter in mail.outbox)


def test_a_new_officer_gets_a_role_and_signs_in_by_the_link(town: Town, made: People) -> None:
    registrar = town.of(made["registrar"])
    registrar.go("/")
    registrar.follow("/registry/")
    registrar.act(
        "/registry/add/organisation/", code="N-001", kind="institution", institution_type="college",
        name_ky="Жаңы колледж", parent="mnvoi",
    )  # fmt: skip
    assert registrar.path() == "/registry/organisations/N-001/"
    registrar.go("/registry/people/")
    registrar.act("/registry/add/person/", full_name="Жыпара Осмонова", email="New@Test.example", language="ky")
    person = User.objects.get(email="new@test.example")
    registrar.act(f"/registry/people/{person.pk}/give/", organisation="n-001", role="institution_officer")
    send_due_messages()  # What is due already.
    assert registrar.send(f'form[action="/registry/people/{person.pk}/invite/"]') == 200
    assert send_due_messages() == 1
    [link] = re.findall(r"/registry/people/set-password/\S+", mail.outbox[-1].body)
    assert link not in registrar.main.inner_html(), "only the person gets it"

    officer = town.stranger()
    officer.go(link)
    officer.fill(new_password1="123", new_password2="123")
    assert officer.send() == 422
    assert officer.summary().count() == 1
    officer.fill(new_password1=NEW, new_password2=NEW)
    officer.send()
    assert officer.path() == "/login/"
    officer.fill(username="NEW@test.example", password=NEW)
    officer.send()
    assert officer.path() == "/"
    officer.go(link)
    assert officer.main.locator("input[name=new_password1]").count() == 0, "the link works once"


def test_a_role_ends_and_somebody_stands_in(town: Town, made: People) -> None:
    registrar, head = town.of(made["registrar"]), made["institution_head"]
    membership = Membership.objects.get(person=head)
    registrar.go(f"/registry/people/{head.pk}/")
    registrar.act(
        f"/registry/memberships/{membership.pk}/substitute/", substitute=made["institution_officer"].email,
        starts=legal_date(), ends=legal_date() + timedelta(days=10),
    )  # fmt: skip
    approve(town, made, registrar.path())
    officer = town.of(made["institution_officer"])
    officer.go("/")
    officer.page.locator("header summary").click()
    assert officer.page.locator(".who-panel li").count() == 2, "their own role and the one they stand in for"
    registrar.go(f"/registry/people/{head.pk}/")
    registrar.act(f"/registry/memberships/{membership.pk}/end/", last_day=legal_date() - timedelta(days=1))
    rector = town.of(head)
    rector.go("/recommendations/")
    assert rector.main.locator("tbody tr").count() == 0
    membership.refresh_from_db()
    assert membership.is_over


def test_who_is_deactivated_is_out_at_once_and_may_come_back(town: Town, made: People) -> None:
    registrar, head = town.of(made["registrar"]), town.of(made["institution_head"])
    path = f"/registry/people/{made['institution_head'].pk}/"
    head.go("/")
    registrar.go(path)
    registrar.follow(f"{path}deactivate/")
    assert registrar.send() == 422, "without a reason nothing happens"
    registrar.fill(reason="Кызматтан кетти")
    assert registrar.send() == 200
    assert User.objects.get(pk=made["institution_head"].pk).is_active, "one person alone does not lock anybody out"
    approve(town, made, registrar.path())
    head.go("/")
    assert head.path() == "/login/?next=/"
    registrar.go(path)
    registrar.act(f"{path}reactivate/")
    approve(town, made, registrar.path())
    assert User.objects.get(pk=made["institution_head"].pk).is_active


def test_of_a_table_the_right_rows_are_taken_knowingly(town: Town, made: People, tmp_path: Path) -> None:
    file = tmp_path / "organisations.csv"
    file.write_text(TABLE, encoding="utf-8")
    registrar = town.of(made["registrar"])
    registrar.go("/registry/")
    registrar.act("/registry/import/organisations/", table=file)
    assert registrar.main.locator("tbody tr").count() == 3
    assert registrar.main.locator("tbody code").all_inner_texts() == ["kind"]
    take = 'form[action$="/take/"]'
    registrar.send(take)
    assert not Organisation.objects.filter(code="N-001").exists(), "not before the person says that they know"
    registrar.fill(only_valid=True)
    assert registrar.send(take) == 200
    assert Organisation.objects.filter(code__startswith="N-").count() == 1
    assert Organisation.objects.get(code="C-001").name_ky == "Ош курулуш колледжи"
    registrar.go("/registry/")
    registrar.act("/registry/import/organisations/", table=file)
    assert registrar.main.locator(take).count() == 0, "the same table again brings nothing new"
    registrar.send('form[action$="/dismiss/"]')
    assert registrar.path() == "/registry/import/organisations/"


def test_a_legal_act_is_added_with_its_file_and_read_by_others(town: Town, made: People, report: Path) -> None:
    registrar = town.of(made["registrar"])
    registrar.go("/registry/acts/")
    registrar.act(
        "/registry/add/act/", kind="law", number="179", date="2023-08-11", title_ky="Билим жөнүндө", upload=report
    )
    act = LegalAct.objects.get()
    rector = town.of(made["institution_head"])
    rector.go(act.get_absolute_url())
    with rector.page.expect_download() as download:
        rector.page.locator(f'a[href="{act.get_absolute_url()}file/"]').click()
    assert download.value.path().read_bytes() == report.read_bytes()
