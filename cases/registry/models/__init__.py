"""The registry's records, one module per subject."""

from cases.registry.models.acts import ActKind, LegalAct
from cases.registry.models.links import LinkRequest
from cases.registry.models.organisations import InstitutionType, Kind, Organisation, Region
from cases.registry.models.people import Membership, User, read_roles
from cases.registry.models.uploads import Upload

__all__ = [
    "ActKind",
    "InstitutionType",
    "Kind",
    "LegalAct",
    "LinkRequest",
    "Membership",
    "Organisation",
    "Region",
    "Upload",
    "User",
    "read_roles",
]
