"""Pages of giving and ending roles, and of arranging who stands in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.registry import verbs
from cases.registry.access import for_registrars, get_membership, get_person
from cases.registry.forms import EndForm, MembershipForm, SubstitutionForm
from cases.registry.models import User
from cases.registry.views.saving import Sheet, posted, sheet
from workflow.terms import legal_date


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def membership_add(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    person = get_person(user, pk)
    heading = _("Give a role: %(name)s") % {"name": person}
    page = Sheet(heading, MembershipForm(posted(request)), person.get_absolute_url(), str(person), _("Give the role"))

    def act(**filled: Any) -> User:
        verbs.give_membership(person, by=user, **filled)
        return person

    return sheet(request, page, act, _("The role was given."))


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = get_membership(user, pk)
    form = EndForm(posted(request), initial={"last_day": row.ends or legal_date()})
    heading = _("Last day of the role: %(name)s") % {"name": row.person}
    sentence = _("%(role)s, %(organisation)s, since %(starts)s. Before its first day a role is withdrawn.") % {
        "role": row.get_role_display(),
        "organisation": row.organisation,
        "starts": f"{row.starts:%d.%m.%Y}",
    }
    page = Sheet(heading, form, row.person.get_absolute_url(), str(row.person), sentence=sentence)

    def act(last_day: Any) -> User:
        verbs.end_membership(row, last_day, by=user)
        return row.person

    return sheet(request, page, act, _("The last day was saved."))


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def substitution_add(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    absent = get_membership(user, pk)
    heading = _("Arrange who stands in: %(name)s") % {"name": absent.person}
    sentence = _("%(role)s, %(organisation)s. On these days the substitute holds the role too.") % {
        "role": absent.get_role_display(),
        "organisation": absent.organisation,
    }
    form = SubstitutionForm(posted(request))
    page = Sheet(heading, form, absent.person.get_absolute_url(), str(absent.person), _("Arrange"), sentence)

    def act(**filled: Any) -> User:
        verbs.arrange_substitution(absent, by=user, **filled)
        return absent.person

    return sheet(request, page, act, _("The substitution was arranged."))
