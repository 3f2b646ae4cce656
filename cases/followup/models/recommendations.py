"""A recommendation: one duty of one accountable institution, from draft to closed."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Max, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from cases.desk.models import NumberSeries
from cases.followup.models.indexes import INDEXES
from cases.followup.models.proof import ProvedRecommendation
from cases.followup.models.querysets import TEXTS_TOO, RecommendationQuerySet
from cases.followup.models.sources import SourceDocument
from cases.ground.search import searchable
from cases.registry.models import Membership, Organisation, User
from cases.registry.models.organisations import Language
from workflow.lifecycles.extension import State as ExtensionState
from workflow.lifecycles.follow_up import Classification, ClosingReason, Degree, Response, Risk
from workflow.lifecycles.recommendation import State
from workflow.may import state_label
from workflow.models import Expectation
from workflow.roles import Role
from workflow.terms import legal_date

if TYPE_CHECKING:
    from cases.followup.models.parts import RecommendationText


class Recommendation(ProvedRecommendation):  # type: ignore[django-manager-missing]  # guardian's model has an untyped manager
    """Classification says whether it binds; `response`, `verified_degree` and `closing_reason` are axes of their own.

    Three dates stay apart: `first_due` never moves later, `current_due` is what was granted, `actual_date` is when it
    was done. `slips` and `slip_days` add up along successors.
    """

    TRAIL_GRANTS = ("SELECT", "INSERT", "UPDATE")
    SILENT = ("search",)
    TOGETHER = (TEXTS_TOO,)
    TRAIL_LABELS = {
        "asked": _("asked for"),
        "claimed_by": _("reported as done by"),
        "closed_by": _("closed by"),
        "contributors": _("contributors"),
        "decision": _("decision"),
        "delivered_sha256": _("SHA-256 of the delivered text"),
        "extension": _("extension request"),
        "interim": _("interim deadline"),
        "interim_deadlines": _("interim deadlines"),
        "left_out": _("left out and why"),
        "measure": _("measure"),
        "plan": _("plan"),
        "source": _("source"),
        "effect_review": _("effect review"),
        "successor": _("successor"),
        "verified_by": _("verified by"),
    }
    TRAIL_WORDS = {"decision": {"accepted": _("Accepted"), "rejected": _("Rejected")}}
    TRAIL_COLUMNS = {"degree": "verified_degree"}

    draft_number = models.CharField(max_length=40, unique=True, editable=False)
    ministry = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    institution = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="recommendations",
        verbose_name=_("accountable institution"),
        db_index=False,
    )
    coordinator = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("coordinator"), db_index=False
    )
    source = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, null=True, related_name="recommendations", verbose_name=_("source")
    )
    item = models.CharField(_("item of the source"), max_length=30, blank=True)
    cause = models.TextField(_("finding or criterion it answers"), blank=True)
    classification = models.CharField(
        _("class"), max_length=20, choices=Classification.choices, default=Classification.CONDITION
    )
    risk = models.CharField(_("risk"), max_length=10, choices=Risk.choices, default=Risk.MEDIUM)
    is_priority = models.BooleanField(_("priority for leadership"), default=False)
    controller = models.CharField(_("controller"), max_length=200, blank=True)
    watcher = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("controller (account)")
    )
    authoritative_language = models.CharField(
        _("authoritative language"), max_length=2, choices=Language.choices, default=Language.KY
    )

    first_due = models.DateField(_("first due date"), null=True, blank=True)
    current_due = models.DateField(_("current due date"), null=True, blank=True)
    actual_date = models.DateField(_("done on"), null=True, blank=True)
    no_due_reason = models.CharField(_("why it has no due date"), max_length=300, blank=True)
    slips = models.PositiveSmallIntegerField(_("times extended"), default=0)
    late_noted = models.DateField(_("late since"), null=True, blank=True, editable=False)
    slip_days = models.PositiveIntegerField(_("days extended"), default=0)

    response = models.CharField(_("answer"), max_length=20, choices=Response.choices, default=Response.AWAITING)
    verified_degree = models.CharField(_("verified degree"), max_length=10, choices=Degree.choices, blank=True)
    closing_reason = models.CharField(_("closing reason"), max_length=30, choices=ClosingReason.choices, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    delivered_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    claimed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    claimed_on = models.DateField(_("reported as done on"), null=True, blank=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    effect_review_on = models.DateField(_("effect to be reviewed on"), null=True, blank=True)
    risk_reason = models.TextField(_("why the risk is accepted"), blank=True)
    risk_owner = models.CharField(_("who answers for the risk"), max_length=200, blank=True)
    risk_expires_on = models.DateField(_("risk accepted until"), null=True, blank=True)
    risk_expired_on = models.DateField(_("accepted risk expired on"), null=True, blank=True)
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors", verbose_name=_("follows")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    search = models.TextField(default="", editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector("search", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    reserved_number: str = ""

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        indexes = INDEXES
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="recommendation_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, issued_on=None) | (~Q(state=State.DRAFT) & Q(issued_on__isnull=False)),
                name="recommendation_issued_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | Q(first_due__isnull=False) | ~Q(no_due_reason=""),
                name="recommendation_issued_has_term",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.CLOSED, closed_on__isnull=False) & Q(closing_reason__in=ClosingReason.values))
                | (~Q(state=State.CLOSED) & Q(closed_on=None, closing_reason="")),
                name="recommendation_closed_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(first_due=None, current_due=None)
                | Q(first_due__isnull=False, current_due__isnull=False, current_due__gte=F("first_due")),
                name="recommendation_due_not_before_first",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.VERIFIED)
                | (Q(verified_by__isnull=False) & ~Q(verified_degree="") & ~Q(verified_by=F("claimed_by"))),
                name="recommendation_verified_by_another",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | Q(verified_by=None) | ~Q(closed_by=F("verified_by")),
                name="recommendation_closed_by_another",
            ),
        ]

    @property
    def headline(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The text in the reader's language, else the authoritative one."""
        current = self.current_texts()
        chosen = current.get(get_language() or "") or current.get(self.authoritative_language)
        return chosen.text if chosen else ""

    def current_texts(self) -> "dict[str, RecommendationText]":
        """language -> the newest version of the text in it, unless that was emptied."""
        return self.once("texts", self._current_texts)

    def _current_texts(self) -> "dict[str, RecommendationText]":
        texts = self.read_texts if hasattr(self, "read_texts") else self.texts.all()  # TEXTS_TOO read them along.
        newest = {text.language: text for text in sorted(texts, key=lambda one: one.version)}
        return {language: text for language, text in newest.items() if text.text}

    def has_text(self) -> bool:
        return self.authoritative_language in self.current_texts()

    @property
    def is_final(self) -> bool:
        return self.state in self.final_states()

    @property
    def due_now(self) -> date | None:
        return None if self.is_final else self.current_due

    @property
    def ending(self) -> str:
        """How a closed case ended, in one sentence."""
        degree = f" ({Degree(self.verified_degree).label})" if self.verified_degree else ""
        return f"{_('Nothing: the case is closed.')} {ClosingReason(self.closing_reason).label}{degree}."

    def is_in_progress(self) -> bool:
        return bool(self.state == State.IN_PROGRESS)

    @property
    def state_label(self) -> str:
        """As get_state_display() tells it, which goes through all choices each time."""
        return state_label(self)

    @property
    def risk_label(self) -> str:
        return str(Risk(self.risk).label)

    @property
    def days_late(self) -> int:
        """Calendar days past the current due date of an issued, open recommendation; 0 when it is in time."""
        if not self.current_due or self.state in (State.DRAFT, State.CLOSED):
            return 0
        return max((legal_date() - self.current_due).days, 0)

    def deliver(self) -> None:
        """Give the number and keep the hash of what is delivered."""
        today = self.acting.on
        self.number = self.reserved_number or NumberSeries.take("R", today.year)[0]
        self.search = searchable([self.number, self.search])
        self.issued_on = today
        self.coordinator_id = self.coordinator_id or self.acting.person_id
        self.delivered_sha256 = hashlib.sha256(self.delivered_text().encode()).hexdigest()

    def delivered_text(self) -> str:
        """What the institution is given, in all languages: the text whose hash is kept."""
        texts = self.current_texts()
        lines = [f"{language}: {texts[language].text}" for language in Language if language in texts]
        return "\n".join([*lines, self.cause, str(self.first_due or self.no_due_reason)])

    @classmethod
    def prepare_many(cls, action: str, cases: Sequence[Any], on: date) -> None:
        """Reserve one block of numbers for all drafts of a batch that are to be issued."""
        drafts = [case for case in cases if action == "issue" and case.state == State.DRAFT]
        for case, number in zip(drafts, NumberSeries.take("R", on.year, len(drafts)) if drafts else [], strict=True):
            case.reserved_number = number

    def keep_response(self, response: Response, text: str, left_out: str) -> None:
        """Keep the answer as a version of its own."""
        self.response = response
        self.responses.create(
            version=self.responses.count() + 1,
            response=response,
            text=text,
            left_out=left_out,
            plan=self.plan_now(),
            given_by_id=self.acting.person_id,
        )

    def await_response(self) -> None:
        self.response = Response.AWAITING

    def keep_claim(self) -> None:
        self.claimed_by_id, self.claimed_on = self.acting.person_id, self.acting.on
        self.verified_degree = ""  # "Not at all" was the verdict on the claim before.

    def keep_verification(self, degree: Degree) -> None:
        self.verified_degree = degree
        if degree != Degree.NONE:
            self.verified_by_id, self.verified_on = self.acting.person_id, self.acting.on

    def keep_accepted_risk(self, reason: str, owner: str, expires_on: date) -> None:
        self.risk_reason, self.risk_owner, self.risk_expires_on = reason, owner, expires_on

    def end(self, reason: ClosingReason, *, is_done: bool) -> None:
        self.closing_reason = reason
        self.closed_by_id, self.closed_on = self.acting.person_id, self.acting.on
        self.actual_date = self.claimed_on if is_done else None

    def plan_effect_review(self) -> None:
        self.effect_review_on = self.acting.on + relativedelta(months=12)

    def freeze_plan(self) -> None:
        self.plan_now().freeze(self.acting.on)

    def reopen_plan(self) -> None:
        self.plan_now().reopen()
        self.acting.read.clear()  # The plan is another one now.

    @property
    def is_effect_due(self) -> bool:
        return self.effect_review_on is not None and self.effect_review_on <= legal_date()

    @property
    def noted(self) -> Sequence[tuple[object, object]]:
        return [(_("Controller"), self.controller)] if self.controller else []

    def newly_late(self) -> date | None:
        """The latest date that the institution let pass and that was not noted as late yet."""
        owed = Expectation.objects.open().of(self.CASE_TYPE, self.pk).filter(organisation_id=self.institution_id)
        latest: date | None = owed.filter(due__lt=legal_date()).aggregate(latest=Max("due"))["latest"]
        return latest if latest and (self.late_noted is None or latest > self.late_noted) else None

    def has_effect_review(self) -> bool:
        return self.effect_reviews.exists()

    @property
    def role_on_expiry(self) -> Role:
        """Who takes it up when a date has come: the coordinator in charge, or the head where there is none."""
        in_charge = Membership.objects.in_force().filter(
            person=self.coordinator_id, role=Role.COORDINATOR, organisation=self.department_id
        )
        return Role.COORDINATOR if in_charge.exists() else Role.DEPARTMENT_HEAD

    def undecided_extensions(self) -> bool:
        return any(one.state == ExtensionState.REQUESTED for one in self.extensions.all())

    def counted_extensions(self) -> int:
        return sum(one.state != ExtensionState.RETURNED for one in self.extensions.all())

    def fill_search(self, texts: Iterable[str]) -> None:
        """Fold everything that the list's search looks into; the caller saves."""
        source = str(self.source) if self.source else ""
        institution = [self.institution.code, self.institution.search]
        self.search = searchable([self.number, *texts, self.cause, source, self.item, *institution])


class RecommendationUserObjectPermission(UserObjectPermissionBase):  # type: ignore[misc]
    """A named person let in to one recommendation."""

    content_object = models.ForeignKey(Recommendation, on_delete=models.CASCADE)
