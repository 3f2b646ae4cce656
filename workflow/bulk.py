"""Many rows in one statement, as arrays: every act waits for it, and Django's bulk methods take twice as long.

For columns of plain types: texts, numbers, dates and moments.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, models

quote = connection.ops.quote_name


def insert(rows: Sequence[models.Model]) -> None:
    """Write new rows of one model in their order, and give them their ids; what the database fills in is left to it."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [one for one in meta.concrete_fields if not (_is_given_out(one) or one.generated or one.has_db_default())]
    names = ", ".join(quote(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(meta.db_table)} ({names}) SELECT {names}"  # noqa: S608 - all names are the models'
            f" FROM unnest({_casts(fields)}) WITH ORDINALITY AS given ({names}, place) ORDER BY place"
            f" RETURNING {quote(str(meta.pk.column))}",
            [[field.pre_save(row, add=True) for row in rows] for field in fields],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk, row._state.adding = key, False


def update(rows: Sequence[models.Model], columns: Collection[str]) -> None:
    """Write these columns of stored rows of one model."""
    meta = rows[0]._meta
    fields = [one for one in meta.concrete_fields if one.primary_key or one.attname in columns]
    names = [quote(str(field.column)) for field in fields]
    key = quote(str(meta.pk.column))
    changed = ", ".join(f"{name} = given.{name}" for name in names if name != key)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(meta.db_table)} AS stored SET {changed}"  # noqa: S608 - all names are the models'
            f" FROM unnest({_casts(fields)}) AS given ({', '.join(names)}) WHERE stored.{key} = given.{key}",
            [[getattr(row, field.attname) for row in rows] for field in fields],
        )


def _is_given_out(field: Any) -> bool:
    return field.primary_key and not field.is_relation


def _casts(fields: Sequence[Any]) -> str:
    return ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
