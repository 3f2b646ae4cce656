"""Giving people their roles, for a time or until further notice, and arranging substitutes."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cases.registry.models import Membership, Organisation, User
from cases.registry.verbs.recording import Action, By, Right, Step, check, lock, refuse_alone, registrar, write
from workflow.door import Refused
from workflow.lifecycles.account_change import APPROVING, DECIDING


def give_membership(
    person: User, organisation: Organisation, role: str, *, starts: date, ends: date | None = None, by: By
) -> Membership:
    """From `starts` to `ends`, both included; without `ends` until further notice.

    A deciding role takes two people. Raises Refused.
    """
    membership = Membership(person=person, organisation=organisation, role=role, starts=starts, ends=ends)
    return _give(membership, Action.GIVE_MEMBERSHIP, registrar(by))


def arrange_substitution(absent: Membership, substitute: User, *, starts: date, ends: date, by: By) -> Membership:
    """`substitute` holds the role of `absent` from `starts` to `ends`, both included.

    For a deciding role it takes two people. Raises Refused.
    """
    right = registrar(by)
    if absent.substitutes_for_id:
        raise Refused(_("A substitute cannot have a substitute: arrange one for the absent person."))
    membership = Membership(
        person=substitute,
        organisation=absent.organisation,
        role=absent.role,
        starts=starts,
        ends=ends,
        substitutes_for=absent.person,
    )
    with transaction.atomic():
        held = lock(absent)
        if held.is_withdrawn or starts < held.starts or (held.ends and ends > held.ends):
            raise Refused(_("The absent person does not hold this role on all of these days."))
        return _give(membership, Action.ARRANGE_SUBSTITUTION, right)


def end_membership(membership: Membership, last_day: date | None, *, by: By) -> None:
    """Move the last day (None: until further notice); one before the first day withdraws what never began.

    Yesterday ends the role at once. Earlier days stay, as acts may have been done on them. Substitutes
    of the person end on that day, too. Some of it takes two people. Raises Refused.
    """
    right = registrar(by)
    with transaction.atomic():
        refuse_own(membership.person_id, right)
        _lock_person(membership.person_id)
        locked = lock(membership)
        if takes_two_to_end(locked, last_day):
            refuse_alone(right)
        cut = substitutions_cut(locked, last_day, right.on)
        changes = move_end(locked, last_day, right.on)
        if changes:
            check(locked)
            refuse_overlap(locked)
            write([Step(locked, Action.END_MEMBERSHIP, changes), *cut], right)
    membership.ends, membership.is_withdrawn = locked.ends, locked.is_withdrawn


def takes_two_to_end(membership: Membership, last_day: date | None) -> bool:
    """Whether it prolongs a deciding role, or moves the last day of somebody who approves: that may get them out of
    the way."""
    if membership.role in APPROVING:
        return True
    is_longer = (last_day or date.max) > (membership.ends or date.max)
    return membership.role in DECIDING and is_longer


def move_end(membership: Membership, last_day: date | None, today: date) -> dict[str, tuple[object, object]]:
    """Set the last day and say what changed by it; nothing is stored. Raises Refused."""
    yesterday = today - timedelta(days=1)
    old = membership.ends
    if membership.is_withdrawn or (old and old < yesterday):
        raise Refused(_("This role has already ended. Assign it again."))
    if last_day and last_day < yesterday:
        raise Refused(_("The last day can be yesterday at the earliest: then the role ends at once."))
    if last_day and last_day < membership.starts:
        membership.is_withdrawn = True
        return {"is_withdrawn": (False, True)}
    membership.ends = last_day
    return {"ends": (old, last_day)} if old != last_day else {}


def substitutions_cut(absent: Membership, last_day: date | None, today: date) -> list[Step]:
    """What shortens the substitutions that would outlast the role, which is about to end on `last_day`.

    Days that are over stay as they were. Nothing is stored.
    """
    if last_day is None or absent.substitutes_for_id or last_day < today - timedelta(days=1):
        return []
    longer = Membership.objects.filter(
        organisation=absent.organisation_id,
        role=absent.role,
        substitutes_for=absent.person_id,
        is_withdrawn=False,
        starts__gte=absent.starts,
        ends__gt=last_day,
        ends__lte=absent.ends or date.max,
    )
    rows = longer.select_related("person", "organisation").order_by("id")
    return [Step(row, Action.END_MEMBERSHIP, move_end(row, last_day, today)) for row in rows]


def refuse_own(person_id: int, right: Right) -> None:
    """Nobody gives roles to themselves."""
    if right.is_of(person_id):
        raise Refused(_("You cannot change your own roles. Another registrar has to do it."))


def refuse_overlap(membership: Membership) -> None:
    other = membership.overlapping(Membership.objects.filter(person_id=membership.person_id))
    if other:
        raise Refused(overlap_sentence(other))


def overlap_sentence(other: Membership) -> str:
    named = {"role": other.get_role_display(), "starts": f"{other.starts:%d.%m.%Y}"}
    if other.ends is None:
        return _("The person holds this role there already: %(role)s since %(starts)s.") % named
    return _("The person holds this role there already: %(role)s from %(starts)s to %(ends)s.") % {
        **named,
        "ends": f"{other.ends:%d.%m.%Y}",
    }


def _give(membership: Membership, action: Action, right: Right) -> Membership:
    refuse_own(membership.person_id, right)
    if membership.role in DECIDING:
        refuse_alone(right)
    with transaction.atomic():
        # Two registrars may press in the same second: the person's row is where they wait for each other.
        person = _lock_person(membership.person_id)
        if not (person.is_active and membership.organisation.is_active):
            raise Refused(_("The person or the organisation is deactivated."))
        check(membership)
        refuse_overlap(membership)
        write([Step(membership, action)], right)
    return membership


def _lock_person(pk: int) -> User:
    """Locks the person's row, but not against rows that only refer to it, such as events of what they do now."""
    return User.objects.select_for_update(no_key=True).get(pk=pk)
