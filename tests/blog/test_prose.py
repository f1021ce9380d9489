"""The text editor's scripts and what the page tells them."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import translation

from blog import prose
from blog.prose import EXTENSIONS, IMPORTS, WORDS, ProseField

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js" / "editor"
SAID = re.compile(
    r"(?:word|heading|table)\((?:\d, )?\"([^\"]+)\"|label: \"([^\"]+)\"|\[word\(\"([^\"]+)\"\)\]"
)


def test_every_word_of_the_scripts_comes_with_the_page_and_none_without_need():
    said = set()
    for script in SCRIPTS.glob("*.js"):
        for found in SAID.finditer(script.read_text()):
            said.add(next(filter(None, found.groups())))
    assert said == set(WORDS)


def test_every_script_has_a_name_and_every_name_a_script():
    for path in IMPORTS.values():
        assert finders.find(path), path
    named = {Path(path).stem for path in IMPORTS.values() if "/editor/" in path}
    assert {script.stem for script in SCRIPTS.glob("*.js")} - named == {"extensions"}
    wanted = re.compile(r"from \"editor/(\w+)\"|import\(\"editor/(\w+)\"\)")
    for script in SCRIPTS.glob("*.js"):
        for found in wanted.finditer(script.read_text()):
            assert f"editor/{found[1] or found[2]}" in IMPORTS, script


def test_every_part_of_the_editor_is_known_to_the_library_or_ours():
    library = finders.find("django_prose_editor/editor.js")
    own = "".join(script.read_text() for script in SCRIPTS.glob("*.js"))
    exported = re.findall(r" as (\w+)[,}]", Path(library).read_text())
    for name in set(EXTENSIONS) - {"NoSpellCheck"}:
        assert name in exported or f"export const {name} =" in own, name


def test_the_page_tells_the_editor_its_words_in_the_editors_language(monkeypatch):
    # As a catalogue would have it: the words are asked for when the form is shown, not before.
    monkeypatch.setattr(prose, "gettext", lambda text: f"{text} ({translation.get_language()})")
    with translation.override("uk"):
        widget = ProseField().widget.get_context("body", "", {})["widget"]
    assert json.loads(widget["attrs"]["data-words"])["Bold"] == "Bold (uk)"
    assert json.loads(widget["attrs"]["data-own-places"]) == ["/", "http://testserver/", "/media/"]


@pytest.mark.parametrize("typed", ["", "<p></p>", " <p> </p>", "<p>&nbsp;</p>"])
def test_an_empty_paragraph_is_no_text(typed):
    assert ProseField(required=False).clean(typed) == ""
