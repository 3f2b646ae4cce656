"""What the tests of drafts send, and how they read the form that comes back."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

from cases.followup.models import Recommendation
from cases.registry.models import Organisation
from workflow.terms import legal_date

NEW = "/recommendations/new/"
DUE = legal_date() + timedelta(days=90)
LEAST = {"institution": "UNI", "authoritative_language": "ky", "text_ky": "Мониторинг жүргүзүлсүн", "risk": "medium",
         "classification": "condition"}  # fmt: skip


def editing(case: Recommendation) -> str:
    return f"/recommendations/{case.number}/edit/"


def fields(html: str) -> dict[str, str]:
    """What a browser would send of the page's form: lines, dates, texts, chosen options."""
    form = html.partition('<form class="stack"')[2]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([\w-]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="radio"' not in tag and 'type="checkbox"' not in tag or "checked" in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name_, text in re.findall(r'<textarea name="([\w-]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found[name_] = unescape(text)
    for name_, options in re.findall(r'<select name="([\w-]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name_] = chosen[1] if chosen else ""
    return found


def school(code: str, name: str, **more: Any) -> Organisation:
    return Organisation.objects.create(code=code, kind="institution", institution_type="school", name=name, **more)
