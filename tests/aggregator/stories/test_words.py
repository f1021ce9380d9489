"""The marks of a headline: words, names, numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.stories.words import LONGEST_MARK, MOST_WORDS, marks_of, spelled


def test_a_headline_says_words_names_and_numbers():
    marks = marks_of("У Харкові вибух: загинули двоє, школяр поранений")
    assert marks.language == "uk"
    assert marks.words == {"=KHARKIV", "=blast", "=die", "#2", "shkoliar", "=wound"}
    assert marks.names == {"=KHARKIV"}
    assert marks.numbers == {"#2"}


@pytest.mark.parametrize(
    "titles",
    [
        (
            "Blast in Kharkiv kills two",
            "Вибух у Харкові: двоє загиблих",
            "Взрыв в Харькове: погибли двое",
        ),
        ("Trump meets Tusk", "Трамп зустрівся з Туском", "Трамп встретился с Туском"),
    ],
)
def test_three_languages_say_the_same_where_the_lexicon_knows_the_words(titles):
    said = [marks_of(title) for title in titles]
    common = [{*one.words, *one.skeletons.values()} for one in said]
    assert len(set.intersection(*common)) >= 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Горбенко", "Horbenko"),
        ("Зеленського", "Zelenskyy"),
        ("Макроном", "Macron"),
        ("Савчук", "Savchuk"),
        ("Ромеро", "Romero"),
    ],
)
def test_names_meet_in_both_alphabets(one, other):
    mine, theirs = (set(marks_of(f"The {name}").skeletons.values()) for name in (one, other))
    assert mine == theirs
    assert mine


@pytest.mark.parametrize(
    ("written", "marks"),
    [
        ("1,200", {"#1200"}),
        ("1 200", {"#1200"}),
        ("1.5", {"#1.5"}),
        ("1,5", {"#1.5"}),
        ("007", {"#7"}),
        ("$50,000", {"#50000"}),
        ("twelve", {"#12"}),
        ("семеро", {"#7"}),
    ],
)
def test_numbers_are_the_same_however_they_are_written(written, marks):
    assert marks_of(written).words == marks


def test_in_title_case_a_capital_says_nothing():
    marks = marks_of("Russian Missiles Hit Vinnytsia, Killing Five")
    assert marks.names == {"=RUSSIA"}
    assert "vinits" in marks.capitals
    assert marks_of("Missiles hit Vinnytsia, killing five").names == {"vinits"}


def test_us_is_a_country_and_no_pronoun():
    assert "=USA" in marks_of("Germany and US sign deal").words
    assert "=USA" in marks_of("U.S. signs deal").words
    assert marks_of("with us in").words == frozenset()


@pytest.mark.parametrize(
    ("title", "said", "language"),
    [
        ("Її запитали", "ru", "uk"),
        ("Объявили", "uk", "ru"),
        ("Макрон в Киеве", "", "cyrillic"),
        ("Макрон в Киеве", "ru-RU", "ru"),
        ("Macron in Kyiv", "uk", "latin"),
        ("Macron in Kyiv", "en-GB", "en"),
        ("", "", "latin"),
    ],
)
def test_letters_tell_the_language_before_the_feed_does(title, said, language):
    assert marks_of(title, language=said).language == language


def test_marks_are_shown_as_the_title_writes_them():
    title = "Blast in Kyiv: Zelensky says two killed - BBC News"
    marks = marks_of(title)
    assert spelled(title, marks.words) == ["Blast", "Kyiv", "Zelensky", "two", "killed"]
    assert spelled(title, frozenset({"~zlnsk", "#2"})) == ["Zelensky", "two"]


@pytest.mark.parametrize(
    "title",
    [
        "",
        " ",
        "…",
        "\x00\x1b[31m\u202e",
        "🙂" * 300,
        "a" * 100_000,
        "' ' '",
        "½ ² ٣",
        "-" * 300,
        "北京 " * 200,
        "\ud800 lone",
        "the of and",
    ],
)
def test_hostile_titles_are_bounded(title):
    marks = marks_of(title)
    assert len(marks.words) <= MOST_WORDS
    assert all(0 < len(mark) <= LONGEST_MARK for mark in [*marks.words, *marks.skeletons.values()])


@given(st.text(max_size=400), st.text(max_size=30), st.text(max_size=8))
def test_any_text_has_marks(title, outlet, language):
    marks = marks_of(title, outlet=outlet, language=language)
    assert marks.names <= marks.words
    assert marks.capitals <= marks.words
    assert set(marks.skeletons) <= marks.words
    assert len(spelled(title, marks.words, outlet=outlet)) == len(marks.words)
