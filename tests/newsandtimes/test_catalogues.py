"""The catalogues: every message translated, well formed, and compiled as committed."""

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import django
import pytest
from babel.messages import mofile, pofile
from django.conf import settings

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%%|%\(\w+\)[sdr]|%(?:\.\d)?[sdf]|\{\w*\}|</?\w+[^>]*>")
SOURCES = ["manage.py", "newsandtimes", "blog", "aggregator", "newsletter", "templates"]

in_each_language = pytest.mark.parametrize("language", LANGUAGES)


def catalogue_path(language, *, root=settings.BASE_DIR):
    return root / "newsandtimes" / "locale" / language / "LC_MESSAGES" / "django.po"


def read_po(path):
    with path.open("rb") as file:
        return pofile.read_po(file, abort_invalid=True)


def messages_of(language):
    messages = [message for message in read_po(catalogue_path(language)) if message.id]
    assert len(messages) > 900
    return messages


def pairs(message):
    """Each text of a translation beside the English text that it stands for."""
    if not message.pluralizable:
        return [(message.id, message.string)]
    return [(message.id[1], form) for form in message.string]


def edges(text):
    return (text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :], text.count("\n"))


@in_each_language
def test_every_message_is_translated_and_none_is_a_guess(language):
    messages = messages_of(language)
    assert [m.id for m in messages if m.fuzzy or not all(text for _, text in pairs(m))] == []


@in_each_language
def test_translations_hold_the_placeholders_and_tags_of_the_message(language):
    wrong = [
        (english, text)
        for message in messages_of(language)
        for english, text in pairs(message)
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(text))
    ]
    assert wrong == []


@in_each_language
def test_translations_begin_and_end_as_the_message_does(language):
    wrong = [
        text
        for message in messages_of(language)
        for english, text in pairs(message)
        if edges(english) != edges(text)
    ]
    assert wrong == []


@in_each_language
def test_translations_keep_to_one_set_of_quotes_and_apostrophes(language):
    texts = [text for message in messages_of(language) for _, text in pairs(message)]
    without_tags = [re.sub(r"<[^>]*>", "", text) for text in texts]
    assert [text for text in without_tags if re.search("[\"'“”„‘ʼ]|[A-Za-z]’", text)] == []


@in_each_language
def test_plural_forms_are_those_of_djangos_own_catalogue(language):
    """Django merges catalogues of one plural rule only; those of another are asked one by one."""
    folder = Path(django.__file__).parent / "conf" / "locale" / language / "LC_MESSAGES"
    with (folder / "django.mo").open("rb") as theirs:
        expected = gettext.GNUTranslations(theirs).info()["plural-forms"]
    with catalogue_path(language).with_suffix(".mo").open("rb") as ours:
        assert gettext.GNUTranslations(ours).info()["plural-forms"] == expected
    number = int(re.search(r"nplurals=(\d)", expected).group(1))
    counted = [message.string for message in messages_of(language) if message.pluralizable]
    assert {len(forms) for forms in counted} == {number}


@in_each_language
def test_the_compiled_catalogue_is_what_the_readable_one_says(language):
    with catalogue_path(language).with_suffix(".mo").open("rb") as file:
        compiled = [message for message in mofile.read_mo(file) if message.id]
    assert by_key(compiled) == by_key(messages_of(language))


def by_key(messages):
    """Translations by context and message; Babel's two readers differ in their types."""
    return {(text_of(m.context), *tupled(m.id)): tupled(m.string) for m in messages}


def text_of(context):
    return context.decode() if isinstance(context, bytes) else context


def tupled(text):
    return (text,) if isinstance(text, str) else tuple(text)


def test_the_catalogues_hold_the_messages_of_the_sources_and_no_others(tmp_path):
    if not shutil.which("xgettext"):
        pytest.skip("no xgettext on PATH: install GNU gettext")
    extract(tmp_path)
    for language in LANGUAGES:
        ours = read_po(catalogue_path(language))
        fresh = read_po(catalogue_path(language, root=tmp_path))
        assert {(m.context, m.id) for m in ours} == {(m.context, m.id) for m in fresh}
        assert ours.obsolete == {}


def extract(folder):
    """Run what `make messages` runs on a copy of the sources."""
    for name in SOURCES:
        source = settings.BASE_DIR / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--verbosity", "0"],
        cwd=folder,
        env=os.environ | {"ENV_FILE": "", "DATA_DIR": str(folder)},
        check=True,
    )
