"""People who sign in, and the dated memberships that give them their roles."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cases.ground.clock import Today
from cases.ground.search import prefix_query, searchable, sort_key
from cases.registry.models.organisations import ROLES_OF_KIND, Language, Organisation, OrganisationKind
from cases.registry.models.prepared import Prepared
from workflow.roles import Actor, Role
from workflow.terms import legal_date

ANYBODY = -1
"""The placeholder for the person, in a statement that is composed once and then run for anybody."""


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Actor) -> "UserQuerySet":
        """The registrar sees all; others see themselves."""
        return self if Role.REGISTRAR in user.role_map else self.filter(pk=user.pk)

    def with_address(self, email: str) -> "UserQuerySet":
        """Case does not matter."""
        return self.filter(email=email.strip().lower())

    def matching(self, text: str) -> "UserQuerySet":
        query = prefix_query(text)
        return self.filter(search_vector=query) if query else self


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: Actor) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def create_user(self, email: str, full_name: str, password: str | None = None, **fields: object) -> "User":
        """Without a password the person cannot sign in until one is set."""
        user = self.model(email=email.strip().lower(), full_name=full_name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get_queryset().with_address(username or "").get()


class User(Prepared, AbstractBaseUser):  # type: ignore[django-manager-missing]  # guardian's model has an untyped manager
    """A person with an account; never deleted, only deactivated."""

    TRAIL_TYPE = "person"
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    FIELDS = ("email", "full_name", "post", "language")
    """What people fill in, and the trail keeps."""
    TRAIL_REPLAYED = ("email", "full_name", "post", "is_active")
    """Not the language, which people switch on any page."""
    DERIVED = ("search", "sort_key")

    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("Somebody has this e-mail address already.")}
    )
    full_name = models.CharField(_("full name"), max_length=200)
    post = models.CharField(_("post"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.KY)
    is_active = models.BooleanField(_("active"), default=True)

    search = models.TextField(default="", editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector("search", config="simple"), output_field=SearchVectorField(), db_persist=True
    )
    sort_key = models.CharField(max_length=400, default="", editable=False, db_collation="C")

    objects = UserManager()

    class Meta:
        ordering = ["full_name", "id"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            GinIndex(fields=["search_vector"], name="person_search"),
            models.Index(fields=["sort_key", "id"], name="person_sorted"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.pk])

    @property
    def code(self) -> str:
        """How pages and the trail name a person without telling who it is."""
        return f"P-{self.pk}"

    def clean(self) -> None:
        """Capitals in an e-mail address make no difference."""
        super().clean()
        self.email = self.email.lower()

    def prepare(self) -> None:
        """Fill what follows from the rest, before the row is written; without a password nobody can sign in."""
        self.password = self.password or make_password(None)
        self.search = searchable([self.full_name, self.email, self.post])
        self.sort_key = sort_key(self.full_name)

    @cached_property
    def current_memberships(self) -> list["Membership"]:
        """The memberships in force today, with their organisations: two queries, once per request."""
        return list(Membership.objects.raw(*_in_force_of(self.pk)).prefetch_related("organisation"))

    @property
    def role_map(self) -> dict[str, dict[int, int]]:
        roles: dict[str, dict[int, int]] = {}
        for membership in self.current_memberships:
            roles.setdefault(membership.role, {})[membership.organisation_id] = membership.pk
        return roles

    def carries_for(self, role: str) -> frozenset[int]:
        """Whose tasks in `role` this person carries today: their own, and those of the people they substitute in it."""
        held = [membership for membership in self.current_memberships if membership.role == role]
        return frozenset(
            {self.pk, *(membership.substitutes_for_id for membership in held if membership.substitutes_for_id)}
        )


def _in_force_of(person_id: int) -> tuple[str, list[object]]:
    """The statement and its parameters."""
    sql, parameters = _in_force_of_anybody()
    return sql, [person_id if parameter == ANYBODY else parameter for parameter in parameters]


@cache
def _in_force_of_anybody() -> tuple[str, tuple[object, ...]]:
    """Every page asks for it, so it is composed once: Django takes ten times as long for that as for its rows."""
    sql, parameters = Membership.objects.in_force().filter(person=ANYBODY).query.sql_with_params()
    return sql, tuple(parameters)


def read_roles(people: Sequence[User]) -> None:
    """The memberships in force today of all of them at once, as each would read them."""
    held: dict[int, list[Membership]] = {}
    ids = {person.pk for person in people}
    for membership in Membership.objects.in_force().filter(person__in=ids).select_related("organisation"):
        held.setdefault(membership.person_id, []).append(membership)
    for person in people:
        person.current_memberships = held.get(person.pk, [])


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: Actor) -> "MembershipQuerySet":
        """The registrar sees all; others see their own."""
        return self if Role.REGISTRAR in user.role_map else self.filter(person_id=user.pk)

    def in_force(self, on: date | None = None) -> "MembershipQuerySet":
        """On a day; by default today by the database's clock, so that no web server lets an ended role act.

        A substitution counts only while the absent person has an account and the role.
        """
        day = on or Today()
        on_that_day = {"starts__lte": day, "is_withdrawn": False, "person__is_active": True}
        until = Q(ends=None) | Q(ends__gte=day)
        absent = self.model._base_manager.filter(
            until,
            **on_that_day,
            person=OuterRef("substitutes_for"),
            organisation=OuterRef("organisation"),
            role=OuterRef("role"),
            substitutes_for=None,
        )
        held_by_somebody = Q(substitutes_for=None) | Exists(absent)
        return self.filter(until, held_by_somebody, **on_that_day, organisation__is_active=True)


class Membership(models.Model):
    """A person holds a role in an organisation from a day to a day; or substitutes for somebody who is absent."""

    TRAIL_TYPE = "membership"
    TRAIL_LABELS = {"is_withdrawn": _("withdrawn")}
    TRAIL_GRANTS = ("SELECT", "INSERT", "UPDATE")
    FIELDS = ("person_id", "organisation_id", "role", "starts", "ends", "substitutes_for_id")
    """What people fill in, and the trail keeps."""
    TRAIL_REPLAYED = (*FIELDS, "is_withdrawn")
    DERIVED: tuple[str, ...] = ()

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

    is_withdrawn = models.BooleanField(_("withdrawn before it began"), default=False)

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

    @property
    def code(self) -> str:
        """The trail names the person: so a search for the person finds their roles."""
        return f"P-{self.person_id}"

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed, or it was withdrawn before it began."""
        return self.is_withdrawn or (self.ends is not None and self.ends < legal_date())

    def prepare(self) -> None:
        """No column of a membership follows from others."""

    def clean(self) -> None:
        """Raises ValidationError, by field. Runs no query when person and organisation are at hand."""
        problems: dict[str, object] = {}
        if not self.fits():
            problems["role"] = _("In an organisation of this kind (%(kind)s) the roles are: %(roles)s.") % {
                "kind": self.organisation.get_kind_display(),
                "roles": ", ".join(str(role.label) for role in ROLES_OF_KIND[OrganisationKind(self.organisation.kind)]),
            }
        if self.ends and self.ends < self.starts:
            problems["ends"] = _("The last day lies before the first.")
        if self.substitutes_for_id and not self.ends:
            problems["ends"] = _("A substitution needs its last day.")
        if self.substitutes_for_id and self.substitutes_for_id == self.person_id:
            problems["person"] = _("Nobody can substitute for themselves.")
        if problems:
            raise ValidationError(problems)

    def fits(self) -> bool:
        """Whether an organisation of this kind has such a role."""
        return self.role in ROLES_OF_KIND[OrganisationKind(self.organisation.kind)]

    def overlapping(self, others: Iterable["Membership"]) -> "Membership | None":
        """One of `others` by which the person holds the same role, in the same way, on one of the same days."""
        return next((other for other in others if other is not self and self._overlaps(other)), None)

    def _overlaps(self, other: "Membership") -> bool:
        same = ("person_id", "organisation_id", "role", "substitutes_for_id")
        return (
            not (self.is_withdrawn or other.is_withdrawn or (self.pk and self.pk == other.pk))
            and all(getattr(self, name) == getattr(other, name) for name in same)
            and self.starts <= (other.ends or date.max)
            and other.starts <= (self.ends or date.max)
        )
