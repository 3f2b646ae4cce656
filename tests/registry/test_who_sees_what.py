"""Whose pages of the registry exist for whom."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from cases.registry.models import LegalAct, Membership, Upload, User
from cases.registry.verbs import change_organisation
from tests.cast import Cast
from tests.registry.browsing import rows

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
READERS = ("leader", "observer", "head", "coordinator")
OTHERS = ("rector", "officer", "director", "lead", "expert")


def status(client: Client, who: User, address: str) -> int:
    client.force_login(who)
    return client.get(address).status_code


def changing_pages(cast: Cast, act: LegalAct) -> Iterator[str]:
    membership = Membership.objects.get(person=cast.officer)
    for name in ("organisation_add", "person_add", "act_add", "people"):
        yield reverse(name)
    for name in ("edit", "deactivate", "reactivate"):
        yield reverse(f"organisation_{name}", args=["COL"])
        yield reverse(f"person_{name}", args=[cast.officer.pk])
        yield reverse(f"act_{name}", args=[act.pk])
    yield reverse("membership_add", args=[cast.officer.pk])
    yield reverse("membership_end", args=[membership.pk])
    yield reverse("substitution_add", args=[membership.pk])
    for kind in ("organisations", "people", "acts"):
        yield reverse("registry_import", args=[kind])
        yield reverse("registry_table", args=[kind, "csv"])


def test_pages_of_change_exist_for_registrars_only(client: Client, cast: Cast, act: LegalAct) -> None:
    for address in changing_pages(cast, act):
        for who in (*READERS, *OTHERS, "stranger"):
            assert status(client, getattr(cast, who), address) == 404, (who, address)
            assert client.post(address).status_code in (404, 405), (who, address)
        assert status(client, cast.registrar, address) == 200, address
        client.logout()
        assert client.get(address).status_code == 302, address


def test_posts_exist_for_registrars_only(client: Client, cast: Cast) -> None:
    upload = Upload.objects.create(kind="acts", name="x.csv", rows=[], by=cast.registrar)
    addresses = [
        reverse("person_invite", args=[cast.officer.pk]),
        reverse("registry_take", args=["acts", upload.pk]),
        reverse("registry_dismiss", args=["acts", upload.pk]),
    ]
    for who in (*READERS, *OTHERS, "stranger"):
        client.force_login(getattr(cast, who))
        for address in addresses:
            assert client.post(address).status_code == 404, (who, address)
        assert client.get(reverse("registry_preview", args=["acts", upload.pk])).status_code == 404
    client.force_login(cast.registrar)
    for address in addresses:
        assert client.get(address).status_code == 405


@pytest.mark.parametrize("who", [*READERS, "registrar"])
def test_department_and_ministry_read_every_organisation_and_act(
    client: Client, cast: Cast, act: LegalAct, who: str
) -> None:
    assert status(client, getattr(cast, who), reverse("organisation", args=["COL"])) == 200
    assert client.get(act.get_absolute_url()).status_code == 200
    assert len(rows(client, reverse("organisations"))) == 6
    assert rows(client, reverse("acts")) == [act]


@pytest.mark.parametrize("who", OTHERS)
def test_others_read_their_own_organisation_and_the_acts(client: Client, cast: Cast, act: LegalAct, who: str) -> None:
    user = getattr(cast, who)
    own = Membership.objects.get(person=user).organisation
    assert status(client, user, own.get_absolute_url()) == 200
    assert rows(client, reverse("organisations")) == [own]
    assert client.get(reverse("organisation", args=["DEP2"])).status_code == 404
    assert client.get(act.get_absolute_url()).status_code == 200


def test_a_stranger_sees_nothing(client: Client, cast: Cast, act: LegalAct) -> None:
    assert status(client, cast.stranger, reverse("organisation", args=["COL"])) == 404
    assert client.get(act.get_absolute_url()).status_code == 404
    assert rows(client, reverse("organisations")) == rows(client, reverse("acts")) == []


def test_people_see_themselves_and_registrars_everybody(client: Client, cast: Cast) -> None:
    for who in (*READERS, *OTHERS, "stranger"):
        user = getattr(cast, who)
        assert status(client, user, user.get_absolute_url()) == 200
        page = client.get(user.get_absolute_url()).content.decode()
        assert "Deactivate" not in page
        assert client.get(cast.second_head.get_absolute_url()).status_code == 404
    assert status(client, cast.registrar, cast.rector.get_absolute_url()) == 200


def test_readers_see_no_buttons_and_no_people(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)
    page = client.get(cast.university.get_absolute_url()).content.decode()
    assert "Deactivate" not in page
    assert "Chynara" not in page
    client.force_login(cast.registrar)
    page = client.get(cast.university.get_absolute_url()).content.decode()
    assert "Deactivate" in page
    assert "Chynara" in page


def test_history_is_for_registrars_and_the_ministry(client: Client, cast: Cast) -> None:
    change_organisation(cast.university, by=cast.registrar, founder="Өкмөт")
    for who, is_told in (("registrar", True), ("leader", True), ("coordinator", False), ("rector", False)):
        client.force_login(getattr(cast, who))
        page = client.get(cast.university.get_absolute_url()).content.decode()
        assert ("Change an organisation" in page) is is_told, who
        assert ("Founder: – → Өкмөт" in page) is is_told, who
