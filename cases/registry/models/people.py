"""People who sign in, and the dated memberships that give them their roles."""

from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cases.registry.models.organisations import Language, Organisation
from workflow.calendar import legal_date
from workflow.roles import Actor, Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, full_name: str, password: str | None = None, **fields: Any) -> "User":
        """Without a password the person cannot sign in until one is set."""
        user = self.model(email=email.strip().lower(), full_name=full_name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person with an account; never deleted, only deactivated."""

    TRAIL_TYPE = "person"
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("full name"), max_length=200)
    post = models.CharField(_("post"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.KY)
    is_active = models.BooleanField(_("active"), default=True)

    objects = UserManager()

    class Meta:
        ordering = ["full_name", "id"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.full_name

    @cached_property
    def current_memberships(self) -> list["Membership"]:
        """The memberships in force today, with their organisations: one query, once per request."""
        return list(Membership.objects.in_force().filter(person=self).select_related("organisation"))

    @property
    def role_map(self) -> dict[str, dict[int, int]]:
        roles: dict[str, dict[int, int]] = {}
        for membership in self.current_memberships:
            roles.setdefault(membership.role, {})[membership.organisation_id] = membership.pk
        return roles

    @property
    def stands_in_for(self) -> frozenset[int]:
        return frozenset(one.substitutes_for_id for one in self.current_memberships if one.substitutes_for_id)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: Actor) -> "MembershipQuerySet":
        """The registrar sees all; others see their own."""
        return self if Role.REGISTRAR in user.role_map else self.filter(person_id=user.pk)

    def in_force(self, on: date | None = None) -> "MembershipQuerySet":
        day = on or legal_date()
        return self.filter(
            Q(ends=None) | Q(ends__gte=day), starts__lte=day, person__is_active=True, organisation__is_active=True
        )


class Membership(models.Model):
    """A person holds a role in an organisation from a day to a day; or stands in for somebody who is absent."""

    TRAIL_TYPE = "membership"

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)
    substitutes_for = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="substitutions",
        verbose_name=_("stands in for"),
        null=True,
        blank=True,
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        indexes = [models.Index(fields=["organisation", "role"], name="membership_role")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")), name="membership_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(substitutes_for=None) | (Q(ends__isnull=False) & ~Q(substitutes_for=F("person"))),
                name="membership_substitution_is_dated",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}, {self.organisation}"
