"""The settings of the tests: those of the project, and the kinds of case that live only here."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.toys"]
