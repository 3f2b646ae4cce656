"""A recommendation: one duty of one accountable institution, from draft to closed."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Self

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.desk.models import NumberSeries
from cases.followup.models.indexes import CONSTRAINTS, INDEXES
from cases.followup.models.querysets import RecommendationQuerySet
from cases.followup.models.record import RecommendationRecord
from cases.ground.search import searchable
from cases.registry.models import Membership
from cases.registry.models.organisations import Language
from workflow.grants import NamedGrant
from workflow.lifecycles.extension import State as ExtensionState
from workflow.lifecycles.follow_up import ClosingReason, Degree, Response, Risk
from workflow.lifecycles.recommendation import State
from workflow.may import state_label
from workflow.models import Expectation
from workflow.roles import Role
from workflow.terms import legal_date

if TYPE_CHECKING:
    from cases.followup.models.parts import RecommendationText


class Recommendation(RecommendationRecord):  # type: ignore[django-manager-missing]  # guardian's model has an untyped manager
    """The duty: what it says, what its acts leave on it, and what may follow from it."""

    reserved_number: str = ""

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        indexes = INDEXES
        constraints = CONSTRAINTS

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
        newest = {text.language: text for text in sorted(texts, key=lambda text: text.version)}
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
        """The name of the state; get_state_display() would go through all choices each time."""
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
    def prepare_many(cls, action: str, cases: Sequence[Self], on: date) -> None:
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

    @property
    def is_effect_due(self) -> bool:
        return self.effect_review_on is not None and self.effect_review_on <= self.today

    @property
    def noted(self) -> Sequence[tuple[object, object]]:
        return [(_("Controller"), self.controller)] if self.controller else []

    def newly_late(self) -> date | None:
        """The latest date that the institution missed and that is not noted as late yet."""
        owed = Expectation.objects.open().of(self.CASE_TYPE, self.pk).filter(organisation_id=self.institution_id)
        latest: date | None = owed.filter(due__lt=self.today).aggregate(latest=Max("due"))["latest"]
        return latest if latest and (self.late_noted is None or latest > self.late_noted) else None

    def has_effect_review(self) -> bool:
        return self.effect_reviews.exists()

    @property
    def role_on_expiry(self) -> Role:
        """Who takes it up when a date has come: the coordinator in charge, or the head where there is none."""
        in_charge = Membership.objects.in_force(self.today).filter(
            person=self.coordinator_id, role=Role.COORDINATOR, organisation=self.department_id
        )
        return Role.COORDINATOR if in_charge.exists() else Role.DEPARTMENT_HEAD

    def undecided_extensions(self) -> bool:
        return any(extension.state == ExtensionState.REQUESTED for extension in self.extensions.all())

    def counted_extensions(self) -> int:
        return sum(extension.state != ExtensionState.RETURNED for extension in self.extensions.all())

    def fill_search(self, texts: Iterable[str]) -> None:
        """Fold everything that the list's search looks into; the caller saves."""
        source = str(self.source) if self.source else ""
        institution = [self.institution.code, self.institution.search]
        self.search = searchable([self.number, *texts, self.cause, source, self.item, *institution])


class RecommendationUserObjectPermission(NamedGrant):
    """A named person let in to one recommendation."""

    content_object = models.ForeignKey(Recommendation, on_delete=models.CASCADE)
