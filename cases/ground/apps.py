"""Registers the app, for its template tags."""

from django.apps import AppConfig


class GroundConfig(AppConfig):
    name = "cases.ground"
    label = "ground"
