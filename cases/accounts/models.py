"""Requests for changes of accounts: what is asked for, by whom, and what was decided."""

from collections.abc import Iterable
from typing import Self, cast

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from cases.accounts import effects
from cases.registry.models import Membership, Organisation, User
from cases.registry.two_people import approvers
from cases.registry.verbs.recording import Right
from workflow import expectations
from workflow.case import CaseQuerySet
from workflow.declarations import Owing
from workflow.lifecycles.account_change import APPROVING, AccountChangeLifecycle, Change, State
from workflow.models import Event
from workflow.roles import Role

RELATED = ("person", "organisation", "parent", "department", "requested_by", "decided_by", "membership__person")


class AccountChangeQuerySet(CaseQuerySet["AccountChange"]):
    def undecided(self) -> Self:
        return self.filter(state=State.REQUESTED)

    def for_lists(self) -> Self:
        return self.select_related("person", "organisation", "requested_by")


class AccountChange(AccountChangeLifecycle):
    """One change. `membership` is the role whose last day moves, or that somebody is to stand in for."""

    is_known_as_new = False
    """Whether it was compared with the requests that wait already; of many requests that is done for all at once."""
    TRAIL_LABELS = {"requested_by": gettext_lazy("requested by"), "decided_by": gettext_lazy("decided by")}

    change = models.CharField(gettext_lazy("change"), max_length=20, choices=Change.choices)
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=gettext_lazy("person")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=gettext_lazy("organisation")
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=gettext_lazy("membership")
    )
    parent = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=gettext_lazy("part of")
    )
    role = models.CharField(gettext_lazy("role"), max_length=30, choices=Role.choices, blank=True)
    starts = models.DateField(gettext_lazy("from"), null=True)
    ends = models.DateField(gettext_lazy("until"), null=True)
    email = models.EmailField(gettext_lazy("new e-mail address"), blank=True)
    email_before = models.EmailField(gettext_lazy("e-mail address before"), blank=True)
    reason = models.TextField(gettext_lazy("reason"), blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    requested_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_on = models.DateField(gettext_lazy("decided on"), null=True)
    decision = models.TextField(gettext_lazy("decision"), blank=True)

    objects = AccountChangeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = gettext_lazy("change of an account")
        verbose_name_plural = gettext_lazy("changes of accounts")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="account_change_state_known"),
            models.CheckConstraint(condition=Q(change__in=Change.values), name="account_change_known"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(organisation__isnull=False), name="account_change_has_subject"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("requested_by")) & ~Q(decided_by=F("person")),
                name="account_change_takes_two",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.APPROVED, State.REFUSED]) | Q(decided_by__isnull=False),
                name="account_change_decided_by_somebody",
            ),
            models.UniqueConstraint(
                "change", Coalesce("person", 0), Coalesce("organisation", 0), "role",
                condition=Q(state=State.REQUESTED), name="account_change_one_undecided",
            ),
        ]  # fmt: skip

    @property
    def headline(self) -> str:
        return f"{self.get_change_display()}: {self.about_whom}"

    @property
    def about_whom(self) -> str:
        """The person with the role and the organisation, as far as there are such."""
        role = str(Role(self.role).label) if self.role else ""
        return ", ".join(str(part) for part in (self.person, role, self.organisation) if part)

    def _concerned(self) -> User | Organisation | None:
        return self.person or self.organisation

    @property
    def deciders(self) -> Iterable[Owing]:
        """While nobody else can decide, it waits for the next person who becomes a registrar."""
        able = self.able_to_decide()
        chosen = [membership for membership in able if membership.role == Role.REGISTRAR] or able
        named = {membership.person_id: membership.role for membership in chosen}
        waiting = [Owing(role, key=f"P-{pk}", assignee_id=pk) for pk, role in named.items()]
        return waiting or [Owing(Role.REGISTRAR)]

    def able_to_decide(self) -> list[Membership]:
        """Memberships by which others of the department can decide: registrars, then heads."""
        people = {self.requested_by_id, self.person_id}
        return [membership for membership in self.approvers if membership.person_id not in people]

    @property
    def approvers(self) -> list[Membership]:
        """Read once for many requests of one department."""
        kept = self.department.__dict__
        if "_approvers" not in kept:
            kept["_approvers"] = approvers(self.department_id)
        return cast(list[Membership], kept["_approvers"])

    def is_asked_already(self) -> bool:
        if self.is_known_as_new:
            return False
        same = {name: getattr(self, name) for name in ("change", "person_id", "organisation_id", "role")}
        return AccountChange.objects.undecided().filter(**same).exclude(pk=self.pk).exists()

    def keep_decision(self, text: str) -> None:
        self.decided_by_id, self.decided_on, self.decision = self.acting.person_id, self.acting.on, text

    def take_effect(self) -> None:
        act = self.acting
        if act.event is None:
            raise RuntimeError("the account is changed after the decision was recorded")
        effects.take(self, Right(cast(User, act.by), act.standing, is_decided=True, because_of=act.event.pk, on=act.on))
        self._update_deciders(act.event)

    def _update_deciders(self, event: Event) -> None:
        """People who got or lost such a role get or lose the tasks of their department."""
        held = Membership.objects.filter(person=self.person_id, role__in=APPROVING)
        for other in AccountChange.objects.undecided().filter(department__in=held.values("organisation")):
            expectations.go_on(other, event, self.acting.on)
