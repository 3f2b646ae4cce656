"""Many rows in one statement: every act waits for it, and Django's bulk methods take twice as long.

Rows are handed over as JSON, a list for each column: PostgreSQL reads that several times faster than an array of
constants. For columns of plain types: texts, numbers, dates and moments.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

quote = connection.ops.quote_name


def rows(columns: Mapping[str, str]) -> str:
    """SQL of the rows `given`, by column and type, counted by `place`; their parameters come from `parameters()`."""
    arrays = (f"ARRAY(SELECT json_array_elements_text(%({name})s))::{kind}[]" for name, kind in columns.items())
    return f"unnest({', '.join(arrays)}) WITH ORDINALITY AS given ({', '.join(map(quote, columns))}, place)"


def parameters(columns: Mapping[str, Iterable[Any]]) -> dict[str, str]:
    """What `rows()` wants: the values of each column as JSON."""
    return {name: json.dumps(list(values), default=str, ensure_ascii=False) for name, values in columns.items()}


def insert(model: type[models.Model], records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Write new rows, given by column, in their order; returns of each its key and what the database filled in.

    What is not given is left to the database, so a column that wants a value must have one.
    """
    if not records:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*_inserting(model, records))
        return [dict(zip(_returned(model), found, strict=True)) for found in cursor.fetchall()]


def change_and_insert(
    change: str, given: Mapping[str, Any], model: type[models.Model], records: Sequence[Mapping[str, Any]]
) -> None:
    """Run the statement `change` with its parameters, and write new rows that it does not see, in one go."""
    sql, values = _inserting(model, records) if records else ("", {})
    with connection.cursor() as cursor:
        cursor.execute(f"WITH changed AS ({change}) {sql}" if records else change, {**values, **given})


def update(records: Sequence[models.Model], columns: Collection[str]) -> None:
    """Write these columns of stored rows of one model."""
    model = type(records[0])
    key = str(model._meta.pk.attname)
    names = [key, *sorted({*columns} - {key})]
    values = {name: [getattr(record, name) for record in records] for name in names}
    with connection.cursor() as cursor:
        cursor.execute(_update(model, tuple(names)), parameters(values))


@cache
def _returned(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(str(field.column) for field in model._meta.concrete_fields if field.primary_key or field.db_returning)


def _inserting(model: type[models.Model], records: Sequence[Mapping[str, Any]]) -> tuple[str, dict[str, str]]:
    names = tuple(records[0])
    return _insert(model, names), parameters({name: [row[name] for row in records] for name in names})


@cache
def _insert(model: type[models.Model], names: tuple[str, ...]) -> str:
    into = ", ".join(map(quote, names))
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({into}) SELECT {into}"  # noqa: S608 - all names are the models'
        f" FROM {rows(_types(model, names))} ORDER BY place RETURNING {', '.join(map(quote, _returned(model)))}"
    )


@cache
def _update(model: type[models.Model], names: tuple[str, ...]) -> str:
    key, *others = map(quote, names)
    changed = ", ".join(f"{name} = given.{name}" for name in others)
    return (
        f"UPDATE {quote(model._meta.db_table)} AS stored SET {changed}"  # noqa: S608 - all names are the models'
        f" FROM {rows(_types(model, names))} WHERE stored.{key} = given.{key}"
    )


def _types(model: type[models.Model], names: Iterable[str]) -> dict[str, str]:
    """Without the length: to cast to varchar(40) would cut, where the column refuses."""
    kinds = {str(field.column): field.db_type(connection) for field in model._meta.concrete_fields}
    return {name: re.sub("[(].*[)]", "", str(kinds[name])) for name in names}
