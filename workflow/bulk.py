"""Many rows in one statement: every act waits for it, and Django's bulk methods take twice as long.

Rows are handed over as one JSON document, which PostgreSQL reads several times faster than as many constants. For
columns of plain types: texts, numbers, dates and moments, and lists of these.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

PLAIN = (
    models.CharField, models.TextField, models.BooleanField, models.IntegerField, models.DecimalField, models.DateField,
    models.ForeignKey, models.AutoField, ArrayField,
)  # fmt: skip
"""Types of columns that survive the way through JSON; DateTimeField is a DateField."""

quote = connection.ops.quote_name
ColumnValues = Mapping[str, object]
"""column -> value; all rows of one statement have the same columns."""


def rows_of(name: str, columns: Mapping[str, str]) -> str:
    """SQL of the rows in the parameter `name`, as a table of that name: its columns (name -> type) and `place`."""
    typed = ", ".join(f"{quote(column)} {kind}" for column, kind in columns.items())
    return (
        f"ROWS FROM (json_to_recordset(%({name})s) AS ({typed})) WITH ORDINALITY"
        f" AS {name} ({', '.join(map(quote, columns))}, place)"
    )


def document(rows: Sequence[ColumnValues]) -> str:
    """The value of the parameter that `rows_of()` names."""
    return json.dumps(rows, default=str, ensure_ascii=False)


def insert(model: type[models.Model], rows: Sequence[ColumnValues]) -> list[dict[str, object]]:
    """Write new rows in their order; returns of each its key and what the database filled in.

    Columns that are left out are filled by the database, so those that are NOT NULL without a default must be there.
    """
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_insert(model, tuple(rows[0])), {"new": document(rows)})
        return [dict(zip(_returned(model), values, strict=True)) for values in cursor.fetchall()]


def change_and_insert(
    change: str, parameters: Mapping[str, str | list[int]], model: type[models.Model], rows: Sequence[ColumnValues]
) -> None:
    """Run the statement `change`, and then write new rows that it does not see, in one go."""
    sql = f"WITH done AS ({change} RETURNING 1) {_insert(model, tuple(rows[0]), is_after=True)}" if rows else change
    with connection.cursor() as cursor:
        cursor.execute(sql, {**parameters, "new": document(rows)})


def update(records: Sequence[models.Model], columns: Collection[str]) -> None:
    """Write these columns of stored rows of one model."""
    model = type(records[0])
    key = str(model._meta.pk.attname)
    names = (key, *sorted({*columns} - {key}))
    rows = [{name: getattr(record, name) for name in names} for record in records]
    with connection.cursor() as cursor:
        cursor.execute(_update(model, names), {"changed": document(rows)})


@cache
def _insert(model: type[models.Model], names: tuple[str, ...], *, is_after: bool = False) -> str:
    """With `is_after` once the statement `done` has run: a unique key that it frees can be taken."""
    into = ", ".join(map(quote, names))
    when = " WHERE (SELECT count(*) FROM done) >= 0" if is_after else ""
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({into}) SELECT {into}"  # noqa: S608 - all names are the models'
        f" FROM {rows_of('new', _types(model, names))}{when} ORDER BY place"
        f" RETURNING {', '.join(map(quote, _returned(model)))}"
    )


@cache
def _update(model: type[models.Model], names: tuple[str, ...]) -> str:
    key, *others = map(quote, names)
    values = ", ".join(f"{name} = changed.{name}" for name in others)
    return (
        f"UPDATE {quote(model._meta.db_table)} AS stored SET {values}"  # noqa: S608 - all names are the models'
        f" FROM {rows_of('changed', _types(model, names))} WHERE stored.{key} = changed.{key}"
    )


@cache
def _returned(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(str(field.column) for field in model._meta.concrete_fields if field.primary_key or field.db_returning)


def _types(model: type[models.Model], names: Iterable[str]) -> dict[str, str]:
    """The type without its length: a cast to varchar(40) would cut off what the column refuses."""
    kinds = {str(field.column): field.db_type(connection) for field in model._meta.concrete_fields}
    return {name: re.sub("[(][^()]*[)]", "", str(kinds[name])) for name in names}
