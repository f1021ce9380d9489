"""Bring the catalogues up to date with the sources: `make messages`."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's command in the form that we keep catalogues in, so that a change shows as itself.

    A message without a translation stays empty, since a guess from a similar one reads like a
    finished one. Neither line numbers nor dates are written: they change when no word has.
    """

    help = "Find every message and put it into the catalogue of each language."
    msgmerge_options = ["-q", "--backup=none", "--update", "--no-fuzzy-matching"]
    # Modules that need both forms name the lazy one "_" and the one for now "_t".
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_t"]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(
            locale=[code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE],
            ignore_patterns=[".*", "tests", "benchmarks", "docs", "static", "var"],
            no_obsolete=True,
            no_wrap=True,
            add_location="file",
        )

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Write one language's catalogue without the date of the extraction."""
        super().write_po_file(potfile, locale)
        path = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = (line for line in lines if not line.startswith('"POT-Creation-Date:'))
        path.write_text("".join(kept), encoding="utf-8")
