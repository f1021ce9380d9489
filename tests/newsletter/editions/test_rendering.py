"""The mail itself: what it says, what it never holds, how large it is."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from blog.models import Correction, SiteSettings
from newsletter.editions.collecting import collect
from newsletter.editions.rendering import MOST_HTML_BYTES, render
from newsletter.models import Edition, EditionItem
from tests.factories import (
    make_author,
    make_collection,
    make_digest,
    make_edition,
    make_headline,
    make_post,
)
from tests.newsletter.editions.test_collecting import (
    DUE,
    HOUR,
    START,
    make_open,
    new_pick,
    new_post,
)

pytestmark = pytest.mark.django_db

State = Edition.State
MARK = "0123456789abcdef" * 2
LANGUAGES = ("en", "uk", "ru")
OWN = f"http://testserver/subscription/{MARK}/"


class Anatomy(HTMLParser):
    """What a mail program meets in a mail: elements, attributes, addresses."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.links, self.attributes, self.languages = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        for name, value in attrs:
            self.attributes.append((tag, name))
            if name in {"href", "src", "background", "action", "poster", "srcset", "data"}:
                self.links.append(value)
            if name == "lang":
                self.languages.append((tag, value))


@pytest.fixture
def site():
    site = SiteSettings(
        title="The Review",
        publisher="The Publisher",
        publisher_address="Reitarska 14\nKyiv",
        time_zone="Europe/Kyiv",
    )
    site.save()
    return site


def make_digest_of_everything():
    """Return a digest's edition with a post, an opinion, articles, a correction, a withdrawal."""
    collection = make_collection(title="Selected Articles")
    digest = make_digest(title="The daily review")
    digest.collections.add(collection)
    edition = make_open(digest, intro="Good <morning>.\n\nAnd a second paragraph.")
    new_post(
        "Tom & Jerry <b>",
        authors=[make_author(name="Olena")],
        body='<p>Text.</p><p><img src="/media/a.png" alt=""></p>',
        at=START + 2 * HOUR,
    )
    new_post("Мир", language="uk", kind="opinion", body="", at=START + HOUR)
    headline = make_headline(
        title="A headline",
        language="ru",
        url="https://outlet.example/a?utm_source=feed&x=1",
        image_url="https://outlet.example/pixel.gif",
        published_at=datetime(2026, 11, 23, 22, 30, tzinfo=UTC),
    )
    new_pick(collection, headline=headline, translated_title="Translated", note="A note.")
    last = Edition.objects.get(state=State.SENT)
    for title in ("Was wrong", "Was withdrawn"):
        post = make_post(title=title, published_at=START - timedelta(days=5))
        EditionItem.objects.create(
            edition=last,
            kind="post",
            key=f"post:{post.pk}",
            post=post,
            title=title,
            url="/",
            at=START,
        )
        if title == "Was wrong":
            Correction.objects.create(post=post, text="A name.", made_at=START + HOUR)
        else:
            type(post).objects.filter(pk=post.pk).update(
                status="withdrawn", updated_at=START + HOUR
            )
    return edition


def make_single(kind):
    post = make_post(
        title="Tom & Jerry <b>",
        published_at=START,
        standfirst="What leads into it.",
        body=(
            '<p>See <a href="/x/">this</a>, <a href="https://wsj.example/a">that</a>'
            '<sup><a href="#fn-1" id="fnref-1">1</a></sup>.</p>'
            '<figure><img src="/media/a.png" alt="A view"><figcaption>Words</figcaption></figure>'
            "<table><tbody><tr><td>1</td></tr></tbody></table>"
            '<ol><li id="fn-1"><p>A note. <a href="#fnref-1">↩</a></p></li></ol>'
        ),
    )
    return make_edition(kind=kind, post=post, state=State.OPEN, due_at=DUE, frozen_at=None)


def mail_of(edition, site, *, language="en"):
    collect(edition.pk, now=DUE)
    edition = Edition.objects.select_related("digest").get(pk=edition.pk)
    return render(edition, list(edition.items.all()), language=language, site=site, mark=MARK)


MAKERS = {
    "digest": make_digest_of_everything,
    "post": lambda: make_single("post"),
    "breaking": lambda: make_single("breaking"),
}


@pytest.fixture(params=[(kind, language) for kind in MAKERS for language in LANGUAGES])
def every_mail(request, site):
    """A mail of each kind in each language."""
    kind, language = request.param
    return mail_of(MAKERS[kind](), site, language=language)


def test_mail_loads_nothing_and_follows_nobody(every_mail):
    found = Anatomy(every_mail.html)
    loading = set("img script link iframe object embed video audio source form input base".split())
    assert loading.isdisjoint(found.elements)
    loaded = {"src", "srcset", "background", "poster", "data", "action", "ping"}
    assert loaded.isdisjoint(name for _, name in found.attributes)
    assert not [name for _, name in found.attributes if name.startswith("on")]
    assert "url(" not in every_mail.html
    assert "@import" not in every_mail.html
    assert "@font-face" not in every_mail.html


def test_every_link_leads_where_readers_of_the_site_are_led(every_mail):
    links = Anatomy(every_mail.html).links
    outside = {link for link in links if not link.startswith("http://testserver")}
    assert outside <= {"https://outlet.example/a?utm_source=feed&x=1", "https://wsj.example/a"}
    with_token = {link for link in links if MARK in link}
    assert with_token == {OWN, f"{OWN}unsubscribe/"}
    assert set(re.findall(rf"\S*{MARK}\S*", every_mail.text)) == with_token


def test_mail_says_who_we_are_why_and_how_to_leave(every_mail):
    for text in (every_mail.text, every_mail.html):
        assert "The Review" in text
        assert "The Publisher" in text
        assert "Reitarska 14" in text
        assert text.count(f"{OWN}unsubscribe/") == 2
        assert f"{OWN}" in text
        first, last = text.index(f"{OWN}unsubscribe/"), text.rindex(f"{OWN}unsubscribe/")
        assert first < text.index("Jerry", text.index("<body") if "<body" in text else 0) < last


def test_html_is_a_whole_document_in_its_language(every_mail, request):
    language = request.node.callspec.params["every_mail"][1]
    html = every_mail.html
    assert html.startswith(f'<!DOCTYPE html><html lang="{language}" dir="ltr">')
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert 'style="' in html
    assert every_mail.html_bytes < 20_000


def test_text_has_no_markup(every_mail):
    assert not re.search(r"</?(?:p|a|div|table|li|sup)\b", every_mail.text)
    assert "&amp;" not in every_mail.text
    assert "&#" not in every_mail.text
    assert "\n\n\n" not in every_mail.text
    assert "Tom & Jerry <b>" in every_mail.text


def test_markup_in_words_is_words(every_mail):
    assert "Tom &amp; Jerry &lt;b&gt;" in every_mail.html
    assert "Jerry <b>" not in every_mail.html


def test_digest_reads_in_its_order(site):
    text = mail_of(make_digest_of_everything(), site).text
    words = [
        "The daily review, Nov. 24, 2026",
        "Good <morning>.",
        "Tom & Jerry <b>",
        "Olena · Nov. 23, 2026",
        "Мир",
        "SELECTED ARTICLES",
        "A headline\nTranslated\noutlet.example · Nov. 24, 2026",  # by the site's clock
        "A note.",
        "https://outlet.example/a?utm_source=feed&x=1",
        "CORRECTIONS",
        "Was wrong",
        "A name.",
        "Was withdrawn",
        "We have taken this back",
        "You get “The daily review” because you subscribed to The Review",
    ]
    places = [text.index(word) for word in words]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("language", "date"),
    [("en", "Nov. 24, 2026"), ("uk", "24 листопада 2026"), ("ru", "24 ноября 2026")],
)
def test_dates_are_absolute_in_the_readers_words(site, language, date):
    mail = mail_of(make_digest_of_everything(), site, language=language)
    assert date in mail.text
    assert date in mail.html
    assert "ago" not in mail.text


def test_language_of_an_item_is_marked_where_it_is_another(site):
    html = mail_of(make_digest_of_everything(), site, language="uk").html
    languages = Anatomy(html).languages
    assert ("html", "uk") in languages
    assert ("h2", "en") in languages  # the post in English
    assert ("a", "ru") in languages
    assert ("h2", "uk") not in languages


def test_subject_is_the_editors_or_the_first_titles(site):
    edition = make_digest_of_everything()
    assert mail_of(edition, site).subject == "Tom & Jerry <b> · Мир"
    Edition.objects.filter(pk=edition.pk).update(subject="Ours\r\nBcc: x@example.org")
    assert mail_of(edition, site).subject == "Ours Bcc: x@example.org"


def test_breaking_news_says_so_in_its_subject(site):
    assert mail_of(make_single("breaking"), site).subject == "Breaking: Tom & Jerry <b>"
    Edition.objects.all().delete()
    assert mail_of(make_single("post"), site).subject == "Tom & Jerry <b>"


def test_single_post_is_whole_without_its_pictures(site):
    mail = mail_of(make_single("post"), site)
    assert 'href="http://testserver/x/"' in mail.html
    assert "What leads into it." in mail.html
    assert "<td" in mail.html
    assert "Words" not in mail.html
    assert "A note." in mail.text
    assert "#fn" not in mail.html


def many_items(edition, number, **fields):
    fields = {
        "edition": edition,
        "kind": "pick",
        "collection_id": 1,
        "section": "Selected Articles",
        "outlet": "pravda.com.ua",
        "language": "uk",
        "at": START,
        "text": "За законопроєкт проголосували двісті п’ятдесят депутатів. " * 4,
    } | fields
    return [
        EditionItem(
            key=f"article:{n}",
            title=f"Рада ухвалила законопроєкт про відповідальність посадовців, частина {n}",
            url=f"https://www.pravda.com.ua/news/2026/11/24/{n}/a-slug-as-long-as-they-are/",
            **fields,
        )
        for n in range(number)
    ]


def test_mail_of_60_items_in_cyrillic_is_far_from_where_gmail_cuts(site):
    edition = make_open(make_digest(max_items=60))
    mail = render(edition, many_items(edition, 60), language="uk", site=site, mark=MARK)
    assert len(mail.item_keys) == 60
    assert mail.html_bytes < MOST_HTML_BYTES


def test_what_is_over_is_counted(site):
    edition = make_open(make_digest(max_items=5))
    mail = render(edition, many_items(edition, 12), language="en", site=site, mark=MARK)
    assert mail.item_keys == [f"article:{n}" for n in range(5)]
    assert mail.more == 7
    link = f"http://testserver{edition.get_absolute_url()}"
    assert f"7 more on the web: {link}" in mail.text
    assert "7 more on the web" in mail.html


def test_corrections_are_never_over(site):
    edition = make_open(make_digest(max_items=1))
    items = [*many_items(edition, 3), *many_items(edition, 1, kind="correction")]
    items[-1].key = "correction:1"
    mail = render(edition, items, language="en", site=site, mark=MARK)
    assert (mail.item_keys, mail.more) == (["article:0", "correction:1"], 2)


def test_mail_that_would_be_cut_holds_less(site):
    edition = make_open(make_digest(max_items=300))
    mail = render(edition, many_items(edition, 300), language="uk", site=site, mark=MARK)
    assert 0 < MOST_HTML_BYTES - mail.html_bytes < 5_000
    assert len(mail.item_keys) + mail.more == 300


def test_long_single_post_is_begun_and_linked(site):
    edition = make_single("post")
    type(edition.post).objects.update(body="<p>Слово за словом.</p>" * 5_000)
    mail = mail_of(edition, site)
    assert mail.html_bytes < MOST_HTML_BYTES
    assert "What leads into it." in mail.html
    assert f'href="http://testserver{edition.post.get_absolute_url()}"' in mail.html
