"""Adding, changing and deactivating people, and letting them set their password."""

from datetime import datetime, timedelta

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models.functions import Now
from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from cases.registry.models import User
from cases.registry.verbs.recording import (
    TWO_PEOPLE,
    Action,
    By,
    Right,
    Step,
    change,
    check,
    lock,
    refuse_alone,
    registrar,
    switch,
    trimmed,
    write,
)
from workflow.door import Refused
from workflow.lifecycles.account_change import NO_LINK_AFTER_NEW_ADDRESS
from workflow.models import Event

link_wanted = Signal()
"""Sent in the transaction with `person` and `event`: the person is to get a link for setting their password."""
LINK_EVERY = timedelta(minutes=15)
"""How often a person who forgot their password gets a link, however often the page is asked."""
LINKS_A_DAY = 5


def add_person(*, by: User, **fields: object) -> User:
    """The person cannot sign in until they set a password (see `invite()`). Raises Refused."""
    right = registrar(by)
    person = User(**trimmed(_lowered(fields)))
    check(person)
    write([Step(person, Action.ADD_PERSON)], right)
    return person


def change_person(person: User, *, by: User, seen: str = "", **fields: object) -> User:
    """`seen` is the fingerprint of what the registrar saw. The address stays. Raises Refused (Stale)."""
    right = registrar(by)
    email = _lowered(fields).pop("email", None)
    with transaction.atomic():
        if email not in (None, lock(person, seen).email):
            raise Refused(str(TWO_PEOPLE))
        rest = {name: value for name, value in fields.items() if name != "email"}
        return change(person, rest, action=Action.CHANGE_PERSON, by=right, seen=seen)


def change_address(person: User, email: str, *, by: By) -> User:
    """The person signs in with the new address. Takes two people. Raises Refused."""
    right = registrar(by)
    refuse_alone(right)
    return change(person, _lowered({"email": email}), action=Action.CHANGE_ADDRESS, by=right)


def deactivate_person(person: User, *, by: By, reason: str) -> None:
    """From now on the person cannot sign in, and their memberships do not count. Takes two people. Raises Refused."""
    right = registrar(by)
    if right.is_of(person.pk):
        raise Refused(_("You cannot deactivate yourself. Another registrar has to do it."))
    refuse_alone(right)
    switch(person, to=False, action=Action.DEACTIVATE_PERSON, by=right, reason=reason)


def reactivate_person(person: User, *, by: By) -> None:
    """Takes two people. Raises Refused."""
    right = registrar(by)
    refuse_alone(right)
    switch(person, to=True, action=Action.REACTIVATE_PERSON, by=right)


def invite(person: User, *, by: User) -> None:
    """Send the person a link for setting their password; nobody else ever sees it. Raises Refused."""
    right = registrar(by)
    with transaction.atomic():
        locked = lock(person)
        if not locked.is_active:
            raise Refused(_("This person is deactivated. Reactivate them first."))
        _refuse_after_new_address(locked)
        [event] = write([Step(locked, Action.INVITE)], right)
        link_wanted.send(User, person=locked, event=event)


def forget_password(email: str) -> None:
    """Send a link to the active person with this address, if there is one; done by the worker, out of sight."""
    with transaction.atomic():
        people = User.objects.get_queryset().with_address(email).filter(is_active=True)
        person = people.select_for_update(no_key=True).first()
        if person and not _has_fresh_link(person) and not links_again_at(person):
            [event] = write([Step(person, Action.FORGET_PASSWORD)], Right())
            link_wanted.send(User, person=person, event=event)


def password_path(person: User) -> str:
    """Where the person sets a password, once, within settings.PASSWORD_RESET_TIMEOUT: keep it secret."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("set_password", args=[uid, default_token_generator.make_token(person)])


def choose_password(person: User, password: str, *, action: Action = Action.CHOOSE_PASSWORD) -> None:
    """Set by the person themselves, who came by the link of an invitation or is signed in."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        write([Step(person, action)], Right(person))


def links_again_at(person: User) -> datetime | None:
    """When a link for the password can be sent again after a change of address; None when it can be sent now."""
    changed = Event.objects.of(User.TRAIL_TYPE, person.pk).filter(
        action=Action.CHANGE_ADDRESS, at__gt=Now() - NO_LINK_AFTER_NEW_ADDRESS
    )
    last = changed.order_by("-position").first()
    return last.at + NO_LINK_AFTER_NEW_ADDRESS if last else None


def _refuse_after_new_address(person: User) -> None:
    moment = links_again_at(person)
    if moment:
        raise Refused(
            _(
                "The e-mail address was changed recently. To give its previous owner time to object, no password link"
                " is sent for 72 hours: it will be possible again from %(moment)s."
            )
            % {"moment": f"{timezone.localtime(moment):%d.%m.%Y %H:%M}"}
        )


def _has_fresh_link(person: User) -> bool:
    """A link was asked for lately and the address has stayed the same since, or there were enough for one day."""
    lately = Event.objects.of(User.TRAIL_TYPE, person.pk).filter(at__gt=Now() - LINK_EVERY)
    last = lately.filter(action__in=[Action.FORGET_PASSWORD, Action.CHANGE_PERSON]).order_by("-position").first()
    is_fresh = last is not None and last.action == Action.FORGET_PASSWORD
    return is_fresh or _links_today(person) >= LINKS_A_DAY


def _links_today(person: User) -> int:
    today = Event.objects.of(User.TRAIL_TYPE, person.pk).filter(at__gt=Now() - timedelta(days=1))
    return today.filter(action=Action.FORGET_PASSWORD).count()


def _lowered(fields: dict[str, object]) -> dict[str, object]:
    """The e-mail address in lower case, as it is stored."""
    return {name: str(value).strip().lower() if name == "email" else value for name, value in fields.items()}
