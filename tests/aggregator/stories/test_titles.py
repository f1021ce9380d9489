"""What a title says without its outlet, its labels and its punctuation."""

import pytest

from aggregator.stories.titles import body_of, is_live, title_key


@pytest.mark.parametrize(
    ("title", "outlet", "body"),
    [
        ("Zelensky meets Macron - BBC News", "", "Zelensky meets Macron"),
        ("Zelensky meets Macron | The Fjord Journal", "", "Zelensky meets Macron"),
        ("Вибух у Києві — Українська правда", "pravda.com.ua", "Вибух у Києві"),
        ("Blast in Kyiv - Fjordposten", "fjordposten.no", "Blast in Kyiv"),
        ("Blast in Kyiv - Fjordposten", "other.no", "Blast in Kyiv - Fjordposten"),
        ("Вибух у Києві — є загиблі", "", "Вибух у Києві — є загиблі"),
        ("UPDATED: Blast in Kyiv (photos)", "", "Blast in Kyiv"),
        ("Оновлено: Вибух у Києві [відео]", "", "Вибух у Києві"),
        ("[VIDEO] Blast in Kyiv", "", "Blast in Kyiv"),
        ("Live music returns to Lviv", "", "Live music returns to Lviv"),
        ("Fire - again - Reuters", "", "Fire - again"),
        ("- Reuters", "", "- Reuters"),
        ("", "", ""),
    ],
)
def test_outlets_and_labels_are_no_part_of_what_a_title_says(title, outlet, body):
    assert body_of(title, outlet=outlet) == body


def test_equal_titles_have_equal_keys_whatever_stands_around_them():
    titles = (
        "Blast in Kyiv kills two - Reuters",
        "BLAST IN KYIV KILLS TWO",
        "Updated: Blast in Kyiv kills two!",
        "«Blast in Kyiv kills two» | Kyiv Daily",
    )
    assert len({title_key(title) for title in titles}) == 1
    assert title_key(titles[0]) not in {"", title_key("Blast in Kyiv kills three")}


@pytest.mark.parametrize("title", ["News of the", "…", "", "Reuters - Reuters"])
def test_titles_of_few_words_have_no_key(title):
    assert title_key(title) == ""


@pytest.mark.parametrize(
    ("title", "live"),
    [
        ("Ukraine war live: drones over Odesa", True),
        ("Live updates: election night", True),
        ("Війна, день 1000: текстова трансляція", True),
        ("Alive and well after a week at sea", False),
        ("Deliver us", False),
    ],
)
def test_live_pages_are_known_by_their_titles(title, live):
    assert is_live(title) is live
