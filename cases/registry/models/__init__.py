"""The registry's records, one module per subject."""

from cases.registry.models.acts import ActKind, LegalAct
from cases.registry.models.areas import ProgrammeArea
from cases.registry.models.catalogues import Catalogue, CatalogueKind, Criterion
from cases.registry.models.directions import Direction
from cases.registry.models.links import LinkRequest
from cases.registry.models.organisations import InstitutionType, Organisation, OrganisationKind, Region
from cases.registry.models.people import Membership, User, read_roles
from cases.registry.models.uploads import Upload

__all__ = [
    "ActKind",
    "Catalogue",
    "CatalogueKind",
    "Criterion",
    "Direction",
    "InstitutionType",
    "OrganisationKind",
    "LegalAct",
    "LinkRequest",
    "Membership",
    "Organisation",
    "ProgrammeArea",
    "Region",
    "Upload",
    "User",
    "read_roles",
]
