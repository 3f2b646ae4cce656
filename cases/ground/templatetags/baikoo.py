"""How values are shown to people: dates, lateness, states, sizes, differences of texts."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.ground.differences import Passage, marked, passages
from cases.ground.submitted import FIELD

register = template.Library()

SOON_DAYS = 5

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
    return marked(old, new)


@register.inclusion_tag("components/passages.html")
def folded_diff(old: str, new: str) -> dict[str, Iterable[Passage]]:
    """The same, with paragraphs that nobody changed folded."""
    return {"passages": list(passages(old, new))}


@register.simple_tag
def form_token() -> SafeString:
    """In a form: sent twice, it is stored once (see cases/ground/submitted.py)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, secrets.token_hex(16))


def _days_past(due: date | int | None) -> int | None:
    if due is None or due == "":
        return None
    return due if isinstance(due, int) else (timezone.localdate() - due).days
