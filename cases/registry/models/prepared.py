"""Rows with columns that are made of others, such as what they are searched and sorted by."""

from collections.abc import Iterable

from django.db import models
from django.db.models.base import ModelBase


class Prepared(models.Model):
    """A row that is stored whole is prepared first; with `update_fields` it is stored as it is."""

    class Meta:
        abstract = True

    def save(
        self,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        if update_fields is None:
            self.prepare()
        super().save(force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields)

    def prepare(self) -> None:
        """Fill the columns that are made of others."""
        raise NotImplementedError
