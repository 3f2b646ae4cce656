"""A substitution lasts no longer than the role that it stands in for, ended on its page or by a table alike."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event as Flag

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from cases.followup.models import Recommendation
from cases.registry.imports.importing import import_upload, preview, store_upload
from cases.registry.models import Membership, User
from cases.registry.verbs import arrange_substitution, end_membership, give_membership, memberships
from notifications.models import Message
from tests.cast import Cast, make_cast, person
from tests.factories import make_recommendation
from tests.registry.acting import decided
from tests.workflow.test_racing import race
from workflow.door import perform
from workflow.models import Event
from workflow.roles import Role
from workflow.terms import legal_date

TODAY = legal_date()
DAY = timedelta(days=1)
End = Callable[[Membership], None]


def by_page(registrar: User) -> End:
    return lambda membership: end_membership(membership, TODAY, by=registrar)


def by_table(registrar: User) -> End:
    def end(membership: Membership) -> None:
        row = f"{membership.person.email},{membership.organisation.code},{membership.role},{TODAY}"
        table = SimpleUploadedFile("people.csv", f"email,organisation,role,ends\n{row}".encode())
        upload = store_upload("people", table, by=registrar)
        import_upload(upload, by=registrar, seen=preview(upload, by=registrar).fingerprint())

    return end


def counts(substitution: Membership, absent: Membership, case: Recommendation) -> bool:
    """Whether the substitute holds the role, and hears of the case as one who does."""
    holds = Membership.objects.in_force().filter(pk=substitution.pk).exists()
    substitute = User.objects.get(pk=substitution.person_id)
    assert holds == (absent.role in substitute.role_map)
    Message.objects.all().delete()
    with transaction.atomic():
        perform(Recommendation.objects.get(pk=case.pk), "issue", by=User.objects.get(email="aigul@test.example"))
        hears = Message.objects.filter(recipient=substitute).exists()
        transaction.set_rollback(True)
    assert hears == holds
    return holds


@pytest.mark.parametrize(
    "lost",
    [
        lambda absent: User.objects.filter(pk=absent.person_id).update(is_active=False),
        lambda absent: Membership.objects.filter(pk=absent.pk).update(ends=TODAY - DAY),
        lambda absent: Membership.objects.filter(pk=absent.pk).update(is_withdrawn=True),
        lambda absent: Membership.objects.filter(pk=absent.pk).update(role=Role.INSTITUTION_OFFICER),
        lambda absent: Membership.objects.filter(pk=absent.pk).update(substitutes_for=absent.person.pk + 1, ends=TODAY),
    ],
    ids=["deactivated", "ended", "withdrawn", "has another role", "stands in only"],
)
def test_who_stands_in_holds_nothing_that_the_absent_person_does_not_hold(
    cast: Cast, lost: Callable[[Membership], None]
) -> None:
    case = make_recommendation(cast)
    absent, substitute = Membership.objects.get(person=cast.rector), person("Stand-in")
    substitution = arrange_substitution(
        absent, substitute, starts=TODAY, ends=TODAY + 5 * DAY, by=decided(cast.registrar)
    )
    assert counts(substitution, absent, case)
    lost(absent)
    assert not counts(substitution, absent, case)


@pytest.mark.parametrize("ending", [by_page, by_table])
def test_who_stands_in_does_so_no_longer_than_the_role_lasts(cast: Cast, ending: Callable[[User], End]) -> None:
    role = Membership.objects.get(person=cast.rector)
    going, coming, other = (
        arrange_substitution(role, cast.officer, starts=starts, ends=ends, by=decided(cast.registrar))
        for starts, ends in ((TODAY - DAY, TODAY + 5 * DAY), (TODAY + 7 * DAY, TODAY + 9 * DAY), (TODAY - DAY * 9,) * 2)
    )
    ending(cast.registrar)(role)
    assert Membership.objects.get(pk=going.pk).ends == TODAY
    assert Membership.objects.get(pk=coming.pk).is_withdrawn
    assert Membership.objects.get(pk=other.pk).ends == TODAY - DAY * 9
    for one in (role, going, coming):
        assert Event.objects.of("membership", one.pk).filter(action="end_membership").count() == 1


def test_a_role_that_goes_on_leaves_substitutions_as_they_are(cast: Cast) -> None:
    role = Membership.objects.get(person=cast.rector)
    arranged = arrange_substitution(role, cast.officer, starts=TODAY, ends=TODAY + DAY, by=decided(cast.registrar))
    for last_day in (TODAY + 5 * DAY, None):
        end_membership(role, last_day, by=decided(cast.registrar))
    assert Membership.objects.get(pk=arranged.pk).ends == TODAY + DAY


@pytest.mark.django_db(transaction=True)
def test_two_registrars_who_give_each_other_roles_do_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make_cast()
    second = person("Rano", (cast.department, Role.REGISTRAR))
    both = {cast.registrar.pk: Flag(), second.pk: Flag()}
    lock = memberships._lock_person

    def meet(pk: int) -> User:
        found = lock(pk)
        both[pk].set()
        for flag in both.values():
            flag.wait(1)
        return found

    monkeypatch.setattr(memberships, "_lock_person", meet)
    pairs = [(cast.registrar, second), (second, cast.registrar)]
    copies = [[User.objects.get(pk=one.pk) for one in pair] for pair in pairs]

    def giving(by: User, to: User) -> Callable[[], Membership]:
        return lambda: give_membership(to, cast.department, Role.COORDINATOR, starts=TODAY, by=decided(by))

    results = race(*(giving(*pair) for pair in copies))
    assert [type(result).__name__ for result in results] == ["Membership", "Membership"]
