"""Why somebody cannot work on a monitoring as an expert of its contractor; empty when they can."""

from django.utils.translation import gettext as _

from cases.planning.models import Engagement, EngagementUserObjectPermission
from cases.registry.models import User
from workflow.roles import Role


def why_no_expert(engagement: Engagement, person: User) -> str:
    if engagement.contractor_id in person.role_map.get(Role.CONTRACTOR_EXPERT, {}):
        return ""
    return _("%(name)s is no expert of the contractor now.") % {"name": person}


def why_not_let_in(engagement: Engagement, person: User) -> str:
    """No expert of the contractor, or one without access."""
    if sentence := why_no_expert(engagement, person):
        return sentence
    if EngagementUserObjectPermission.objects.filter(user=person, content_object=engagement).exists():
        return ""
    return _("Give %(name)s access to the monitoring first.") % {"name": person}
