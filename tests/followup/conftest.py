"""Browsers for the tests of pages."""

import pytest

from cases.followup.models import Recommendation
from cases.registry.models import User
from tests.cast import Cast
from tests.followup.pages import Opened, Page, browser, text_of


@pytest.fixture
def as_(cast: Cast) -> Opened:
    """A browser in which the named member of the cast is signed in."""
    return lambda who: browser(cast, who)


@pytest.fixture
def page(cast: Cast) -> Page:
    """The page of a case as a member of the cast sees it, in English."""

    def opened(case: Recommendation, who: str | User, *, status: int = 200) -> str:
        response = browser(cast, who).get(f"/recommendations/{case.number}/")
        assert response.status_code == status
        return text_of(response)

    return opened
