"""The pages on which the leading department translates, and follows up what is closed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases.desk.verbs import done, sent, show, verb_page
from cases.followup import verbs
from cases.followup.access import get_recommendation
from cases.followup.forms.leading import SucceedForm, TranslateForm
from cases.followup.models import Recommendation
from cases.registry.models.organisations import Language
from cases.registry.requests import SignedInRequest
from workflow.lifecycles.recommendation import Action


@verb_page(get_recommendation, Action.TRANSLATE)
def translate(request: SignedInRequest, recommendation: Recommendation) -> HttpResponse:
    """One language at a time: that of the address, else the first that has no text."""
    user = request.user
    texts = recommendation.current_texts()
    language = _language(request, recommendation)
    now = texts.get(language)
    initial = {"version": recommendation.version, "language": language, "text": now.text if now else ""}
    form = TranslateForm(sent(request), initial=initial)
    if form.is_bound and form.is_valid():
        filled = {name: form.cleaned_data[name] for name in ("language", "text", "is_checked", "version")}
        if form.done(lambda: verbs.translate(recommendation, by=user, **filled)):
            return done(request, recommendation, _("The translation is stored."), "texts")
    context = {
        "source": texts.get(recommendation.authoritative_language),
        "language": Language(language),
        "others": [other for other in _languages(recommendation) if other != language],
    }
    return show(request, "followup/translate.html", recommendation, form, **context)


@verb_page(get_recommendation, Action.SUCCEED)
def succeed(request: SignedInRequest, recommendation: Recommendation) -> HttpResponse:
    user = request.user
    form = SucceedForm(sent(request), initial={"version": recommendation.version})
    made: list[Recommendation] = []
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        if form.done(lambda: made.append(verbs.draft_successor(recommendation, by=user, version=version))):
            messages.success(request, _("The successor is drafted: %(number)s.") % {"number": made[0].number})
            return redirect("draft_edit", made[0].number)
    return show(request, "followup/draft_succeed.html", recommendation, form)


def _languages(recommendation: Recommendation) -> list[Language]:
    return [language for language in Language if language != recommendation.authoritative_language]


def _language(request: SignedInRequest, recommendation: Recommendation) -> str:
    wanted = (request.POST or request.GET).get("language", "")
    possible = _languages(recommendation)
    if wanted in possible:
        return wanted
    texts = recommendation.current_texts()
    return next((language for language in possible if language not in texts), possible[0]).value
