"""The columns of a recommendation, and the words that the trail has for them."""

from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.followup.models.proof import ProvedRecommendation
from cases.followup.models.querysets import TEXTS_TOO
from cases.followup.models.sources import SourceDocument
from cases.planning.models import Engagement
from cases.registry.models import Organisation, User
from cases.registry.models.organisations import Language
from workflow.lifecycles.follow_up import Classification, ClosingReason, Degree, Response, Risk


class RecommendationRecord(ProvedRecommendation):
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
        "finding": _("finding"),
        "findings": _("findings"),
        "interim": _("interim deadline"),
        "interim_deadlines": _("interim deadlines"),
        "left_out": _("left out and why"),
        "measure": _("measure"),
        "plan": _("plan"),
        "plan_sha256": _("SHA-256 of the agreed plan"),
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
    engagement = models.ForeignKey(
        Engagement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name=_("monitoring"),
        db_index=False,
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

    class Meta:
        abstract = True
