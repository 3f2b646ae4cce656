"""What the tests of the registry's pages share: reading what came back."""

from typing import Any

from django.test import Client


def rows(client: Client, address: str) -> list[Any]:
    response = client.get(address)
    assert response.status_code == 200
    return list(response.context["page"].rows)


def notices(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def errors(response: Any) -> str:
    assert response.status_code == 422
    return str(response.context["page"].form.errors)
