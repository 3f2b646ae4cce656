"""How the tests of planning read its pages."""

from django.test import Client


def page(client: Client, address: str) -> str:
    """What the page says."""
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())
