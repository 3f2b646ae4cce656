"""The only doors to a row of the registry: the row, or 404 for those who may not see it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404

from cases.registry.models import Catalogue, LegalAct, Membership, Organisation, ProgrammeArea, Upload, User
from cases.registry.requests import SignedInRequest
from workflow.roles import Actor, Role

Rest = ParamSpec("Rest")


def get_organisation(user: Actor, code: str) -> Organisation:
    return get_object_or_404(Organisation.objects.visible_to(user).select_related("parent"), code=code)


def get_person(user: Actor, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(user), pk=pk)


def get_membership(user: Actor, pk: int) -> Membership:
    rows = Membership.objects.visible_to(user).select_related("person", "organisation", "substitutes_for")
    return get_object_or_404(rows, pk=pk)


def get_act(user: Actor, pk: int) -> LegalAct:
    return get_object_or_404(LegalAct.objects.visible_to(user), pk=pk)


def get_area(user: Actor, code: str) -> ProgrammeArea:
    return get_object_or_404(ProgrammeArea.objects.visible_to(user), code=code)


def get_catalogue(user: Actor, code: str, version: int) -> Catalogue:
    rows = Catalogue.objects.visible_to(user).select_related("legal_act")
    return get_object_or_404(rows, code=code, version=version)


def get_upload(user: Actor, kind: str, pk: int) -> Upload:
    """Its rows are read only when they are asked for."""
    return get_object_or_404(Upload.objects.visible_to(user).defer("rows"), kind=kind, pk=pk)


def is_registrar(user: Actor) -> bool:
    return Role.REGISTRAR in user.role_map


def for_registrars(
    view: Callable[Concatenate[SignedInRequest, Rest], HttpResponseBase],
) -> Callable[Concatenate[SignedInRequest, Rest], HttpResponseBase]:
    """For everybody else the page does not exist."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not is_registrar(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
