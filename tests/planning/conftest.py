"""Who looks at the pages of planning in these tests."""

from collections.abc import Callable

import pytest
from django.test import Client

from cases.registry.models import User

Opened = Callable[[User], Client]


@pytest.fixture
def at() -> Opened:
    """A browser in English in which this person is signed in."""

    def at(user: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return at
