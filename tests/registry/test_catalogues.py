"""Catalogues of criteria: loaded, in versions, and read by everybody."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cases.registry.catalogues import DATA, load_catalogues
from cases.registry.models import Catalogue, Criterion, LegalAct
from tests.cast import Cast
from workflow.models import Event
from workflow.terms import legal_date

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("load_catalogues", *arguments, stdout=out)
    return out.getvalue().strip()


def copied(folder: Path, **replaced: str) -> Path:
    """The tables that come with Baikoo, with some words replaced."""
    for name in ("catalogues.csv", "criteria.csv"):
        text = (DATA / name).read_text(encoding="utf-8")
        for old, new in replaced.items():
            text = text.replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_they_are_loaded_once_and_recorded() -> None:
    assert run() == "Catalogues: new: REG-8-1, SAFETY-1; unchanged: 0."
    assert run() == "Catalogues: new: none; unchanged: 2."
    safety = Catalogue.objects.get(code="SAFETY")
    assert safety.kind == "safety"
    assert {criterion.direction for criterion in safety.criteria.all()} == {10}
    assert [row.code for row in safety.criteria.filter(parent=None)] == ["1", "2", "3", "4"]
    [event] = Event.objects.filter(subject_type="catalogue", number="SAFETY-1").select_related("details")
    assert event.action == "load_catalogue"
    assert f'"criteria": {safety.criteria.count()}' in event.details.text


def test_every_direction_of_the_regulation_has_its_criteria_in_three_languages() -> None:
    load_catalogues()
    criteria = Criterion.objects.filter(catalogue__code="REG-8")
    assert set(criteria.values_list("direction", flat=True)) == set(range(1, 14))
    assert not criteria.filter(text_ky=None) | criteria.filter(text_ru=None) | criteria.filter(text_en=None)


def test_a_new_version_takes_a_legal_act_and_leaves_the_old_one_as_it_was(tmp_path: Path) -> None:
    load_catalogues()
    folder = copied(tmp_path, Food="Safe food and f")
    with pytest.raises(CommandError, match="name the legal act"):
        run("--folder", str(folder))
    with pytest.raises(CommandError, match="There is no legal act A-99"):
        run("--folder", str(folder), "--act", "99")
    act = LegalAct.objects.create(kind="order", number="7")
    with pytest.raises(CommandError, match="Write the day as"):
        run("--folder", str(folder), "--act", str(act.pk), "--from", "soon")
    later = f"{legal_date().year + 1}-01-01"
    told = run("--folder", str(folder), "--act", str(act.pk), "--from", later)
    assert told == "Catalogues: new: SAFETY-2; unchanged: 1."
    old, new = Catalogue.objects.filter(code="SAFETY").order_by("version")
    assert (new.legal_act, old.criteria.count()) == (act, new.criteria.count())
    assert old in Catalogue.objects.in_force()
    assert new not in Catalogue.objects.in_force()
    assert new in Catalogue.objects.in_force(new.in_force_from)


def test_a_criterion_stands_below_one_that_is_there(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    with (folder / "criteria.csv").open("a", encoding="utf-8") as file:
        file.write("SAFETY,9.1,9,10,Жок,Нет,None\n")
    with pytest.raises(CommandError, match="SAFETY 9.1 belongs under 9, which is not listed before it"):
        run("--folder", str(folder))
    assert not Catalogue.objects.exists()


def test_everybody_with_a_role_reads_and_searches_them(cast: Cast) -> None:
    load_catalogues()
    browser = Client(headers={"accept-language": "en"})
    for person in (cast.coordinator, cast.expert, cast.officer, cast.registrar):
        browser.force_login(person)
        page = browser.get("/registry/catalogues/").content.decode()
        assert "Comprehensive safety standard" in page
    address = Catalogue.objects.get(code="SAFETY").get_absolute_url()
    assert "Food safety" in browser.get(address).content.decode()
    narrowed = browser.get(f"{address}?q=medical+room").content.decode()
    assert "There is a medical room" in narrowed
    assert "Food safety" not in narrowed
    assert "Nothing was found" in browser.get(f"{address}?q=zzz").content.decode()
    browser.force_login(cast.stranger)
    assert browser.get(address).status_code == 404
