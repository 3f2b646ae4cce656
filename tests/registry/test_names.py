"""Names and texts hold nothing that nobody sees."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from cases.ground.fields import BLANK, without_controls
from cases.registry.imports.importing import import_upload, preview, store_upload
from cases.registry.models import Organisation
from cases.registry.verbs import add_person, change_organisation, deactivate_person
from tests.cast import Cast
from workflow.door import Refused

UNSEEN = "\u200b\u200d\u2060\ufeff\u00ad\u202e\u2066\u061c\u3164\u2800\x07"


@pytest.mark.django_db
def test_names_hold_nothing_that_nobody_sees(cast: Cast) -> None:
    """A second “Aigul” with a space of no width in her name, or one written backwards, is found out."""
    person = add_person(by=cast.registrar, email="zero@test.example", full_name=f"Ай{UNSEEN}гүл", language="ky")
    assert person.full_name == "Айгүл"
    change_organisation(cast.college, by=cast.registrar, name_ky=f"{UNSEEN}Коллеж\u2028")
    assert Organisation.objects.get(pk=cast.college.pk).name_ky == "Коллеж"
    rows = f"code,kind,name_ky,institution_type\nZW,institution,А{UNSEEN[:-1]}Б,college"
    table = store_upload("organisations", SimpleUploadedFile("a.csv", rows.encode()), by=cast.registrar)
    import_upload(table, by=cast.registrar, seen=preview(table, by=cast.registrar).fingerprint())
    assert Organisation.objects.get(code="ZW").name_ky == "АБ"
    with pytest.raises(Refused):
        deactivate_person(cast.officer, by=cast.registrar, reason=f" {UNSEEN} ")


@given(st.text())
def test_what_is_cleaned_keeps_all_that_is_seen(text: str) -> None:
    cleaned = without_controls(text)
    assert without_controls(cleaned) == cleaned
    assert "\r" not in cleaned
    assert [one for one in text if one.isalnum() and one not in BLANK] == [one for one in cleaned if one.isalnum()]
