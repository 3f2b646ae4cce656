"""Forms and parts of pages, as they are written."""

import re
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation

from cases.desk.stepper import StepShown
from tests.look.gallery import AT, Example


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def test_every_control_carries_its_class() -> None:
    html = str(Example())
    assert html.count('class="form-control"') == 5
    assert 'class="form-select"' in html
    assert html.count('class="form-check-input"') == 5
    assert "<textarea" in html


def test_a_date_is_asked_by_the_browsers_calendar_and_kept_in_its_format() -> None:
    html = str(Example(initial={"due": AT.date()})["due"])
    assert 'type="date"' in html
    assert 'value="2026-11-20"' in html


def test_a_form_reads_a_date_that_is_typed_the_local_way() -> None:
    class Due(forms.Form):
        due = forms.DateField()

    for language in ("ky", "ru", "en"):
        with translation.override(language):
            assert Due({"due": "20.11.2026"}).is_valid()
            assert Due({"due": "2026-11-20"}).is_valid()


def test_a_field_that_is_wrong_says_so_to_eyes_and_ears() -> None:
    html = Example({"title": ""})["title"].as_field_group()
    assert 'class="field wrong"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html


def test_what_may_be_left_empty_is_marked() -> None:
    form = Example()
    assert "(optional)" in form["text"].as_field_group()
    assert "(optional)" not in form["title"].as_field_group()


def test_the_error_summary_links_to_each_field_and_takes_the_focus() -> None:
    html = render_to_string("components/error_summary.html", {"form": Example({"sure": ""})})
    assert 'tabindex="-1" autofocus' in html
    assert '<a href="#id_title">Title: This field is required.</a>' in html
    assert '<a href="#id_kind_group">Class: This field is required.</a>' in html
    assert render_to_string("components/error_summary.html", {"form": Example()}).strip() == ""


def test_every_link_of_the_summary_leads_to_something() -> None:
    form = Example({"sure": ""})
    summary, fields = render_to_string("components/error_summary.html", {"form": form}), str(form)
    targets = [part.split('"')[0] for part in summary.split('href="#')[1:]]
    assert targets
    assert [target for target in targets if f'id="{target}"' not in fields] == []


def test_a_form_sends_the_version_it_was_filled_on() -> None:
    html = render_to_string("components/form.html", {"form": Example(), "version": 0})
    assert '<input type="hidden" name="version" value="0">' in html
    assert 'enctype="multipart/form-data"' in html
    assert 'name="version"' not in render_to_string("components/form.html", {"form": Example()})


def test_a_blocked_button_is_disabled_and_tied_to_its_reason() -> None:
    html = render_to_string(
        "components/blocked.html", {"id": "x", "label": "Confirm", "reasons": ["Add evidence first."]}
    )
    assert 'disabled aria-describedby="x-why"' in html
    assert re.search(r'<div class="why" id="x-why">\s*<p>Add evidence first.</p>\s*</div>', html)


def test_the_last_page_of_a_list_has_no_next_link() -> None:
    page = {"shown": 20, "total_text": "", "first_url": "?", "next_url": ""}
    html = render_to_string("components/pagination.html", {"page": page})
    assert 'rel="first"' in html
    assert 'rel="next"' not in html


def test_the_stepper_tells_ears_which_step_is_now() -> None:
    steps = [StepShown("Drafted", is_done=True), StepShown("Issued", is_present=True), StepShown("Closed")]
    html = render_to_string("components/stepper.html", {"steps": steps})
    assert html.count('aria-current="step"') == 1
    assert "(done)" in html


@pytest.mark.parametrize(("is_internal", "css"), [(True, "comment-internal"), (False, "comment-seen")])
def test_a_comment_says_who_reads_it(is_internal: bool, css: str) -> None:
    comment = {"is_internal": is_internal, "audience": "Some see this", "who": "Aigul", "at": AT, "text": "<b>"}
    html = render_to_string("components/comment.html", {"comment": comment})
    assert css in html
    assert "Some see this" in html
    assert "&lt;b&gt;" in html
