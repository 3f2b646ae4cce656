"""What the database role of web and worker may do: it owns nothing, and of the trail it may only read and append.

A model says what is granted on its table by `TRAIL_GRANTS = ("SELECT", "INSERT", "UPDATE (decision)")`; others may be
read and changed. What is verified of the trail is written by one function.
"""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connections, transaction

from workflow.models import TrailCheck

EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")


def grant_after_migration(using: str = "default", **rest: object) -> None:
    if settings.WEB_ROLE:
        grant(settings.WEB_ROLE, using=using)


def grant(role: str, *, using: str = "default") -> None:
    """Leaves the role with exactly these privileges. In one transaction: a running web server never misses one."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        owner, exists = cursor.fetchone()
        if not exists or role == owner:
            raise ImproperlyConfigured(f"WEB_ROLE must be an existing role other than {owner}, not {role!r}.")
        for statement in statements(role, using=using):
            cursor.execute(statement)
        cursor.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [role])
        if cursor.fetchone()[0]:
            raise ImproperlyConfigured(
                f"{role} may create tables. Run as the superuser of PostgreSQL, in this database:"
                f" REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}; GRANT CREATE ON SCHEMA public TO {owner};"
            )


def owns_too_much() -> str:
    """What is wrong with the role of this process; empty when it can only add to the trail, or cannot be asked."""
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT current_user, has_table_privilege('workflow_event', 'UPDATE')")
            role, may_change = cursor.fetchone()
    except Error:
        return ""
    finally:
        connections["default"].close()
    return (
        f"The database role {role} of web and worker may change the trail. Use one that owns nothing."
        if may_change
        else ""
    )


def statements(role: str, *, using: str = "default") -> Iterator[str]:
    connection = connections[using]
    quote = connection.ops.quote_name
    name, database = quote(role), quote(connection.settings_dict["NAME"])
    yield f"GRANT CONNECT ON DATABASE {database} TO {name}"
    # Up to PostgreSQL 14 everybody may create in it, and a table there could shadow one of ours.
    yield "GRANT CREATE ON SCHEMA public TO CURRENT_USER"
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield f"REVOKE CREATE ON SCHEMA public FROM {name}"
    yield f"GRANT USAGE ON SCHEMA public TO {name}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"
    yield f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM {name}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}"  # Views and the record of migrations, too.
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"
    for table, privileges in tables().items():
        yield f"REVOKE ALL ON {quote(table)} FROM {name}"
        yield f"GRANT {', '.join(privileges)} ON {quote(table)} TO {name}"
    if _exists(TrailCheck.WRITER, using):
        yield f"GRANT EXECUTE ON FUNCTION {TrailCheck.WRITER} TO {name}"


def tables() -> dict[str, tuple[str, ...]]:
    """Table -> privileges, of every model that has a table of its own."""
    models = [model._meta for model in apps.get_models(include_auto_created=True)]
    own = [meta for meta in models if meta.managed and not meta.proxy]
    return {meta.db_table: getattr(meta.model, "TRAIL_GRANTS", EVERYTHING) for meta in own}


def _exists(function: str, using: str) -> bool:
    """It does not after a migration back to where it was not made yet."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regprocedure(%s) IS NOT NULL", [function])
        return bool(cursor.fetchone()[0])
