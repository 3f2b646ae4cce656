"""Keeps the web server from running as a database role that could rewrite the trail."""

import logging

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseTrouble
from django.db import connection
from django.db.backends.signals import connection_created

log = logging.getLogger(__name__)

MAY_OWN = """
SELECT current_user, rolsuper, EXISTS (
    SELECT FROM pg_class
    WHERE oid = to_regclass('public.workflow_event') AND pg_has_role(current_user, relowner, 'MEMBER')
) FROM pg_roles WHERE rolname = current_user
"""


def refuse_to_serve_as_owner() -> None:
    """In production: raises ImproperlyConfigured, now or, where the database does not answer yet, when it does."""
    if settings.DEBUG or settings.EMBEDDED_DATABASE:
        return
    try:
        check()
    except DatabaseTrouble as trouble:
        log.warning("The database is away, so its role is checked later. %s", trouble)
        connection_created.connect(check_when_connected, dispatch_uid="config.owner")
    finally:
        connection.close()  # A web server that forks shares no connection with its children.


def check_when_connected(**rest: object) -> None:
    check()
    connection_created.disconnect(dispatch_uid="config.owner")


def check() -> None:
    """Raises ImproperlyConfigured."""
    with connection.cursor() as cursor:
        cursor.execute(MAY_OWN)
        role, is_superuser, is_owner = cursor.fetchone()
    if is_superuser or is_owner:
        what = "is a superuser" if is_superuser else "owns the tables, or may act as their owner"
        raise ImproperlyConfigured(
            f"The database role {role} {what}, and could rewrite the audit trail. Let web and worker connect as another"
            " role, which owns nothing: name it in WEB_ROLE when you migrate, and in DATABASE_URL when you serve."
        )
