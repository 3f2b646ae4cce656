"""A year after it was closed as done: the institution reports the effect, the coordinator assesses it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cases.desk.leading import assign
from cases.followup.models import EffectReview, Recommendation
from cases.registry.models import Membership
from tests.cast import Cast
from tests.factories import make_recommendation
from tests.followup.pages import Opened, Page, plain, text_of
from tests.kinds.follow_up import make_effect_review
from workflow.door import Refused, perform
from workflow.models import Expectation
from workflow.roles import Role
from workflow.terms import legal_date

TODAY = legal_date()


def url(review: EffectReview, action: str) -> str:
    return f"/effect-reviews/{review.number}/act/{action}/"


def owed(review: EffectReview) -> list[tuple[str, str, int | None]]:
    rows = Expectation.objects.open().of("effect_review", review.pk)
    return [(row.action, row.role, row.days) for row in rows]


def effects(html: str) -> str:
    return plain(html.partition('aria-labelledby="effects"')[2].partition("</section>")[0])


def test_from_the_question_to_the_assessment_everybody_finds_their_task(cast: Cast, as_: Opened, page: Page) -> None:
    review = make_effect_review(cast)
    case = review.recommendation
    assert owed(review) == [("report", "institution_head", 20)]
    inbox = text_of(as_("rector").get("/"))
    assert ("Report the effect" in inbox, case.get_absolute_url() in inbox) == (True, True)
    shown = page(case, "rector")
    assert url(review, "report") in shown
    assert "Nothing: the case is closed." not in shown
    assert "Effect asked for" in effects(shown)
    sent = {"version": review.version, "effect": "partly", "text": "Loans rose by 20 %."}
    response = as_("rector").post(url(review, "report"), sent)
    assert (response.status_code, response["Location"]) == (
        302,
        f"/recommendations/{case.number}/#effect_review-{review.pk}",
    )
    review = EffectReview.objects.get()
    assert owed(review) == [("assess", "coordinator", 20)]
    assert (review.reported, review.report_text, review.reported_by, review.reported_on) == (
        "partly", "Loans rose by 20 %.", cast.rector, TODAY,
    )  # fmt: skip
    form = text_of(as_("coordinator").get(url(review, "assess")))
    assert "Loans rose by 20 %." in form, "what is assessed is shown where it is assessed"
    assert "Assess the effect" in text_of(as_("coordinator").get("/"))
    sent = {"version": review.version, "effect": "not", "text": "The figures are of the year before."}
    assert as_("coordinator").post(url(review, "assess"), sent).status_code == 302
    review = EffectReview.objects.get()
    assert (review.state, review.assessed, review.assessed_by, review.assessed_on) == (
        "assessed", "not", cast.coordinator, TODAY,
    )  # fmt: skip
    assert owed(review) == []
    words = effects(page(case, "officer"))
    assert "Reported: The effect has lasted in part Loans rose by 20 %." in words
    assert "Assessed: The effect has not lasted The figures are of the year before." in words
    assert "Assess the effect" in plain(page(case, "leader")), "in the history of the case"


def test_the_officer_may_report_it_as_well(cast: Cast) -> None:
    review = make_effect_review(cast)
    perform(review, "report", by=cast.officer, effect="kept", text="It has.")
    assert review.reported_by == cast.officer


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"effect": "kept", "text": " "}, "Say what the effect is and how it shows."),
        ({"effect": "", "text": "Yes"}, "Choose whether the effect has lasted."),
        ({"effect": "full", "text": "Yes"}, "Choose whether the effect has lasted."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    cast: Cast, as_: Opened, sent: dict[str, str], sentence: str
) -> None:
    review = make_effect_review(cast)
    response = as_("rector").post(url(review, "report"), {"version": review.version, **sent})
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert EffectReview.objects.get().state == "asked"


def test_who_reported_does_not_assess(cast: Cast) -> None:
    """Not even after a change of sides, and not against the database either."""
    review = make_effect_review(cast, "reported")
    EffectReview.objects.update(reported_by=cast.coordinator)
    with pytest.raises(Refused, match="You reported the effect yourself"):
        perform(EffectReview.objects.get(), "assess", by=cast.coordinator, effect="kept", text="Yes")
    with pytest.raises(IntegrityError, match="effect_review_by_another"), transaction.atomic():
        EffectReview.objects.filter(pk=review.pk).update(assessed_by=cast.coordinator)


def test_only_one_is_made_of_a_recommendation(cast: Cast) -> None:
    review = make_effect_review(cast)
    with pytest.raises(IntegrityError, match="effect_review_once"), transaction.atomic():
        EffectReview.objects.create(number="R-X", recommendation=review.recommendation, asked_on=TODAY)


def test_another_coordinator_assesses_once_in_charge(cast: Cast) -> None:
    review = make_effect_review(cast, "reported")
    with pytest.raises(Refused, match="assigned to Aigul"):
        perform(review, "assess", by=cast.second_coordinator, effect="kept", text="Yes")
    assign(Recommendation.objects.get(), cast.second_coordinator, by=cast.head)
    [row] = Expectation.objects.open().of("effect_review", review.pk)
    assert row.assignee == cast.second_coordinator
    perform(EffectReview.objects.get(), "assess", by=cast.second_coordinator, effect="kept", text="Yes")


def test_one_that_nobody_can_report_is_found(cast: Cast, as_: Opened) -> None:
    Membership.objects.filter(person__in=[cast.rector, cast.officer]).update(ends=TODAY - timedelta(days=1))
    review = make_effect_review(cast)
    rows = as_("coordinator").get("/recommendations/?unmanned=on").context["page"].rows
    assert [row.number for row in rows] == [review.recommendation.number]


def test_strangers_do_not_see_it(cast: Cast, as_: Opened) -> None:
    review = make_effect_review(cast)
    assert Role.INSTITUTION_HEAD in cast.director.role_map
    for who in ("director", "lead", "registrar", "stranger"):
        assert as_(who).get(url(review, "report")).status_code == 404
        assert as_(who).get(f"/case/effect_review/{review.pk}/").status_code == 404


def test_the_page_tells_the_truth_about_the_date_ahead(cast: Cast, page: Page) -> None:
    words = plain(page(make_recommendation(cast, "closed"), "rector"))
    assert "Effect to be reviewed on" in words
    assert 'aria-labelledby="effects"' not in page(make_recommendation(cast, "closed"), "rector")
