"""How values are shown to people: dates, lateness, states, sizes, differences of texts."""

import re
import secrets
from collections.abc import Iterator
from datetime import date, datetime
from difflib import SequenceMatcher

from django import template
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.ground.submitted import FIELD

register = template.Library()

SOON_DAYS = 5
WORDS_COMPARED = 4000
"""Longer texts are shown as wholly removed and wholly added: comparing them word by word would take seconds."""

BADGES = {
    "overdue": "st-overdue",
    "refused": "st-overdue",
    "rejected": "st-overdue",
    "disputed": "st-soon",
    "returned": "st-soon",
    "soon": "st-soon",
    "issued": "st-ok",
    "under_review": "st-ok",
    "in_progress": "st-ok",
    "claimed": "st-ok",
    "requested": "st-ok",
    "received": "st-ok",
    "ok": "st-ok",
    "verified": "st-done",
    "closed": "st-done",
    "granted": "st-done",
    "accepted": "st-done",
    "done": "st-done",
}
"""State -> class of its badge; what is not listed is plain. The words, not the colour, carry the meaning."""


@register.filter(expects_localtime=True)
def day(value: date | datetime | None) -> str:
    """21.11.2026, in Bishkek when it is a moment; empty when there is none."""
    return value.strftime("%d.%m.%Y") if value else ""


@register.filter(expects_localtime=True)
def moment(value: datetime | None) -> str:
    """21.11.2026 16:40, in Bishkek; empty when there is none."""
    return value.strftime("%d.%m.%Y %H:%M") if value else ""


@register.filter
def days_late(due: date | int | None) -> str:
    """How a due date, or a number of days past it, stands to today: late, today, or left."""
    days = _days_past(due)
    if days is None:
        return ""
    if days > 0:
        return ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
    if days == 0:
        return _("due today")
    return ngettext("%(days)d day left", "%(days)d days left", -days) % {"days": -days}


@register.filter
def late_class(due: date | int | None) -> str:
    """The class of a due date's cell: `late`, `soon` (five days or fewer left), or none."""
    days = _days_past(due)
    if days is None or days < -SOON_DAYS:
        return ""
    return "late" if days > 0 else "soon"


@register.simple_tag
def badge(state: object, label: object) -> SafeString:
    """A state (its code, or overdue, soon, ok, done) as a badge with the label that people read."""
    return format_html('<span class="st {}">{}</span>', BADGES.get(str(state), ""), label)


@register.filter
def file_size(size: int | None) -> str:
    """Bytes in a unit that people read: 734 KB. Django's own filter says "bits" in Kyrgyz."""
    value = float(size or 0)
    if value < 1024:
        return ngettext("%(size)s byte", "%(size)s bytes", int(value)) % {"size": int(value)}
    if value < 1024**2:
        return _("%(size)s KB") % {"size": formats.number_format(value / 1024, 0)}
    return _("%(size)s MB") % {"size": formats.number_format(value / 1024**2, 1)}


@register.simple_tag
def diff(old: str, new: str) -> SafeString:
    """Both texts as one, word by word: removed words in `<del class="d">`, added ones in `<ins class="d">`, escaped."""
    return format_html_join("", "{}", ((part,) for part in _parts(_words(old), _words(new))))


@register.simple_tag
def form_token() -> SafeString:
    """In a form: sent twice, it is stored once (see cases/ground/submitted.py)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, secrets.token_hex(16))


def _parts(old: list[str], new: list[str]) -> Iterator[SafeString]:
    for left, right, same in _blocks(old, new):
        if same:
            yield conditional_escape("".join(left))
            continue
        if left:
            yield format_html('<del class="d">{}</del>', "".join(left))
        if right:
            yield format_html('<ins class="d">{}</ins>', "".join(right))


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[list[str], list[str], bool]]:
    """Runs of (old words, new words, whether they are the same); a lone space between two changes belongs to them."""
    if len(old) + len(new) > WORDS_COMPARED:
        yield old, new, old == new
        return
    left: list[str] = []
    right: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gap = tag == "equal" and b - a == 1 and old[a].isspace() and 0 < b < len(old) and a > 0
        if tag != "equal" or gap:
            left += old[a:b]
            right += new[c:d]
            continue
        if left or right:
            yield left, right, False
            left, right = [], []
        yield old[a:b], new[c:d], True
    if left or right:
        yield left, right, False


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _days_past(due: date | int | None) -> int | None:
    if due is None or due == "":
        return None
    return due if isinstance(due, int) else (timezone.localdate() - due).days
