"""The panels behind “More”: written once for a screen, with blanks for what is each row's own.

They are most of a row, and the same in all rows but for five values, as long as no editor has
written words of ours about them.
"""

import re
import secrets
from collections.abc import Mapping
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aggregator.desk.rows import Row
from aggregator.desk.wording import NO_WORDS

TEMPLATE = "admin/desk/_further.html"
_MARK = secrets.token_hex(16)  # so that no title of a collection can be one


class Panels:
    """The panels of all rows of a screen; ``context`` is what the rows share."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context = dict(context)

    def of(self, row: Row) -> SafeString:
        """Return the panels of one row as HTML."""
        if row.own_words != NO_WORDS or not row.headline.outlet:
            return render_to_string(TEMPLATE, self._context | {"row": row})
        return format_html(
            self._pattern,
            title=row.headline.title,
            outlet=row.headline.outlet,
            number=row.headline.pk,
            summary=row.summary,
            cursor=row.cursor,
        )

    @cached_property
    def _pattern(self) -> str:
        """What format_html() makes a row's panels of."""
        headline = SimpleNamespace(
            title=_blank("title"), outlet=_blank("outlet"), pk=_blank("number")
        )
        row = SimpleNamespace(
            headline=headline,
            own_words=NO_WORDS,
            summary=_blank("summary"),
            cursor=_blank("cursor"),
        )
        html = render_to_string(TEMPLATE, self._context | {"row": row})
        without_fields = html.replace("{", "{{").replace("}", "}}")
        return re.sub(_blank(r"(\w+)"), r"{\1}", without_fields)


def _blank(name: str) -> str:
    return f"{_MARK}{name};"
