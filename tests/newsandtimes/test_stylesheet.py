"""The one stylesheet of the public site."""

import os
from pathlib import Path

from django.contrib.staticfiles import finders

from newsandtimes import stylesheet
from newsandtimes.stylesheet import NAME, StylesheetFinder


def test_stylesheet_holds_all_parts_in_order_and_print_for_paper_only():
    text = Path(finders.find(NAME)).read_text()
    assert text.index("@layer tokens, base, layout") < text.index(".masthead")
    assert text.index(".prose") < text.index("@media print {\n/* On paper")
    assert text.count("{") == text.count("}")


def test_stylesheet_is_made_anew_when_a_part_changes(settings, tmp_path):
    settings.BASE_DIR, settings.DATA_DIR = tmp_path, tmp_path / "data"
    css = tmp_path / "static" / "css"
    (css / "components").mkdir(parents=True)
    for name in (*stylesheet.FIRST, stylesheet.FOR_PAPER, "components/a.css"):
        (css / name).write_text(f"/* {name} */\n")
    made = StylesheetFinder().find(NAME)
    assert Path(made).read_text() == (
        "/* tokens.css */\n/* base.css */\n/* layout.css */\n/* components/a.css */\n"
        "@media print {\n/* print.css */\n}\n"
    )
    before = Path(made).stat().st_mtime_ns
    assert Path(StylesheetFinder().find(NAME)).stat().st_mtime_ns == before
    part = css / "components/a.css"
    part.write_text("/* new */\n")
    os.utime(part, ns=(before + 10**6, before + 10**6))
    assert "/* new */" in Path(StylesheetFinder().find(NAME)).read_text()


def test_stylesheet_is_collected_and_nothing_else_is_found():
    finder = StylesheetFinder()
    ((name, storage),) = finder.list([])
    assert name == NAME
    assert storage.exists(NAME)
    assert finder.find("css/tokens.css") == []
