"""What belongs to whose ministry: each one's leaders and observers read nothing of another one's.

While there is one ministry, all is its own, and nothing is narrowed: that is one short query.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from cases.registry.models import LegalAct, Membership, Organisation, OrganisationKind, User
from cases.registry.models.organisations import ROLES_OF_KIND
from workflow.door import Refused
from workflow.roles import Actor


def ministry_of(department: Organisation) -> int:
    """The id of the ministry that a department is part of. Raises Refused."""
    if department.parent_id is None:
        raise Refused(_("%(department)s belongs to no ministry; ask the registrar.") % {"department": department})
    return department.parent_id


def ministries_of(user: Actor) -> set[int]:
    """Those whose leader or observer the person is."""
    return {pk for role in ROLES_OF_KIND[OrganisationKind.MINISTRY] for pk in user.role_map.get(role, {})}


def others_than_mine(user: Actor) -> set[int]:
    """Ministries whose leader or observer the person is not; deactivated ones as well, because their past remains."""
    others = Organisation.objects.filter(kind=OrganisationKind.MINISTRY).exclude(pk__in=ministries_of(user))
    return set(others.values_list("pk", flat=True))


def registry_events(others: set[int]) -> Q:
    """Events of the registry that do not concern the ministries `others` alone.

    Institutions that are part of no ministry, and the legal acts, concern all of them. A person concerns those in whose
    organisations they ever had a role; a person who never had one concerns the registrar who added them.
    """
    theirs = parts_of(others)
    roles = Membership.objects.exclude(organisation__in=theirs)
    any_role = Membership.objects.filter(person=OuterRef("subject_id"))
    registered_here = Q(~Exists(any_role), organisation_id__isnull=False) & ~Q(organisation_id__in=theirs)
    has_role_here = Q(Exists(roles.filter(person=OuterRef("subject_id"))))
    concerns: Q = (
        Q(subject_type=LegalAct.TRAIL_TYPE)
        | Q(subject_type=Organisation.TRAIL_TYPE) & ~Q(subject_id__in=theirs)
        | Q(Exists(roles.filter(pk=OuterRef("subject_id"))), subject_type=Membership.TRAIL_TYPE)
        | Q(subject_type=User.TRAIL_TYPE) & (has_role_here | registered_here)
    )
    return concerns


def parts_of(organisations: set[int]) -> set[int]:
    """These organisations and all that is part of them, however far below."""
    known, newest = set(organisations), set(organisations)
    while newest:
        parts = set(Organisation.objects.filter(parent__in=newest).values_list("pk", flat=True))
        newest = parts - known
        known |= newest
    return known
