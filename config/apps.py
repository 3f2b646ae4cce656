"""Hooks the start-up of the whole project: what has to happen after a migration."""

from django.apps import AppConfig, apps
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config.checks import check_web_role
        from config.grants import grant_after_migration

        register(check_web_role, Tags.database)

        # Sent once for each app, after all of them are migrated: one of them is enough.
        post_migrate.connect(grant_after_migration, sender=apps.get_app_config("contenttypes"), dispatch_uid="grants")
