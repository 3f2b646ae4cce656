"""Many rows in one statement, as arrays: every act waits for it, and Django's bulk methods take twice as long.

For columns of plain types: texts, numbers, dates and moments.
"""

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, models

quote = connection.ops.quote_name


def insert(rows: Sequence[models.Model]) -> None:
    """Write new rows of one model in their order, and give them their ids and what the database filled in."""
    if not rows:
        return
    meta = rows[0]._meta
    given = [one for one in meta.concrete_fields if one.db_returning]
    fields = [one for one in meta.concrete_fields if one not in given]
    names = ", ".join(quote(str(field.column)) for field in fields)
    asked = [meta.pk, *(field for field in given if field is not meta.pk)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(meta.db_table)} ({names}) SELECT {names}"  # noqa: S608 - all names are the models'
            f" FROM unnest({_casts(fields)}) WITH ORDINALITY AS given ({names}, place) ORDER BY place"
            f" RETURNING {', '.join(quote(str(field.column)) for field in asked)}",
            [[field.pre_save(row, add=True) for row in rows] for field in fields],
        )
        for row, found in zip(rows, cursor.fetchall(), strict=True):
            row._state.adding = False
            for field, value in zip(asked, found, strict=True):
                setattr(row, str(field.attname), value)


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


def _casts(fields: Sequence[Any]) -> str:
    """Without the length: to cast to varchar(40) would cut, where the column refuses."""
    return ", ".join(f"%s::{re.sub('[(].*[)]', '', str(field.db_type(connection)))}[]" for field in fields)
