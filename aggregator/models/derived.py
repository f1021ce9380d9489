"""Columns that follow from others of their row."""

from collections.abc import Callable
from typing import Any

from django.db import models


class DerivedCharField(models.CharField[str, str]):
    """A text that is computed whenever its row is written: by save() and by bulk_create().

    An UPDATE of what it follows from must name it too: in ``update_fields``, or as a value.
    """

    def __init__(
        self, *args: Any, derive: Callable[[Any], str] = lambda _: "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"blank": True, "editable": False} | kwargs)
        self._derive = derive

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Compute the value that is written."""
        value = self._derive(model_instance)[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value
