"""Registers the app, and brings its kinds of case to the desk."""

from django.apps import AppConfig


class ToysConfig(AppConfig):
    name = "tests.toys"
    label = "toys"

    def ready(self) -> None:
        from cases.desk.kinds import register
        from tests.toys.kind import NOTES, VISITS

        register(VISITS, NOTES)
