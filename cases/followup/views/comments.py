"""The page on which a comment is written, when the box on the case's own page is not at hand."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cases.followup.forms.comments import INTERNAL, CommentForm
from cases.followup.models import Recommendation
from cases.followup.verbs import comment
from cases.followup.views.verbs import done, page_of, sent, show
from workflow.lifecycles.recommendation import Action
from workflow.may import can


@page_of(Action.COMMENT, Action.COMMENT_INTERNAL)
def comment_add(request: HttpRequest, recommendation: Recommendation) -> HttpResponse:
    user: Any = request.user
    form = CommentForm(sent(request))
    if form.is_bound and form.is_valid():
        text, is_internal = form.cleaned_data["text"], form.cleaned_data["audience"] == INTERNAL
        if form.done(lambda: comment(recommendation, text, by=user, is_internal=is_internal)):
            sentence = _("The internal comment is stored.") if is_internal else _("The comment is stored.")
            return done(request, recommendation, sentence, "comments")
    return show(request, "followup/comment.html", recommendation, form, can=can(recommendation, user))
