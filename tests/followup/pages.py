"""How the tests of pages read a case's pages and send the forms of its actions."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from cases.followup.models import Extension, Recommendation
from cases.registry.models import User
from tests.cast import Cast
from workflow.models import Event, Expectation

READERS = (
    "leader", "observer", "head", "second_head", "coordinator", "second_coordinator", "rector", "officer",
)  # fmt: skip
"""Those of the cast who see an issued recommendation; the last two do not see a draft."""
FOREIGN = ("director", "lead", "expert", "registrar", "stranger")

Opened = Callable[[str | User], Client]
Page = Callable[..., str]


def browser(cast: Cast, who: str | User, language: str = "en") -> Client:
    """A browser in which a member of the cast is signed in."""
    client = Client(headers={"accept-language": language})
    client.force_login(getattr(cast, who) if isinstance(who, str) else who)
    return client


def url(case: Recommendation | Extension, action: str) -> str:
    kind = "extensions" if isinstance(case, Extension) else "recommendations"
    return f"/{kind}/{case.number}/act/{action}/"


def press(client: Client, case: Recommendation | Extension, action: str, **inputs: Any) -> HttpResponse:
    """Send the action's form as it would stand on a page opened now."""
    response: Any = client.post(url(case, action), {"version": case.version, **inputs})
    return response


def text_of(response: Any) -> str:
    return str(response.content.decode())


def footprint(case: Recommendation | Extension) -> tuple[Any, ...]:
    """All that a refused act must leave as it was."""
    row = type(case).objects.values().get(pk=case.pk)
    expected = Expectation.objects.open().order_by("pk").values_list("pk", "due")
    return row, list(expected), Event.objects.count()


def plain(html: str) -> str:
    """The words of a page, without marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def act_links(html: str) -> set[str]:
    return set(re.findall(r'href="/recommendations/[^/]+/act/(\w+)/"', html))


def blocked_buttons(html: str) -> dict[str, tuple[str, ...]]:
    """The labels of the disabled buttons with the reasons beneath them."""
    found = re.findall(
        r'<button[^>]*disabled[^>]*>([^<]*)</button>\s*<div class="why"[^>]*>(.*?)</div>', html, re.DOTALL
    )
    return {unescape(label): tuple(map(unescape, re.findall(r"<(?:li|p)>([^<]*)<", why))) for label, why in found}


def steps(html: str) -> list[str]:
    """The words of each step of the stepper."""
    stepper = html.partition('<ol class="stepper"')[2].partition("</ol>")[0]
    return [plain(step) for step in re.findall(r"<li.*?</li>", stepper, re.DOTALL)]
