"""What every test of the registry may ask for."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from cases.registry.imports.importing import import_upload, preview, store_upload
from cases.registry.imports.preview import Preview
from cases.registry.models import LegalAct
from tests.cast import Cast
from tests.registry.importing import as_csv


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def act(cast: Cast) -> LegalAct:
    return LegalAct.objects.create(kind="order", number="5/1", date="2026-02-03", title_ky="Өрт коопсуздугу")


@pytest.fixture
def registrar(cast: Cast, client: Client) -> Client:
    """A browser in English, signed in as the registrar."""
    client.cookies["django_language"] = "en"
    client.force_login(cast.registrar)
    return client


@pytest.fixture
def planned(cast: Cast) -> Callable[[str, str], Preview]:
    return lambda kind, text: preview(store_upload(kind, as_csv(text), by=cast.registrar), by=cast.registrar)


@pytest.fixture
def taken(cast: Cast) -> Callable[..., dict[str, int]]:
    """Upload, look, take; the counts."""

    def taken(kind: str, file: Any, *, only_valid: bool = False) -> dict[str, int]:
        upload = store_upload(kind, as_csv(file) if isinstance(file, str) else file, by=cast.registrar)
        seen = preview(upload, by=cast.registrar).fingerprint()
        return import_upload(upload, by=cast.registrar, seen=seen, only_valid=only_valid)

    return taken
