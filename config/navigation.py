"""What every page's header shows to the person signed in: the items of the menu."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.desk.kinds import Kind, kinds
from cases.registry.models import User
from cases.registry.models.organisations import sees_registry
from workflow.grants import table_of
from workflow.roles import Role


@dataclass(frozen=True)
class NavItem:
    """One item of the menu; `name` is the name of its url, by which templates may add a count."""

    name: str
    label: str
    url: str
    active: bool = False


def navigation(request: HttpRequest) -> dict[str, object]:
    """Nothing for those who are not signed in. Runs no query beyond the person's memberships."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"nav": []}
    shown = [(name, label, [reverse(name), *places]) for name, label, places in _items(user)]
    here = _longest_match(request.path, [place for _name, _label, places in shown for place in places])
    return {"nav": [NavItem(name, label, places[0], active=here in places) for name, label, places in shown]}


def _items(user: User) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Url name, label, and the addresses besides its own under which its pages lie."""
    roles = user.role_map.keys()
    yield "inbox", _("Inbox"), ()
    for kind in kinds().values():
        may_be_a_guest = not roles and table_of(kind.model)  # Somebody without a role may see a single case.
        if not kind.is_part and (may_be_a_guest or roles & kind.menu_roles):
            yield kind.list_name, str(kind.name_of_many), [*_part_places(kind), *_linked_places(kind, user)]
    if Role.COORDINATOR in roles:
        yield "import_resolution", _("Import a resolution"), ()
    if roles & {Role.MINISTRY_LEADER, Role.MINISTRY_OBSERVER}:
        yield "trail", _("Trail"), ()
    if sees_registry(user):
        yield "organisations", _("Registry"), ()
    yield "messages", _("Messages"), ()


def _part_places(kind: Kind) -> Iterator[str]:
    """Of the kinds that are shown on its cases' pages, and of their own parts."""
    for part in kinds().values():
        if part.is_part and part.model._meta.get_field(part.model.ABOUT).related_model is kind.model:
            yield f"/{part.path}/"
            yield from _part_places(part)


def _linked_places(kind: Kind, user: User) -> Iterator[str]:
    """Of the pages to which its list leads."""
    links = kind.list_links(user) if kind.list_links else ()
    yield from (url.partition("?")[0] for _label, url in links)


def _longest_match(path: str, urls: list[str]) -> str:
    matches = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(matches, key=len, default="")
