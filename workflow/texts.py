"""The type of texts that are translated at the moment when they are shown."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Text
else:
    Text = str

__all__ = ["Text"]
