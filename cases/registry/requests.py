"""Requests of people who are signed in, typed: every page but those of signing in gets one."""

from django.http import HttpRequest

from cases.registry.models import User


class SignedInRequest(HttpRequest):
    """What the middleware lets through to a page that needs signing in."""

    user: User
