"""The site in Ukrainian and Russian: no English word of ours, dates and plurals right."""

from datetime import UTC, datetime

import pytest
import time_machine
from babel.messages import pofile
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from lxml import html

from aggregator.models import Feed
from blog.models import NavLink, Page, SiteSettings
from newsandtimes.tasks import send_password_reset, tell_of_feeds
from newsletter.models import Digest, Subscriber
from newsletter.subscribing.confirmation import send_confirmation
from newsletter.tokens import make_confirmation, make_subscription
from tests.factories import (
    make_author,
    make_category,
    make_collection,
    make_editor,
    make_feed,
    make_headline,
    make_image,
    make_pick,
    make_post,
    make_subscriber,
)
from tests.newsandtimes.leaking import addresses, make_rows, path_for
from tests.newsandtimes.who_may import NOBODY, OWN_TESTS, WHO_MAY
from tests.newsandtimes.words_on_pages import latin_words, words_on

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FEEDS = {"RSS", "Atom", "JSON", "Feed"}
NETWORKS = {"Bluesky", "Facebook", "LinkedIn", "Reddit", "Telegram", "WhatsApp"}
NAMES = FEEDS | NETWORKS | {"Kyiv"}
"""What is written in Latin letters in every language."""
SEARCH = {"Search"}
"""The glass in lists of the stock admin is called so in every language."""
GROUPS = {"Contributor", "Author", "Editor", "Administrator"}
"""Groups may be renamed, so their own list shows their names as they are stored."""


@pytest.fixture(params=["uk", "ru"])
def site(request):
    """A publication whose every own word is Cyrillic, so that a Latin one is ours."""
    with time_machine.travel(NOW, tick=False):
        yield make_site(language=request.param)


def make_site(*, language):
    site = SiteSettings.objects.create(
        title="Огляд",
        tagline="Щодня",
        publisher="Видавець",
        language=language,
        time_zone="Europe/Kyiv",
        posts_per_page=1,
    )
    NavLink.objects.create(label="Добірка", target="/dobirka/")
    return site


@pytest.fixture
def paths(site):
    """Each kind of page that readers get, by its path."""
    own = {"category": make_category(name="Світ", slug="svit"), "language": site.language}
    author = make_author(name="Леся", slug="lesya")
    for number in range(2):
        post = make_post(
            title=f"Мир {number}",
            slug=f"myr-{number}",
            body="<h2>Далі</h2><p>Текст.</p>",
            image=make_image(alt="Поле", caption="Поле"),
            published_at=datetime(2026, 11, 24, 10 + number, tzinfo=UTC),
            authors=[author],
            tags=["мир"],
            **own,
        )
    make_post(title="Only English", body="<p>Words</p>", **own | {"language": "en"})
    Page.objects.create(
        title="Про нас",
        slug="pro-nas",
        body="<p>Ми.</p>",
        status="published",
        language=site.language,
    )
    feed = make_feed(title="Видання")
    picks = make_collection(title="Добірка", slug="dobirka")
    headline = make_headline(title="Подія", summary="Сталося.", feed=feed, language=site.language)
    make_pick(headline=headline, collection=picks)
    make_pick(
        headline=make_headline(title="Foreign news", summary="", feed=feed, language="en"),
        collection=picks,
    )
    return [
        "/",
        "/page/2/",
        "/2026/11/24/myr-0/",
        "/category/svit/",
        post.tags.get().get_absolute_url(),
        "/author/lesya/",
        "/archive/",
        "/2026/",
        "/2026/11/",
        "/2026/11/24/",
        "/corrections/",
        "/pro-nas/",
        "/dobirka/",
        "/search/",
        "/search/?q=мир",
        "/search/?q=немає",
        "/nowhere/",
        "/subscribe/",
        "/subscribe/check-your-inbox/",
        "/subscribe/confirm/nothing/",
        "/admin/login/",
        "/admin/password_reset/done/",
    ]


def test_readers_meet_no_english_word(client, site, paths):
    met = {path: words_at(client, path) for path in paths}
    assert {path: words for path, words in met.items() if words - NAMES} == {}


def test_who_forgot_the_password_meets_no_english_word(client, site):
    """But “email”, which Django's Ukrainian has taken over."""
    assert words_at(client, "/admin/password_reset/") <= {"email", "Email"}


def words_at(client, path):
    return latin_words(words_on(client.get(path, follow=True).content))


def test_outlets_fetched_by_us_read_of_it_in_the_sites_language(client, site):
    headers = {"ETag", "Last", "Modified", "Cache", "Control", "Expires", "ttl", "Retry", "After"}
    assert words_at(client, "/about/fetcher") == headers | FEEDS


@pytest.mark.parametrize("state", Subscriber.State)
def test_subscribers_meet_no_english_word(client, site, state):
    reader = make_subscriber(state=state)
    for token_path in (
        f"/subscribe/confirm/{make_confirmation(reader.key, now=NOW)}/",
        f"/subscription/{make_subscription(reader.key)}/",
    ):
        assert words_at(client, token_path) - FEEDS == set()


def test_mail_has_no_english_word(client, site):
    reader = make_subscriber(state=Subscriber.State.PENDING)
    send_confirmation(reader.pk, message_id="<1@example.org>", now=NOW)
    make_editor(username="леся", email="editor@example.org", password="довгий-пароль-2026")
    send_password_reset.call("editor@example.org")
    for health, told in ((Feed.Health.FAILING, Feed.Health.OK), (Feed.Health.OK, Feed.Health.GONE)):
        make_feed(title="Видання", health=health, told_health=told, health_since=NOW)
    with time_machine.travel(NOW.replace(hour=5, minute=7), tick=False):
        assert tell_of_feeds.enqueue().return_value == 1
    assert len(mail.outbox) == 3
    for message in mail.outbox:
        parts = [message.subject, message.body]
        parts += [
            " ".join(words_on(part.content.encode()))
            for part in getattr(message, "alternatives", [])
        ]
        assert latin_words(parts) <= {"testserver"}  # the site's host


@pytest.mark.long
def test_the_newsroom_shows_no_message_in_english(client, site):
    """Its rows are English here, so it is asked for whole messages, not for single words."""
    with translation.override(site.language):
        foreign = {m for m in messages(site.language) if gettext(m) != m}
    assert len(foreign) > 800
    Digest.objects.all().delete()  # made before the site spoke its language
    rows = make_rows()
    client.force_login(make_editor(username="леся"))
    pages = 0
    for name, route in addresses():
        if WHO_MAY.get(name, (NOBODY,))[0] in {NOBODY, OWN_TESTS}:
            continue
        path = path_for(name, route, rows)
        response = client.get(path)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        pages += 1
        texts = {text.rstrip(":") for text in words_on(response.content.strip() or b"<p>")}
        known = SEARCH | GROUPS if path == reverse("admin:auth_group_changelist") else SEARCH
        assert texts & foreign <= known, path
    assert pages > 80


def messages(language):
    """Our English messages that stand on pages as they are."""
    path = settings.BASE_DIR / f"newsandtimes/locale/{language}/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        entries = [m for m in pofile.read_po(file) if m.id and not m.context]
    return {m.id for m in entries if not m.pluralizable and "%" not in m.id}


@pytest.mark.parametrize(
    ("language", "day", "moment", "month"),
    [
        ("uk", "25 листопада 2026 р.", "25 листопада 2026 р. 14:00", "Листопад 2026"),
        ("ru", "25 ноября 2026 г.", "25 ноября 2026 г. 14:00", "Ноябрь 2026 г."),
    ],
)
def test_dates_are_those_of_the_language(language, day, moment, month):
    with translation.override(language), timezone.override("Europe/Kyiv"):
        local = timezone.localtime(NOW)
        assert date_format(local, "DATE_FORMAT") == day
        assert date_format(local, "DATETIME_FORMAT") == moment
        assert date_format(local, "YEAR_MONTH_FORMAT") == month


@pytest.mark.parametrize(
    ("language", "posts"),
    [
        ("uk", ["1 допис", "2 дописи", "5 дописів", "11 дописів", "21 допис", "0 дописів"]),
        (
            "ru",
            [
                "1 публикация",
                "2 публикации",
                "5 публикаций",
                "11 публикаций",
                "21 публикация",
                "0 публикаций",
            ],
        ),
    ],
)
def test_plurals_are_those_of_the_language(language, posts):
    with translation.override(language):
        said = [
            ngettext("%(count)s post", "%(count)s posts", count) % {"count": count}
            for count in (1, 2, 5, 11, 21, 0)
        ]
    assert said == posts


def test_words_in_another_language_are_marked_so(client, site, paths):
    page = html.fromstring(client.get("/dobirka/").content.decode())
    [marked] = page.xpath("//*[contains(., 'Foreign news') and @lang='en']")
    assert marked.text_content().strip() == "Foreign news"
    page = html.fromstring(client.get("/2026/01/01/only-english/").content.decode())
    assert page.get("lang") == site.language
    [heading] = page.xpath("//h1")
    assert heading.get("lang") == "en" or heading.xpath("ancestor::*/@lang")[-1] == "en"
