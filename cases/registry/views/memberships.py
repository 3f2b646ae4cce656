"""Pages of assigning and ending roles, and of arranging substitutes."""

from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.registry import stranded, two_people, verbs
from cases.registry.access import for_registrars, get_membership, get_person
from cases.registry.forms import EndForm, MembershipForm, SubstitutionForm
from cases.registry.models import Membership, Organisation, User
from cases.registry.requests import SignedInRequest
from cases.registry.two_people import Columns
from cases.registry.verbs.memberships import takes_two_to_end
from cases.registry.views.saving import Sheet, posted, sheet
from workflow.case import Case
from workflow.lifecycles.account_change import APPROVING, DECIDING, Change
from workflow.roles import Role
from workflow.terms import legal_date


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def membership_add(request: SignedInRequest, pk: int) -> HttpResponse:
    user = request.user
    person = get_person(user, pk)
    heading = _("Assign a role: %(name)s") % {"name": person}
    page = Sheet(heading, MembershipForm(posted(request)), person.get_absolute_url(), str(person), _("Assign the role"))
    page.sentence = _("For the roles that decide (%(roles)s): %(notice)s") % {
        "roles": ", ".join(str(role.label) for role in Role if role in DECIDING),
        "notice": two_people.notice(user, person),
    }

    def act(role: str, organisation: Organisation, starts: date, ends: date | None) -> User | Case:
        if role in DECIDING:
            return two_people.ask(
                Change.ROLE, by=user, person=person, organisation=organisation, role=role, starts=starts, ends=ends
            )
        verbs.give_membership(person, organisation, role, starts=starts, ends=ends, by=user)
        return person

    return sheet(request, page, act, _("Role assigned."))


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def membership_end(request: SignedInRequest, pk: int) -> HttpResponse:
    user = request.user
    row = get_membership(user, pk)
    form = EndForm(posted(request), initial={"last_day": row.ends or legal_date()})
    heading = _("Last day of the role: %(name)s") % {"name": row.person}
    sentence = _("%(role)s, %(organisation)s, since %(starts)s. Before its first day a role is withdrawn.") % {
        "role": row.get_role_display(),
        "organisation": row.organisation,
        "starts": f"{row.starts:%d.%m.%Y}",
    }
    if row.role in DECIDING:
        sentence += " " + _is_for_two(row, two_people.notice(user, row.person))
    page = Sheet(heading, form, row.person.get_absolute_url(), str(row.person), sentence=sentence)
    page.warning = stranded.warning(row)

    def act(last_day: date | None) -> User | Case:
        if takes_two_to_end(row, last_day):
            return two_people.ask_about(row, Change.LAST_DAY, by=user, person=row.person, ends=last_day)
        verbs.end_membership(row, last_day, by=user)
        return row.person

    return sheet(request, page, act, _("The last day was saved."))


@for_registrars
@require_http_methods(["GET", "HEAD", "POST"])
def substitution_add(request: SignedInRequest, pk: int) -> HttpResponse:
    user = request.user
    absent = get_membership(user, pk)
    heading = _("Arrange a substitute: %(name)s") % {"name": absent.person}
    sentence = _("%(role)s, %(organisation)s. On these days the substitute holds the role as well.") % {
        "role": absent.get_role_display(),
        "organisation": absent.organisation,
    }
    if absent.role in DECIDING:
        sentence += " " + two_people.notice(user)
    form = SubstitutionForm(posted(request))
    page = Sheet(heading, form, absent.person.get_absolute_url(), str(absent.person), _("Arrange"), sentence)

    def act(substitute: User, starts: date, ends: date) -> User | Case:
        if absent.role in DECIDING:
            days: Columns = {"starts": starts, "ends": ends}
            return two_people.ask_about(absent, Change.SUBSTITUTION, by=user, person=substitute, **days)
        verbs.arrange_substitution(absent, substitute, starts=starts, ends=ends, by=user)
        return absent.person

    return sheet(request, page, act, _("The substitution was arranged."))


def _is_for_two(row: Membership, notice: str) -> str:
    """What of moving the last day of a deciding role takes two people."""
    return notice if row.role in APPROVING else _("If the role is to last longer: %(notice)s") % {"notice": notice}
