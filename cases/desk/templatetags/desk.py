"""How the pages of any kind of case show states and find the addresses of its acts."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.desk.kinds import kind_of
from workflow.case import Case
from workflow.may import state_label

register = template.Library()


@register.simple_tag
def state_badge(case: Case) -> SafeString:
    """The state of a case in the colour that its kind gives it; the words, not the colour, carry the meaning."""
    css = kind_of(case).badges[str(case.follow("state"))]
    return format_html('<span class="st {}">{}</span>', css, state_label(case))


@register.simple_tag
def audience_of(case: Case) -> str:
    """Who reads a comment that is not internal, in the words of its kind; empty where it is the institution."""
    return str(kind_of(case).audience)


@register.simple_tag
def case_url(name: str, case: Case, *args: object) -> str:
    """The address of a page that every kind has, such as `comment`."""
    return reverse(f"{case.CASE_TYPE}_{name}", args=[case.number, *args])
