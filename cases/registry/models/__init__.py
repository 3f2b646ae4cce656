"""The registry's records, one module per subject."""

from cases.registry.models.acts import LegalAct
from cases.registry.models.organisations import InstitutionType, Kind, Organisation, Region
from cases.registry.models.people import Membership, User

__all__ = ["InstitutionType", "Kind", "LegalAct", "Membership", "Organisation", "Region", "User"]
