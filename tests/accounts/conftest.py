"""Who acts in these tests: two registrars, each in a browser of their own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.accounts.models import AccountChange
from cases.registry.models import User
from tests.cast import Cast, person
from workflow.roles import Role


@pytest.fixture
def second(cast: Cast) -> User:
    """Another registrar of the same department."""
    return person("Rano", (cast.department, Role.REGISTRAR))


@pytest.fixture
def at(cast: Cast) -> Callable[[User], Client]:
    """A browser in English in which this person is signed in."""

    def at(user: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return at


@pytest.fixture
def send(at: Callable[[User], Client]) -> Callable[..., Any]:
    """Send an act's form as it would be on a page opened now."""

    def send(user: User, change: AccountChange, action: str, **inputs: Any) -> Any:
        change.refresh_from_db()
        address = reverse("account_change_act", args=[change.number, action])
        return at(user).post(address, {"version": change.version, **inputs})

    return send
