"""Open duties that nobody can meet once a role ends, or a person or an organisation is deactivated."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import ngettext

from cases.registry.models import Membership, Organisation, User
from cases.registry.models.people import MembershipQuerySet
from cases.registry.unmanned import helper_suffices, unmanned
from workflow.models import Expectation
from workflow.must import listed
from workflow.terms import BISHKEK, legal_date

Ending = Membership | User | Organisation
"""A role that ends; a person or an organisation that is deactivated."""


def left_by(ending: Ending, last_day: date | None = None) -> "QuerySet[Expectation]":
    """What is met by `ending` alone today: nobody can meet it after `last_day`, or at once without one."""
    after = last_day + timedelta(days=1) if last_day else None
    others = _without(Membership.objects.in_force(after), ending)
    return unmanned(Expectation.objects.open().filter(_met_by(ending)), others).order_by("due", "id")


def ended_by(day: date) -> list[Membership]:
    """Roles that ended before `day` where something that was open by then is with nobody now."""
    since: dict[int, date] = {}
    alone = unmanned(Expectation.objects.open(), Membership.objects.in_force(day))
    for organisation_id, opened_at in alone.values_list("organisation_id", "opened_at"):
        since[organisation_id] = min(since.get(organisation_id, date.max), legal_date(opened_at))
    ended = Membership.objects.filter(organisation__in=list(since), ends__lt=day).order_by("ends", "id")
    return [role for role in ended if role.ends and role.ends >= since[role.organisation_id]]


def left_since(ended: Membership, day: date) -> "QuerySet[Expectation]":
    """What the end of this role left with nobody, until `day`. What was opened later was told by the act that did.

    Nothing where the role did not count any more on its last day, as that of somebody who was deactivated before.
    """
    if ended.ends is None or not Membership.objects.in_force(ended.ends).filter(pk=ended.pk).exists():
        return Expectation.objects.none()
    opened_by_then = Q(opened_at__lt=datetime.combine(ended.ends + timedelta(days=1), time.min, tzinfo=BISHKEK))
    return unmanned(left_by(ended, ended.ends).filter(opened_by_then), Membership.objects.in_force(day))


def warning(ending: Ending) -> str:
    """What a page says before it ends; empty where nothing would be left undone."""
    numbers = list(dict.fromkeys(left_by(ending).values_list("number", flat=True)))
    if not numbers:
        return ""
    sentence = ngettext(
        "Nobody could do what is open on %(n)d case then: %(names)s. The registrars get a message.",
        "Nobody could do what is open on %(n)d cases then: %(names)s. The registrars get a message.",
        len(numbers),
    )
    return sentence % {"n": len(numbers), "names": listed(numbers)}


def _without(held: MembershipQuerySet, ending: Ending) -> MembershipQuerySet:
    """Whoever stands in for a person loses the role with them."""
    if isinstance(ending, Organisation):
        return held.exclude(organisation=ending)
    if isinstance(ending, User):
        return held.exclude(Q(person=ending) | Q(substitutes_for__isnull=False, substitutes_for=ending))
    standing_in = Q(substitutes_for__isnull=False, substitutes_for=ending.person_id, role=ending.role)
    if ending.substitutes_for_id:
        return held.exclude(pk=ending.pk)
    return held.exclude(Q(pk=ending.pk) | standing_in & Q(organisation=ending.organisation_id))


def _met_by(ending: Ending) -> Q:
    if isinstance(ending, Organisation):
        return Q(organisation_id=ending.pk)
    if isinstance(ending, User):
        met = Q(pk__in=())
        for membership in ending.memberships.all():
            met |= _met_in(membership)
        return met
    return _met_in(ending)


def _met_in(held: Membership) -> Q:
    """The duties of the role, not those of a named colleague; and those that a helper in this role can do."""
    people = [person for person in (held.person_id, held.substitutes_for_id) if person]
    own = Q(role=held.role) & (Q(assignee=None) | Q(assignee__in=people))
    return Q(organisation_id=held.organisation_id) & (own | Q(helper_role=held.role) & helper_suffices())
